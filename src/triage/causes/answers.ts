import { grpcClientCodes, grpcStatuses } from '../../envoy/grpc-status.ts';
import { type Cause, high, low, medium, steps } from '../cause.ts';
import type { Facts } from '../facts.ts';
import { count } from '../words.ts';

const fromBackend = (f: Facts): boolean =>
  f.name === 'via_upstream' || ((f.name === undefined || f.name === '') && (f.flag === '-' || f.flag === undefined));

/** A backend's own 4xx is its answer to the client's mistake, and said so; it counts only when asked for (`--status 4xx`). */
const backend4xx: Cause = {
  code: 'backend-4xx',
  title: "The backend refused the client's request (a 4xx of its own)",
  side: 'client',
  match(f) {
    if (!(f.status >= 400 && f.status < 500)) return undefined;
    if (f.name === 'via_upstream') return high(`details via_upstream, status ${f.status}`, { kind: 'aside' });
    if (!fromBackend(f)) return undefined;
    if (f.hop === 'connection' || f.hop === 'picked')
      return medium(`status ${f.status}, no flag, a host was picked`, { kind: 'aside' });
    return f.hop === 'unknown'
      ? low(`status ${f.status}; whether a backend was asked is not in this log`, { kind: 'aside' })
      : undefined;
  },
  evidence: (g) => g.statuses.slice(0, 5).map((s) => `${count(s.count)} x ${s.name}`),
  next: steps({
    do: "Usually the client's business. A sudden rise of 401/403 is an expired credential, of 404 a wrong deploy, of 429 the backend's own rate limit.",
  }),
};

const grpcName = (code: number | undefined): string =>
  code === undefined ? 'unknown' : `${grpcStatuses[code] ?? 'Unknown'} (${code})`;

const grpcBackend: Cause = {
  code: 'grpc-backend-error',
  title: 'The backend answered the gRPC call with an error; HTTP says 200',
  side: 'backend',
  match(f) {
    if (!f.grpc || f.status >= 400 || grpcClientCodes.has(f.grpc) || !fromBackend(f)) return undefined;
    return f.name === 'via_upstream'
      ? high(`grpc-status ${grpcName(f.grpc)} from the backend`)
      : medium(`grpc-status ${grpcName(f.grpc)}, no flag`);
  },
  next: steps({
    do: "The backend's own log has the error; no HTTP status metric shows these, so alert on the gRPC status.",
  }),
};

const grpcClient: Cause = {
  code: 'grpc-client-error',
  title: "The backend refused the gRPC call for the client's own mistake",
  side: 'client',
  match(f) {
    if (!f.grpc || f.status >= 400 || !grpcClientCodes.has(f.grpc) || !fromBackend(f)) return undefined;
    return f.name === 'via_upstream'
      ? high(`grpc-status ${grpcName(f.grpc)} from the backend`, { kind: 'aside' })
      : medium(`grpc-status ${grpcName(f.grpc)}, no flag`, { kind: 'aside' });
  },
  next: steps({ do: "The gRPC twin of a 4xx: usually the client's business." }),
};

const rescued: Cause = {
  code: 'rescued-by-retry',
  title: 'A try failed and the next one answered: the client noticed nothing but time',
  side: 'unknown',
  match: (f) =>
    f.attempts > 1 && f.status > 0 && f.status < 400 && f.flags.length === 0 && !f.grpc
      ? high(`${f.attempts} tries, answered ${f.status}`, { kind: 'masked' })
      : undefined,
  evidence: (g) => g.attempts.slice(0, 3).map((a) => `${count(a.count)} needed ${a.name} tries`),
  next: steps({
    do: "Retries hide a real fault, and cost the backend double: look at the same route's verdicts above, and at upstream_rq_retry in Envoy's statistics.",
  }),
};

const unflagged: Cause = {
  code: 'unflagged-failure',
  title: "Failed without a flag: the backend, a configured answer, a filter or overload; this log can't tell which",
  side: 'unknown',
  match(f) {
    if (f.name !== undefined && f.name !== '') return undefined;
    if (f.flag !== undefined && f.flag !== '-' && f.flag !== 'URX') return undefined;
    if (f.status < 500 && f.status !== 0) return undefined;
    const cannotTell =
      "the backend's own error from a configured answer, a filter's or overload: log %RESPONSE_CODE_DETAILS% to know";
    if (f.hop === 'none' || f.hop === 'cluster')
      return low(`${f.status} and no host was picked: the gateway answered itself`, { cannotTell });
    return low(`status ${f.status}, no flag`, { cannotTell });
  },
  next: steps({
    do: "Log the response code details: one word (via_upstream, direct_response, overload, a filter's name) settles it.",
    yaml: '# add to accessLog[].fileSink.jsonFormat\nenvoy_response_code_details: "%RESPONSE_CODE_DETAILS%"',
  }),
};

/** Carried through as it is; never guessed. */
const unknown: Cause = {
  code: 'unknown-signal',
  title: 'A flag or details string that vigia does not know',
  side: 'unknown',
  match(f) {
    if (Number.isNaN(f.status))
      return f.flags.length > 0 ? low(`flags ${f.s.flags}, and the line has no status code`) : undefined;
    // Nothing is left to explain when a WebSocket's end or a harmless answer of the gateway passed every other cause.
    if (f.status === 101 && f.flags.every((flag) => ['UC', 'DC', 'DR'].includes(flag))) return undefined;
    const odd = f.status >= 400 || f.status === 0 || f.flags.length > 0 || (f.grpc ?? 0) > 0;
    return odd
      ? low(`status ${f.status}, flags ${f.s.flags ?? 'not logged'}, details ${f.s.details ?? 'not logged'}`)
      : undefined;
  },
  next: steps({
    do: "Extensions register flags and strings of their own: look the name up in the extension's documentation.",
  }),
};

export const answers: readonly Cause[] = [backend4xx, grpcBackend, grpcClient, rescued];
export const leftovers: readonly Cause[] = [unflagged, unknown];
