import { envoyDefaults } from '../../envoy/timeouts.ts';
import { type Cause, high, low, medium, steps } from '../cause.ts';
import { bare, named } from '../facts.ts';
import { duration, range } from '../words.ts';

/** `UAEX` does not mean denied: the details tell a decision from an auth service that could not be asked. */
const denied: Cause = {
  code: 'ext-authz-denied',
  title: 'External authorization said no',
  side: 'policy',
  match: (f) =>
    named(f, 'ext_authz_denied', 'ext_authz_unauthorized') ? high(`a decision (details ${f.name})`) : undefined,
  next: steps({
    do: "Working as configured. If customers complain, read the auth service's own log for the reason; join on the request id.",
  }),
};

const authError: Cause = {
  code: 'ext-authz-error',
  title: 'The authorization service was down or too slow, and the gateway refused the request for it',
  side: 'gateway',
  match: (f) =>
    named(f, 'ext_authz_error', 'ext_authz_invalid')
      ? high(`details ${f.name}, after ${range(f.s.durationMin, f.s.durationMax)}`)
      : undefined,
  evidence(g) {
    if (g.durationMax === undefined || g.details.some((d) => d.name !== 'ext_authz_error')) return [];
    if (g.durationMax <= 5) return ['at once: the service could not be reached, or answered with an error itself'];
    const wait = `Envoy waits ${envoyDefaults.extAuthzTimeout} ms for a gRPC check by default, kgateway 2 s for an HTTP one`;
    return [`up to ${duration(g.durationMax)}: ${wait}`];
  },
  next: steps(
    {
      do: 'Is the auth service up, and how slow is it? It is on the path of every request.',
      run: 'kubectl get gatewayextensions -A && kubectl -n AUTH_NAMESPACE get pods -o wide',
    },
    {
      do: 'Make its outage look like one: the default status is 403, the same as a denial.',
      yaml: 'spec: {extAuth: {statusOnError: 503, grpcService: {requestTimeout: 500ms}}}  # GatewayExtension',
    },
    { do: 'Decide on purpose whether to fail open (extAuth.failOpen).' },
  ),
};

const authUndecided: Cause = {
  code: 'ext-authz-undecided',
  title: 'External authorization ended the request; whether it decided or could not be asked is not in this log',
  side: 'unknown',
  match: (f) =>
    bare(f, 'UAEX')
      ? low(f.s.replySize === 0 ? "UAEX with an empty body, as when the service can't be asked" : 'UAEX', {
          cannotTell:
            'a denial from an auth service that is down (both are 403 by default): log %RESPONSE_CODE_DETAILS% to know',
        })
      : undefined,
  next: steps({
    do: 'Log the response code details; set statusOnError: 503 in the GatewayExtension, so that an outage no longer looks like a denial.',
  }),
};

const accessDetails: ReadonlySet<string | undefined> = new Set([
  'rbac_access_denied_matched_policy',
  'rbac_access_denied',
  'jwt_authn_access_denied',
  'csrf_origin_mismatch',
  'client_not_allowed',
  'missing_api_key',
  'unknown_api_key',
  'cors_response',
]);

const access: Cause = {
  code: 'access-denied',
  title: 'An access rule of the gateway refused it (RBAC, JWT, API key, CSRF, OAuth)',
  side: 'policy',
  match(f) {
    const known =
      accessDetails.has(f.name) ||
      f.name?.startsWith('rbac_access_denied') ||
      f.name?.startsWith('oauth_') ||
      f.name?.endsWith('_for_basic_auth');
    return known && f.status >= 400 ? high(`details ${f.s.details}`) : undefined;
  },
  evidence: (g) => g.details.slice(0, 4).map((d) => `${d.count} x ${d.name}`),
  next: steps({
    do: 'Working as configured: the reason is in the details. A sudden rise is an expired key set (JWKS), a changed policy, or somebody trying doors.',
  }),
};

const rateLimited: Cause = {
  code: 'rate-limited',
  title: 'A rate limit refused it',
  side: 'policy',
  match: (f) =>
    named(f, 'local_rate_limited', 'request_rate_limited', 'rate_limited_by_quota') || bare(f, 'RL')
      ? high(f.name ? `details ${f.name}` : 'flag RL')
      : undefined,
  next: steps({
    do: 'Working as configured. One client or everybody? Compare the addresses of the samples; a local limit counts per Envoy pod, not per Gateway.',
  }),
};

const rateLimitError: Cause = {
  code: 'rate-limit-service-error',
  title: 'The rate limit service failed and the gateway refused the request for it',
  side: 'gateway',
  match: (f) =>
    named(f, 'rate_limiter_error') || bare(f, 'RLSE')
      ? high('the rate limit service could not be asked, and failure means deny')
      : undefined,
  next: steps({
    do: 'Bring the rate limit service back; decide on purpose whether to fail open (rateLimit.failOpen).',
    run: 'kubectl get gatewayextensions -A',
  }),
};

const fault: Cause = {
  code: 'fault-injected',
  title: 'Fault injection aborted it',
  side: 'policy',
  match: (f) => (named(f, 'fault_filter_abort') || bare(f, 'FI') ? high('the fault filter did it') : undefined),
  next: steps({
    do: 'Chaos as configured (or an x-envoy-fault-abort-request header): take it back when the experiment is over.',
  }),
};

const filterFailed: Cause = {
  code: 'filter-failed',
  title: 'A filter of the gateway, or a helper service it calls, failed',
  side: 'gateway',
  match(f) {
    if (!f.name) return undefined;
    const known = [
      'wasm_fail_stream',
      'on_demand_cluster_missing',
      'on_demand_cluster_timeout',
      'sub_cluster_overflow',
      'sub_cluster_warming_timeout',
      'dynamic_forward_proxy_pending_request_overflow',
      'cache_upstream_reset',
    ];
    const failed =
      known.includes(f.name) ||
      /^filter_(removed|added)_/.test(f.name) ||
      (f.name.startsWith('ext_proc_') && f.name !== 'ext_proc_local_response');
    return failed ? high(`details ${f.s.details}`) : undefined;
  },
  evidence: (g) => g.details.slice(0, 4).map((d) => `${d.count} x ${d.name}`),
  next: steps({
    do: 'The details name the filter: look at its service (ext_proc) or its code (Wasm, Lua), and at its failure mode.',
  }),
};

/** A filter answered on purpose: nothing failed, and the status is an error. */
const answered: Cause = {
  code: 'filter-answered',
  title: 'A filter of the gateway answered the request itself',
  side: 'policy',
  match: (f) =>
    f.status >= 400 && named(f, 'lua_response', 'ext_proc_local_response') ? medium(`details ${f.name}`) : undefined,
  next: steps({ do: 'Read the script or processor that answers: the status is its own.' }),
};

export const filters: readonly Cause[] = [
  denied,
  authError,
  authUndecided,
  access,
  rateLimited,
  rateLimitError,
  fault,
  filterFailed,
  answered,
];
