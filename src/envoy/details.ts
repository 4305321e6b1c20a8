/**
 * Response code details: what Envoy says about why a response is what it is. Never stable by contract, and still the best single field.
 * Sources: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/http/http_conn_man/response_code_details, the strings of the 1.40.0
 * binary, and `test/lab`, which provokes most of them. Parametrised ones are keyed by the part before the braces (`name{reason}`).
 */
export interface Detail {
  readonly side: 'client' | 'gateway' | 'between' | 'backend' | 'policy' | 'unknown' | 'none';
  /** Statuses seen with it; 0 = no response. Empty: any. */
  readonly statuses: readonly number[];
  readonly meaning: string;
}

const d = (side: Detail['side'], statuses: readonly number[], meaning: string): Detail => ({ side, statuses, meaning });

const core: Readonly<Record<string, Detail>> = {
  via_upstream: d('backend', [], 'the upstream sent this status; if it is another proxy, its own log says more'),
  direct_response: d(
    'gateway',
    [],
    'the route answers by itself; Gateway API controllers do so with 500 or 503 for an invalid backendRef or no endpoints',
  ),
  route_not_found: d('gateway', [404], 'no virtual host or route matches this host and path'),
  route_configuration_not_found: d('gateway', [404], 'the listener has no route configuration yet'),
  cluster_not_found: d(
    'gateway',
    [503, 500],
    'the route names a cluster that Envoy does not have (kgateway answers 500)',
  ),
  no_healthy_upstream: d('backend', [503], 'no host of the cluster may be picked'),
  maintenance_mode: d('policy', [503], 'the runtime switch upstream.maintenance_mode refused it'),
  drop_overload: d('policy', [503], 'drop_overloads dropped its share'),
  unconditional_drop_overload: d('policy', [503], 'drop_overloads drops everything'),
  overload: d('gateway', [503], "Envoy's overload manager refused it"),
  response_timeout: d(
    'backend',
    [504],
    'the route timeout ran out before the answer (older name: upstream_response_timeout)',
  ),
  upstream_per_try_timeout: d('backend', [504], 'a try took longer than the per-try timeout'),
  upstream_per_try_idle_timeout: d('backend', [504], 'a try was silent longer than the per-try idle timeout'),
  upstream_max_stream_duration_reached: d('policy', [504], "the cluster's max_stream_duration was reached"),
  max_duration_timeout: d('policy', [504, 408], 'the downstream max_stream_duration was reached'),
  duration_timeout: d('policy', [], "the connection's maximum duration was reached"),
  stream_idle_timeout: d(
    'unknown',
    [408, 504, 200],
    "no activity for the stream idle timeout: 408 the client's body, 504 the backend's answer, 200 a stalled response",
  ),
  request_overall_timeout: d('client', [408], 'the request took longer to arrive than request_timeout allows'),
  request_header_timeout: d('client', [408], "the request's headers came too slowly"),
  downstream_header_timeout: d('client', [408], "the request's headers came too slowly"),
  downstream_remote_disconnect: d('client', [0, 200], 'the previous hop closed the connection'),
  downstream_local_disconnect: d(
    'gateway',
    [0],
    "Envoy closed the client's connection; the reason is in the parentheses",
  ),
  forced_goaway: d(
    'gateway',
    [0],
    "Envoy closed the client's connection at once, requests in flight and all: a load-shed point under overload does so",
  ),
  request_payload_too_large: d('client', [413], "the body is larger than a buffering filter's limit"),
  response_payload_too_large: d('backend', [500], 'the response is larger than the buffer limit'),
  request_payload_exceeded_retry_buffer_limit: d('gateway', [507], 'the body is larger than the retry buffer'),
  missing_host_header: d('client', [400], 'no Host header'),
  missing_path_rejected: d('client', [404], 'no path'),
  invalid_path: d('client', [400], 'the path is invalid'),
  path_normalization_failed: d('client', [400], "the path can't be normalised"),
  absolute_path_rejected: d('client', [404], 'an absolute URL was not accepted'),
  low_version: d('client', [426], 'HTTP/1.0 without accept_http_10'),
  upgrade_failed: d('client', [403], 'the upgrade (WebSocket, CONNECT) is not allowed on this route'),
  websocket_handshake_unsuccessful: d('client', [403], 'the upgrade was refused'),
  filter_chain_not_found: d('gateway', [], 'no filter chain matches the SNI, address or port'),
  internal_redirect: d('none', [], 'the stream was replaced by an internal redirect'),
  early_connect_data: d('client', [400], 'data before CONNECT was answered'),
  rejecting_because_detection_failed: d('client', [403], 'the original client address could not be told'),
  filter_removed_required_request_headers: d('gateway', [500], 'a filter removed headers that the request needs'),
  filter_removed_required_response_headers: d('gateway', [502], 'a filter removed headers that the response needs'),
  filter_added_invalid_request_data: d('gateway', [500], 'a filter added invalid request data'),
  filter_added_invalid_response_data: d('gateway', [502], 'a filter added invalid response data'),
  admin_filter_response: d('none', [], "Envoy's admin interface answered"),
  request_headers_failed_strict_check: d('client', [400], 'an x-envoy-* request header is invalid'),
  upstream_reset_before_response_started: d(
    'unknown',
    [503, 502],
    'the upstream stream ended before an answer began; the reason is in the braces',
  ),
  upstream_reset_after_response_started: d(
    'backend',
    [200],
    'the response was cut off after it had begun; the reason is in the braces',
  ),
  dns_resolution_failure: d('between', [503], 'the dynamic forward proxy could not resolve the host'),
  'http2.remote_reset': d('client', [0, 200], 'the HTTP/2 client reset the stream'),
  'http2.remote_refuse': d('client', [0, 200], 'the HTTP/2 client refused the stream'),
  overload_error: d('gateway', [503], 'Envoy was overloaded in its codec'),
  codec_error: d('client', [400], 'the codec could not read the request'),
};

