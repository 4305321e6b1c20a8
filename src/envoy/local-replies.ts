/**
 * Body sizes (%BYTES_SENT%) of Envoy 1.40's own replies, seen on a running Envoy. Where a format has no details they are a hint at the
 * cause, never a proof: local_reply_config rewrites bodies, a backend may send as many bytes, and Envoys before 1.37 append the transport
 * failure reason to UF bodies. After retries the text is 23 bytes longer ("retried and the latest ...").
 */
export const localReplySizes: Readonly<Record<number, string>> = {
  95: 'connection_termination',
  98: 'remote_connection_failure',
  91: 'connection_timeout',
  81: 'overflow',
  16: 'overload or maintenance_mode',
  85: 'remote_reset',
  100: 'remote_refused_stream_reset',
  87: 'protocol_error',
  24: 'response_timeout',
  19: 'no_healthy_upstream or rbac_access_denied',
  36: 'upstream_max_stream_duration_reached',
  14: 'stream_idle_timeout',
  27: 'max_duration_timeout or unconditional_drop_overload',
  13: 'drop_overload',
  18: 'local_rate_limited or fault_filter_abort',
  22: 'dns_resolution_failure',
  17: 'request_payload_too_large',
  11: 'downstream protocol error',
  118: 'connection_termination, after retries',
  121: 'remote_connection_failure, after retries',
  114: 'connection_timeout, after retries',
  104: 'overflow, after retries',
  0: 'an empty local reply (ext_authz_error, no route, no cluster) or an empty body',
};
