/**
 * Response flags of Envoy 1.40: all 30, in the order of Envoy's own list.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/observability/access_log/usage (RESPONSE_FLAGS), held against the
 * list that `ResponseFlagFilter` accepts in the 1.40.0 binary; statuses and readings as seen on a running Envoy (`test/lab`).
 *
 * The set is open: extensions register flags of their own (`REGISTER_CUSTOM_RESPONSE_FLAG`, envoy `source/common/stream_info/utility.h`),
 * so an unknown flag is carried through as it is and never dropped.
 */
export interface ResponseFlag {
  readonly long: string;
  readonly meaning: string;
  /** Whose fault it usually is; where the flag alone can't tell, `unknown`, and `check` says what splits it. */
  readonly side: 'client' | 'gateway' | 'between' | 'backend' | 'policy' | 'unknown' | 'none';
  /** Statuses it usually comes with; 0 = no response was sent. Empty: any, or a connection without a response. */
  readonly statuses: readonly number[];
  readonly check: string;
}

const flag = (
  long: string,
  side: ResponseFlag['side'],
  statuses: readonly number[],
  meaning: string,
  check: string,
): ResponseFlag => ({ long, side, statuses, meaning, check });

export const responseFlags: Readonly<Record<string, ResponseFlag>> = {
  LH: flag(
    'FailedLocalHealthCheck',
    'gateway',
    [503],
    'the health-check filter answers while Envoy is failed or draining',
    "a rollout in progress? preStop sleep against the load balancer's deregistration delay",
  ),
  UH: flag(
    'NoHealthyUpstream',
    'backend',
    [503],
    'the cluster has no host that may be picked: no endpoints, all failing health checks, or all ejected',
    'ready pods and EndpointSlices, readiness probe, health-check path, outlier ejections',
  ),
  UT: flag(
    'UpstreamRequestTimeout',
    'backend',
    [504],
    'the route timeout, per-try timeout or per-try idle timeout ran out',
    "duration against the configured timeout; is Envoy's default of 15 s intended?",
  ),
  LR: flag(
    'LocalReset',
    'gateway',
    [503],
    'Envoy reset the stream itself',
    'the details: http1_premature_upstream_half_close is a backend that closed before taking the body',
  ),
  UR: flag(
    'UpstreamRemoteReset',
    'backend',
    [503, 200],
    'the backend reset the stream (HTTP/2 RST_STREAM or HTTP/3)',
    'remote_refused_stream_reset was never processed and is safe to retry; backend stream limits, GOAWAY',
  ),
  UF: flag(
    'UpstreamConnectionFailure',
    'unknown',
    [503],
    'no connection to the backend could be made: refused, timed out, unreachable or TLS',
    'upstream_transport_failure_reason or the details: refused is the backend, a timeout or no route is in between',
  ),
  UC: flag(
    'UpstreamConnectionTermination',
    'unknown',
    [503, 200],
    'the connection was closed by its other end with the request in flight',
    'age of the upstream connection: reused and about 0 ms is a keep-alive race; fresh is a crash; a fixed duration is a time limit in the backend',
  ),
  UO: flag(
    'UpstreamOverflow',
    'gateway',
    [503],
    'a circuit breaker refused it (connections, pending, requests or retries)',
    'the details: overflow, or via_upstream when only the retry was refused; Envoy allows 3 concurrent retries a cluster by default',
  ),
  NR: flag(
    'NoRouteFound',
    'gateway',
    [404],
    'no virtual host or route matched (in listener logs: no filter chain)',
    'Host and path against the HTTPRoutes; are they Accepted and ResolvedRefs?',
  ),
  DI: flag(
    'DelayInjected',
    'none',
    [],
    'the fault filter delayed the request, which then went on',
    'fault injection configuration',
  ),
  FI: flag(
    'FaultInjected',
    'policy',
    [],
    'the fault filter aborted the request',
    'fault injection configuration, x-envoy-fault-* headers',
  ),
  RL: flag(
    'RateLimited',
    'policy',
    [429],
    'a local or global rate limit refused it',
    'which descriptor and which client',
  ),
  UAEX: flag(
    'UnauthorizedExternalService',
    'unknown',
    [403, 401],
    'the external authorization check ended the request: it decided so, or it could not be asked',
    'the details: ext_authz_denied is a decision, ext_authz_error is the auth service down or slower than its timeout (200 ms by default)',
  ),
  RLSE: flag(
    'RateLimitServiceError',
    'gateway',
    [500],
    'the rate limit service failed and failure_mode_deny is on',
    "the rate limit service's cluster",
  ),
  DC: flag(
    'DownstreamConnectionTermination',
    'client',
    [0, 200],
    'the previous hop closed the connection first: a client, a load balancer, a CDN or a mesh',
    'durations: a spike at one value is the timeout of the hop before',
  ),
  URX: flag(
    'UpstreamRetryLimitExceeded',
    'unknown',
    [],
    'the retries were used up; never a cause by itself',
    'the other flag, or the details when the last answer was a response',
  ),
  SI: flag(
    'StreamIdleTimeout',
    'unknown',
    [408, 504, 200],
    "no activity for stream_idle_timeout (5 min by default) or the route's idle timeout",
    "status 408 is the client's body, 504 the backend's answer, 200 a response that stalled",
  ),
  IH: flag(
    'InvalidEnvoyRequestHeaders',
    'client',
    [400],
    'a strictly checked x-envoy-* request header is invalid',
    'the details name the header',
  ),
  DPE: flag(
    'DownstreamProtocolError',
    'client',
    [400, 426, 431],
    "the request broke HTTP's rules",
    'the details (http1.*, http2.*, low_version); TLS sent to a plain port, scanners',
  ),
  UMSDR: flag(
    'UpstreamMaxStreamDurationReached',
    'policy',
    [504],
    "the cluster's max_stream_duration was reached before the response",
    'commonHttpProtocolOptions.maxStreamDuration',
  ),
  RFCF: flag(
    'ResponseFromCacheFilter',
    'none',
    [200],
    "served from Envoy's cache; no backend was involved",
    'nothing: not a failure',
  ),
  NFCF: flag(
    'NoFilterConfigFound',
    'gateway',
    [500],
    "a filter's configuration was not delivered in time",
    'control plane, extension resource',
  ),
  DT: flag(
    'DurationTimeout',
    'policy',
    [0],
    'the maximum duration of the connection was reached',
    'connection rotation settings',
  ),
  UPE: flag(
    'UpstreamProtocolError',
    'backend',
    [502, 200],
    "the response broke HTTP's rules: garbage, too many or too large headers, a truncated body",
    "does that port speak HTTP at all? Envoy's debug log (upstream, http) names the rule",
  ),
  NC: flag(
    'NoClusterFound',
    'gateway',
    [503, 500],
    'the route names a cluster that Envoy does not have',
    'control plane lag, a deleted Service, a bad cluster_header',
  ),
  OM: flag(
    'OverloadManagerTerminated',
    'gateway',
    [0, 503],
    "Envoy's overload manager ended it",
    'envoy_overload_* and the memory limit',
  ),
  DF: flag(
    'DnsResolutionFailed',
    'between',
    [503],
    'the dynamic forward proxy could not resolve the host',
    "CoreDNS; the details carry the resolver's words",
  ),
  DO: flag(
    'DropOverload',
    'policy',
    [503],
    'drop_overloads dropped this share of traffic',
    "the control plane's EDS policy",
  ),
  DR: flag(
    'DownstreamRemoteReset',
    'client',
    [0, 200],
    'the HTTP/2 client reset the stream',
    'client cancellations and gRPC deadlines',
  ),
  UDO: flag('UnconditionalDropOverload', 'policy', [503], 'drop_overloads at 100 %', "the control plane's EDS policy"),
};