const policy = (meaning: string, ...statuses: number[]): Detail => d('policy', statuses, meaning);
const helper = (meaning: string, ...statuses: number[]): Detail => d('gateway', statuses, meaning);

/** Strings that filters set: a policy doing its job, or a helper service of the gateway that failed. */
const filters: Readonly<Record<string, Detail>> = {
  ext_authz_denied: policy('external authorization said no', 403, 401),
  ext_authz_unauthorized: policy('external authorization (network filter) said no'),
  ext_authz_error: helper('the external authorization service was down or slower than its timeout', 403, 503),
  ext_authz_invalid: helper('the external authorization service answered with invalid headers', 500),
  rbac_access_denied_matched_policy: policy('RBAC refused it; the policy is in the brackets', 403),
  rbac_access_denied: policy('RBAC refused it', 403),
  jwt_authn_access_denied: policy('the JWT is missing or not valid; the reason is in the braces', 401, 403),
  local_rate_limited: policy('the local rate limit refused it', 429),
  request_rate_limited: policy('the rate limit service refused it', 429),
  rate_limited_by_quota: policy('the rate limit quota refused it', 429),
  rate_limiter_error: helper('the rate limit service failed and failure_mode_deny is on', 500),
  fault_filter_abort: policy('the fault filter aborted it'),
  csrf_origin_mismatch: policy('CSRF: the origin is not allowed', 403),
  cors_response: policy('CORS preflight answered by the gateway', 200),
  client_not_allowed: policy("the API key's client is not allowed", 403),
  missing_api_key: policy('no API key', 401),
  unknown_api_key: policy('the API key is unknown', 401),
  no_credential_for_basic_auth: policy('no basic credentials', 401),
  invalid_scheme_for_basic_auth: policy('not the basic scheme', 401),
  invalid_format_for_basic_auth: policy('the basic credentials are malformed', 401),
  invalid_credential_for_basic_auth: policy('the basic credentials are wrong', 401),
  lua_response: policy('a Lua filter answered'),
  denied_by_admission_control: policy('admission control shed it', 503),
  reached_concurrency_limit: policy('adaptive concurrency shed it: the backend got slower', 503),
  ext_proc_error: helper('the external processor failed', 500),
  ext_proc_grpc_error: helper("the external processor's stream failed", 500),
  ext_proc_message_timeout: helper('the external processor did not answer in time', 504, 500),
  ext_proc_stream_error: helper("the external processor's stream broke", 500),
  ext_proc_local_response: d('policy', [], 'the external processor answered itself'),
  wasm_fail_stream: helper('a Wasm filter failed', 503),
  on_demand_cluster_missing: helper('on-demand discovery found no such cluster', 503),
  on_demand_cluster_timeout: helper('on-demand discovery of the cluster timed out', 503),
  sub_cluster_overflow: helper('too many sub-clusters of the dynamic forward proxy', 503),
  sub_cluster_warming_timeout: helper('a sub-cluster did not become ready', 503),
  dynamic_forward_proxy_pending_request_overflow: helper('too many requests wait for DNS', 503),
  cache_upstream_reset: helper("the cache filter's upstream reset"),
  health_check_failed: d('gateway', [503], 'the health-check filter says Envoy is failed or draining'),
  health_check_failed_no_cluster_found: d(
    'gateway',
    [503],
    'the health-check filter misses a cluster it was told to watch',
  ),
  health_check_failed_cluster_empty: d('gateway', [503], 'a watched cluster has no hosts'),
  health_check_failed_cluster_unhealthy: d('gateway', [503], 'too few hosts of a watched cluster are healthy'),
  health_check_ok: d('none', [200], 'a health check, answered by Envoy'),
  health_check_ok_cluster_healthy: d('none', [200], 'a health check, answered by Envoy'),
  'cache.response_from_cache_filter': d('none', [], 'served from the cache'),
  cached_response: d('none', [], 'served from the cache'),
  grpc_json_transcode_failure: d('client', [400], "the body can't be transcoded to gRPC"),
  early_grpc_json_transcode_failure: d('client', [400], "the body can't be transcoded to gRPC"),
  grpc_base_64_decode_failed: d('client', [400], 'the gRPC-Web body is no base64'),
  grpc_base_64_decode_failed_bad_size: d('client', [400], 'the gRPC-Web body has the wrong size'),
};

