import { details, resetReasons } from '../envoy/details.ts';
import { grpcClientCodes, grpcStatuses } from '../envoy/grpc-status.ts';
import { responseFlags } from '../envoy/response-flags.ts';

/** Whose fault, as the pipeline says it; the words of triage. */
export type Side = 'client' | 'gateway' | 'between' | 'backend' | 'policy' | 'unknown' | 'none';

/**
 * What a rule may look at. `key` is the details' name, or `reset{REASON` for `upstream_reset_before_response_started{REASON...}`; empty when
 * unset or not logged. `flag` is the primary flag among those that say something failed. Numbers that are not known match no range.
 */
export type Test =
  | { readonly key: readonly string[] }
  | { readonly keyMatches: string }
  | { readonly flag: readonly string[] }
  | { readonly raised: string }
  | { readonly transport: string }
  | { readonly transportKnown: boolean }
  | { readonly number: 'status' | 'duration' | 'age'; readonly from: number; readonly to: number }
  | { readonly grpc: readonly string[] };

/** The first rule whose tests all hold decides; a table is looked up by `key` and decides only if it has it. */
export type SideRule =
  | { readonly all: readonly Test[]; readonly side: Side }
  | { readonly all: readonly Test[]; readonly table: SideTable };

export type SideTable = 'always' | 'refused';

const key = (...names: string[]): Test => ({ key: names });
const keyMatches = (regex: string): Test => ({ keyMatches: regex });
const flag = (...names: string[]): Test => ({ flag: names });
const status = (from: number, to: number): Test => ({ number: 'status', from, to });
const say = (side: Side, ...all: Test[]): SideRule => ({ all, side });
const forever = Number.POSITIVE_INFINITY;

/** Only the flag speaks: details were unset or are not logged. */
const bare = (...flags: string[]): readonly Test[] => [key(''), flag(...flags)];

/** Names whose side depends on more than the name; the rules below have them. */
const conditional = new Set([
  ...['via_upstream', 'direct_response', 'stream_idle_timeout', 'downstream_remote_disconnect'],
  ...['upstream_reset_before_response_started', 'upstream_reset_after_response_started', 'filter_chain_not_found'],
]);

/** Answers of a filter that are no failure below status 400: a CORS preflight, a script's own page. */
const onlyRefusals = new Set([
  ...['rbac_access_denied', 'rbac_access_denied_matched_policy', 'jwt_authn_access_denied', 'csrf_origin_mismatch'],
  ...['client_not_allowed', 'missing_api_key', 'unknown_api_key', 'cors_response', 'lua_response'],
  ...['ext_proc_local_response', 'no_credential_for_basic_auth', 'invalid_scheme_for_basic_auth'],
  ...['invalid_format_for_basic_auth', 'invalid_credential_for_basic_auth'],
]);

const known = Object.entries(details).filter(([name, d]) => !conditional.has(name) && d.side !== 'none');

/** Details' names by side, from src/envoy/details.ts. `refused` holds only from status 400 on. */
export const sideTables: Readonly<Record<SideTable, Readonly<Record<string, Side>>>> = {
  always: Object.fromEntries([
    ...known.filter(([name]) => !onlyRefusals.has(name)).map(([name, d]) => [name, d.side]),
    ...Object.entries(resetReasons)
      .filter(([, d]) => d.side !== 'unknown' && d.side !== 'none')
      .map(([reason, d]) => [`reset{${reason}`, d.side]),
    ['filter_chain_not_found', 'gateway'],
    ['upstream_response_timeout', 'backend'],
    // Envoy's own spelling; the tables have the one that triage makes of it.
    ['reset{HTTP/1_premature_upstream_half_close', 'backend'],
  ]),
  refused: Object.fromEntries(known.filter(([name]) => onlyRefusals.has(name)).map(([name, d]) => [name, d.side])),
};

/** Flags that say by themselves whose fault it is, from src/envoy/response-flags.ts; `SI` needs the status, `DC` the duration. */
const flagsOf = (side: Side): string[] =>
  Object.keys(responseFlags).filter(
    (f) => responseFlags[f]?.side === side && !['SI', 'DC', 'UO', 'UPE', 'UR'].includes(f),
  );

const grpcClients = grpcStatuses.filter((_, code) => grpcClientCodes.has(code));
const grpcServers = grpcStatuses.filter((_, code) => code !== 0 && !grpcClientCodes.has(code));
const grpcFailed = [...grpcClients, ...grpcServers];

/** As triage has it (causes/termination.ts): a reset of an idle connection arrives within a round trip; younger than this it was not idle. */
const reusedMs = 950;
const soonMs = 100;

/** Below this no timer of a previous hop is looked for (triage/population.ts), so a client that left is a client that left. */
const spikeMs = 250;

/**
 * Whose fault a request was, from its own record. The same table as triage's causes, in their order; where triage also looks at all records
 * together, or at what a rule can't, the answer is `unknown`: coarser than triage's, never another. A test holds the two together.
 */
