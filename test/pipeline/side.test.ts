import { expect, test } from 'vitest';
import { detailOf, details, resetReasons } from '../../src/envoy/details.ts';
import { grpcStatuses } from '../../src/envoy/grpc-status.ts';
import { responseFlags } from '../../src/envoy/response-flags.ts';
import { type Form, formIs } from '../../src/generate/collector/facts.ts';
import { canHold } from '../../src/generate/collector/side.ts';
import type { AccessRecord } from '../../src/logs/record.ts';
import { signatureOf } from '../../src/logs/signature.ts';
import { sideRules } from '../../src/signals/side.ts';
import { judge } from '../../src/triage/judge.ts';
import type { Population } from '../../src/triage/population.ts';
import { evaluateSide, type Sent } from './evaluate-side.ts';

/** The record triage reads from the same fields. */
function recordOf(sent: Sent): AccessRecord {
  return {
    time: 0,
    route: 'r',
    cluster: 'c',
    status: sent.status,
    flags: sent.flags,
    details: sent.details === '-' ? null : (sent.details ?? null),
    transportFailure: sent.transport ?? null,
    grpcStatus: sent.grpc === undefined || sent.grpc === '-' ? null : sent.grpc,
    duration: sent.duration ?? null,
    connectionAge: sent.age ?? null,
    attempts: 1,
    upstreamHost: '10.0.0.1:80',
    localAddress: '10.0.0.2:1',
    method: 'GET',
    path: '/',
    userAgent: 'curl',
  };
}

/** A record judged by itself, in a format that carries every field. */
const alone: Population = { carries: () => true, youngest: () => undefined, spike: () => undefined };

/** Pairs that no Envoy writes: an overload flag beside another cause's details, a client that left beside what it was refused for. */
function plausible(flag: string | undefined, text: string): boolean {
  if (flag === 'OM') return /^(-|overload)/.test(text);
  if (flag === 'NFCF') return text === '-' || text === 'via_upstream';
  return !(
    flag === 'DC' &&
    detailOf(text.replace(/\[.*/, ''))?.side === 'client' &&
    !text.startsWith('downstream_remote')
  );
}

const transports = [
  undefined,
  'delayed_connect_error:_Connection_refused',
  'immediate_connect_error:_No_route_to_host',
  'delayed_connect_error:_Connection_reset_by_peer',
  'TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end',
  'TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end',
  'TLS_error:_Secret_is_not_supplied_by_SDS',
  'TLS_error:|33554536:system_library:OPENSSL_internal:Connection_reset_by_peer:TLS_error_end',
  'delayed_connect_error:_Connection_timed_out',
  'something_else',
];

/** Every details string of the tables with every status it comes with (and two it does not), every flag, and what the rules look at. */
function* records(): Generator<Sent> {
  const flagSets = ['-', ...Object.keys(responseFlags), 'URX,UF', 'UO,UF', 'URX,UO', 'DI,UF', 'UO,URX', 'XX'].map(
    (f) => (f === '-' ? [] : f.split(',')),
  );
  const names: [string | undefined, readonly number[]][] = [['-', [0, 101, 200, 404, 429, 500, 503]]];
  for (const [name, d] of Object.entries(details)) {
    const bases = name.startsWith('upstream_reset_')
      ? Object.keys(resetReasons).flatMap((r) => [`${name}{${r}}`, `${name}{${r}|${transports[1]}}`])
      : [name, `${name}[policy-1]`];
    for (const text of bases) names.push([text, [...new Set([...d.statuses, 0, 200, 404, 503])]]);
  }
  for (const [text, statuses] of names)
    for (const status of statuses)
      for (const flags of flagSets)
        for (const [duration, age] of [
          [1, 5000],
          [1, 2],
          [300, 5000],
          [30_000, undefined],
          [5, undefined],
        ] as const)
          for (const grpc of ['-', 'OK', 'Unavailable', 'NotFound'])
            if (plausible(flags[0], text ?? '-'))
              yield { status, flags, details: text, duration, ...(age === undefined ? {} : { age }), grpc };
  for (const transport of transports)
    for (const reason of ['remote_connection_failure', 'connection_failure', undefined])
      for (const inside of [true, false]) {
        const text = reason
          ? `upstream_reset_before_response_started{${reason}${inside && transport ? `|${transport}` : ''}}`
          : '-';
        yield {
          status: 503,
          flags: ['UF'],
          details: text,
          duration: 1,
          grpc: '-',
          ...(inside || !transport ? {} : { transport }),
        };
      }
  for (const grpc of grpcStatuses) yield { status: 200, flags: [], details: 'via_upstream', duration: 1, grpc };
}

test("the pipeline's side is triage's or unknown, on every combination of what the tables know", () => {
  const wrong = new Map<string, string>();
  let count = 0;
  let known = 0;
  let same = 0;
  for (const sent of records()) {
    const verdict = judge(signatureOf(recordOf(sent)), alone);
    const truth = verdict === undefined || verdict.kind === 'masked' ? 'none' : verdict.side;
    const side = evaluateSide(sent);
    count++;
    if (truth !== 'none' && truth !== 'unknown') known++;
    if (side === truth && truth !== 'none' && truth !== 'unknown') same++;
    if (side === truth || (side === 'unknown' && truth !== 'none')) continue;
    const { status, flags, details: text, duration, age, grpc } = sent;
    wrong.set(
      `${truth} (${verdict?.cause.code}), pipeline ${side}, flags ${flags.join(',') || '-'}`,
      `${status} ${text} grpc ${grpc} ${duration} ms, age ${age}`,
    );
  }
  expect([...wrong].map(([what, example]) => `${what}: ${example}`)).toEqual([]);
  expect(count).toBeGreaterThan(50_000);
  expect(same / known).toBeGreaterThan(0.9);
});

test("a rule that the Collector's group for a form of details lacks decides about no such record", () => {
  const forms = Object.keys(formIs) as Form[];
  const rules = Object.fromEntries(forms.map((form) => [form, sideRules.filter((rule) => canHold(rule, form))]));
  const formOf = (text: string): Form => {
    if (text === '-') return 'bare';
    return text.startsWith('upstream_reset_') ? 'reset' : 'named';
  };
  const wrong = new Set<string>();
  for (const sent of records()) {
    const [all, some] = [evaluateSide(sent), evaluateSide(sent, rules[formOf(sent.details ?? '-')])];
    if (all !== some) wrong.add(`${sent.details} ${sent.status} ${sent.flags.join(',')}: ${all}, in its group ${some}`);
  }
  expect([...wrong]).toEqual([]);
  for (const form of forms) expect(rules[form]?.length, form).toBeLessThan(sideRules.length * 0.8);
});