/** Why a stream to the upstream was reset: the reason inside `upstream_reset_before_response_started{...}` and its `after` twin. */
export const resetReasons: Readonly<Record<string, Detail>> = {
  remote_connection_failure: d(
    'unknown',
    [503],
    'the connection could not be made; what the transport said follows the bar',
  ),
  connection_failure: d(
    'unknown',
    [503],
    'the connection could not be made (older Envoys wrote this for every connect problem)',
  ),
  local_connection_failure: d('gateway', [503], 'Envoy itself gave up connecting'),
  connection_timeout: d(
    'between',
    [503],
    'connect_timeout ran out: no answer to the SYN, or a TLS handshake that never finished; the lines are identical',
  ),
  connection_termination: d('unknown', [503], 'the connection was closed by its other end with the request in flight'),
  remote_reset: d('backend', [503], 'the backend reset the stream'),
  remote_refused_stream_reset: d('backend', [503], 'the backend refused the stream and never processed it'),
  overflow: d('gateway', [503], 'a circuit breaker was open'),
  protocol_error: d('backend', [502], "the response broke HTTP's rules"),
  local_reset: d('gateway', [503], 'Envoy reset the stream'),
  local_refused_stream_reset: d('gateway', [503], 'Envoy refused the stream'),
  http1_premature_upstream_half_close: d('backend', [503], 'the backend closed before it had taken the body'),
  overload_manager: d('gateway', [503], "Envoy's overload manager reset it"),
  connect_error: d('backend', [503], 'the upstream refused the CONNECT'),
};

export const details: Readonly<Record<string, Detail>> = { ...core, ...filters };

/** Every known name, for telling a details field from its values. */
export const detailNames: ReadonlySet<string> = new Set([...Object.keys(details), 'upstream_response_timeout']);

/** What the parser of requests says: `http1.`, `http2.` and `http3.` strings, all the client's (DPE) but the HTTP/2 resets listed above. */
const codecPrefix = /^http[123]\./;

/** What is known of normalised details' name; names with a known prefix (`codec_error:...`, `oauth_...`, `http1....`) share an entry. */
export function detailOf(name: string): Detail | undefined {
  if (Object.hasOwn(details, name)) return details[name];
  if (codecPrefix.test(name)) return d('client', [400, 431], "the request broke HTTP's rules");
  const colon = name.indexOf(':');
  if (colon > 0) return detailOf(name.slice(0, colon));
  if (name.startsWith('oauth_')) return policy('the OAuth filter ended the request', 401);
  if (name.endsWith('_for_basic_auth')) return policy('basic authentication refused it', 401);
  if (name.startsWith('rbac_access_denied')) return filters['rbac_access_denied'];
  if (name.startsWith('ext_proc_')) return filters['ext_proc_error'];
  if (name.startsWith('health_check_failed')) return filters['health_check_failed'];
  if (name.startsWith('health_check_ok')) return filters['health_check_ok'];
  return undefined;
}