/** A flag's page, relative to the project; generated from this table. */
export const flagPage = (flag: string): string => `docs/flags/${flag}.md`;

/** Flags that alone are no failure: a delay was injected, or the cache answered. */
export const benignFlags: ReadonlySet<string> = new Set(
  Object.keys(responseFlags).filter((f) => responseFlags[f]?.side === 'none'),
);

const byLong = new Map(Object.entries(responseFlags).map(([short, f]) => [f.long.toLowerCase(), short]));

/**
 * A field's value as its flags, in the order they were raised: `-` and empty are none, long names (`%RESPONSE_FLAGS_LONG%`) become short
 * ones, unknown ones stay as they are.
 */
export function parseFlags(value: string): readonly string[] {
  if (value === '-' || value === '') return [];
  const flags: string[] = [];
  for (const part of value.split(/[,|;\s]+/)) {
    if (part !== '' && part !== '-') flags.push(byLong.get(part.toLowerCase()) ?? part);
  }
  return flags;
}

/**
 * The flag that names the cause. `URX` only says that retries were used up, and `UO` beside another flag only that the next retry was
 * refused, so either counts only when it stands alone (`UO,UF` and `URX,UF` are both a connect failure).
 */
export function primaryFlag(flags: readonly string[]): string {
  return flags.find((f) => f !== 'URX' && f !== 'UO') ?? flags.find((f) => f !== 'URX') ?? flags[0] ?? '-';
}