export const sideRules: readonly SideRule[] = [
  // Cut off after its status was sent; a WebSocket (101) just ends.
  say('none', keyMatches('^after\\{'), status(101, 102), flag('UC', 'DC', 'DR', '-')),
  say('unknown', keyMatches('^after\\{'), status(101, 102)),
  say('gateway', keyMatches('^after\\{(local_reset|overload_manager)')),
  say('backend', keyMatches('^after\\{')),
  say('backend', status(1, 101), flag('UC', 'UR', 'UPE', 'LR')),
  say('backend', status(102, 400), flag('UC', 'UR', 'UPE', 'LR'), { grpc: ['-', ''] }),
  // Flags that hold whatever the details say.
  say('gateway', flag('OM', 'NFCF')),
  { all: [], table: 'always' },
  { all: [status(400, forever)], table: 'refused' },
  // 503 UC: a keep-alive race, or a backend that closed; the age of the connection tells.
  ...terminated(key('reset{connection_termination')),
  ...terminated(key(''), flag('UC'), status(500, forever)),
  ...notConnected(key('reset{remote_connection_failure', 'reset{connection_failure')),
  ...notConnected(key(''), flag('UF')),
  say('unknown', key('reset{local_refused_stream_reset'), flag('UF')),
  // Breakers: with via_upstream only the retry was refused.
  say('backend', key('via_upstream'), { raised: 'UO' }, status(500, forever)),
  say('client', key('stream_idle_timeout'), status(408, 409)),
  say('backend', key('stream_idle_timeout'), status(504, 505)),
  say('unknown', key('stream_idle_timeout')),
  say('gateway', key('direct_response'), status(500, forever)),
  say('policy', key('direct_response'), status(400, 500)),
  say('policy', keyMatches('^(oauth_|rbac_access_denied)|_for_basic_auth$'), status(400, forever)),
  say('gateway', keyMatches('^(overload_error|health_check_failed|ext_proc_.*error|ext_proc_.*timeout)')),
  // Flags alone.
  say('client', key(''), flag('SI'), status(408, 409)),
  say('backend', key(''), flag('SI'), status(504, 505)),
  say('unknown', ...bare('SI', 'UO')),
  say('backend', ...bare('UPE', 'UR'), status(500, forever)),
  say('backend', ...bare('UR'), { grpc: ['OK', ...grpcFailed] }),
  ...(['backend', 'gateway', 'between', 'policy'] as const).map((side) => say(side, ...bare(...flagsOf(side)))),
  say('unknown', ...bare('UAEX')),
  // The backend's own answers.
  say('backend', key('via_upstream'), status(500, forever)),
  // The previous hop left: a client, or a load balancer that gave up after a fixed time, which only all records together show.
  ...left(key('downstream_remote_disconnect')),
  ...left(flag('DC'), status(0, 500)),
  say('client', key(''), flag('DR')),
  say('client', flag('DR'), status(0, 500)),
  say('client', keyMatches('^http[123]\\.|^codec_error|^grpc_base_64_decode_failed')),
  say('client', flag('DPE', 'IH')),
  say('client', key('via_upstream'), status(400, 500)),
  say('client', key('via_upstream'), status(0, 400), { grpc: grpcClients }),
  say('backend', key('via_upstream'), status(0, 400), { grpc: grpcServers }),
  // Nothing failed: a WebSocket that ended, a request that only a retry saved, an answer of the gateway below 400.
  say('none', status(101, 102), flag('UC', 'DC', 'DR')),
  say('none', status(1, 400), flag('-'), { grpc: ['-', '', 'OK'] }),
  say('unknown'),
];

function terminated(...all: Test[]): readonly SideRule[] {
  return [
    say('backend', ...all, { number: 'age', from: 0, to: reusedMs }),
    say('between', ...all, { number: 'age', from: reusedMs, to: forever }, { number: 'duration', from: 0, to: soonMs }),
    say('backend', ...all, { number: 'duration', from: soonMs + 1, to: forever }),
    say('unknown', ...all),
  ];
}

/** `503 UF`: what the transport said. The patterns are those of triage/causes/connect.ts. */
function notConnected(...all: Test[]): readonly SideRule[] {
  const said = (side: Side, transport: string): SideRule => say(side, ...all, { transport });
  return [
    said('backend', '(?i)connection[_ ]refused'),
    said('between', '(?i)no[_ ]route[_ ]to[_ ]host|network[_ ]is[_ ]unreachable|host[_ ]is[_ ]down'),
    said('between', '(?i)connection[_ ]reset[_ ]by[_ ]peer|broken[_ ]pipe'),
    said('gateway', 'WRONG_VERSION_NUMBER|HTTP_REQUEST|UNKNOWN_PROTOCOL'),
    said('between', 'CERTIFICATE_VERIFY_FAILED|verify_cert_failed'),
    said('gateway', '(?i)Secret[_ ]is[_ ]not[_ ]supplied[_ ]by[_ ]SDS'),
    said('between', '(?i)TLS[_ ]error'),
    said(
      'between',
      '(?i)^(connection[_ ]timed[_ ]out|connect[_ ]timeout)|connect[_ ]error:[_ ]connection[_ ]timed[_ ]out',
    ),
    say('between', ...all, key('reset{remote_connection_failure'), { transportKnown: false }),
    say('unknown', ...all),
  ];
}

function left(...all: Test[]): readonly SideRule[] {
  return [
    say('none', ...all, status(101, 102), { number: 'duration', from: 0, to: 29_000 }),
    say('unknown', ...all, status(101, 102)),
    // With its status sent, only the known timeouts of hops before are asked for, and the shortest of those is 29.5 s.
    say('client', ...all, status(1, forever), { number: 'duration', from: 0, to: 29_000 }),
    say('client', ...all, { number: 'duration', from: 0, to: spikeMs }),
    say('unknown', ...all),
  ];
}
