/**
 * The access-log contract: every field vigia knows, once. The order is the order in which a decoded line is shown.
 *
 * `operator` is Envoy's (https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/observability/access_log/usage#command-operators).
 * `name` is the OTLP attribute: the OpenTelemetry semantic convention's where there is one
 * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/), else `envoy.` and the operator in snake case; a JSON file uses the
 * same name with dots as underscores. `aliases` are names seen in other people's formats; they are compared without case or punctuation,
 * so `responseCode`, `response_code` and `RESPONSE-CODE` are one spelling. `lost` is the question that can't be answered without the field.
 */
export interface Field {
  readonly name: string;
  readonly operator: string;
  readonly type: 'string' | 'number' | 'list' | 'time';
  readonly unit?: 'ms' | 'By';
  /** `personal`: a person or their device; `secret`: may carry credentials; `internal`: addresses and names inside the cluster. */
  readonly privacy: 'none' | 'internal' | 'personal' | 'secret';
  /** First Envoy minor that has the operator, where it is younger than 1.30 (the oldest one in a supported kgateway is 1.36). */
  readonly since?: string;
  readonly aliases: readonly string[];
  readonly lost?: string;
}

const field = <const F extends Field>(f: F): F => f;

export const fields = {
  time: field({ name: 'envoy.start_time', operator: '%START_TIME%', type: 'time', privacy: 'none', aliases: ['start_time', 'timestamp', 'time', '@timestamp', 'ts', 'date', 'start', 'request_time', 'log_time', 'event_time', 'timeUnixNano'], lost: 'when it started and stopped' }),
  method: field({ name: 'http.request.method', operator: '%REQ(:METHOD)%', type: 'string', privacy: 'none', aliases: ['method', 'request_method', 'verb', 'http_method', 'req_method', 'mthd', 'requestMethod'] }),
  path: field({ name: 'url.path', operator: '%PATH(NQ)%', type: 'string', privacy: 'secret', since: '1.34', aliases: ['path', 'x-envoy-origin-path', 'x-envoy-original-path', 'request_path', 'url', 'uri', 'uri_path', 'req_path', 'http_path', 'request_uri', 'pth', 'original_path', 'requestPath'] }),
  protocol: field({ name: 'network.protocol.name', operator: '%PROTOCOL%', type: 'string', privacy: 'none', aliases: ['protocol', 'http_version', 'proto', 'http_protocol', 'network.protocol.version', 'request_protocol', 'httpVersion'] }),
  authority: field({ name: 'server.address', operator: '%REQ(:AUTHORITY)%', type: 'string', privacy: 'none', aliases: [':authority', 'authority', 'host', 'vhost', 'domain', 'hostname_requested', 'request_host', 'http_host', 'server_name', 'auth', 'requestHost'] }),
  status: field({ name: 'http.response.status_code', operator: '%RESPONSE_CODE%', type: 'number', privacy: 'none', aliases: ['response_code', 'status', 'status_code', 'code', 'http_status', 'response_status', 'http_status_code', 'rc', 'resp_code', 'http.status_code', 'sc', 'http_code', 'statusCode'], lost: 'which requests failed' }),
  flags: field({ name: 'envoy.response_flags', operator: '%RESPONSE_FLAGS%', type: 'list', privacy: 'none', aliases: ['response_flags', 'flags', 'response_flag', 'rf', 'envoy_response_flags', 'resp_flags', 'responseFlags', 'response_flags_long', 'flag', 'response.flags'], lost: "who answered: the backend or Envoy itself" }),
  details: field({ name: 'envoy.response_code_details', operator: '%RESPONSE_CODE_DETAILS%', type: 'string', privacy: 'none', aliases: ['response_code_details', 'details', 'rcd', 'code_details', 'response_details', 'response_detail', 'responseCodeDetails'], lost: "a backend's own error, a configured answer, a filter and overload all look alike without it" }),
  terminationDetails: field({ name: 'envoy.connection_termination_details', operator: '%CONNECTION_TERMINATION_DETAILS%', type: 'string', privacy: 'none', aliases: ['connection_termination_details', 'termination_details', 'ctd'] }),
  transportFailure: field({ name: 'envoy.upstream_transport_failure_reason', operator: '%UPSTREAM_TRANSPORT_FAILURE_REASON%', type: 'string', privacy: 'internal', aliases: ['upstream_transport_failure_reason', 'transport_failure_reason', 'upstream_failure_reason', 'utfr', 'transport_failure'], lost: 'refused, unreachable or a TLS failure' }),
  duration: field({ name: 'envoy.duration_ms', operator: '%DURATION%', type: 'number', unit: 'ms', privacy: 'none', aliases: ['duration', 'duration_ms', 'total_time', 'request_duration_ms', 'latency', 'latency_ms', 'response_time', 'elapsed', 'elapsed_ms', 'dur', 'total_duration', 'durationMs', 'took', 'dur_ms'], lost: 'whether failures share one fixed duration, that is a timeout' }),
  requestDuration: field({ name: 'envoy.request_duration_ms', operator: '%REQUEST_DURATION%', type: 'number', unit: 'ms', privacy: 'none', aliases: ['request_duration', 'request_rx_duration'], lost: 'a slow upload against a slow backend' }),
  requestTxDuration: field({ name: 'envoy.request_tx_duration_ms', operator: '%REQUEST_TX_DURATION%', type: 'number', unit: 'ms', privacy: 'none', aliases: ['request_tx_duration', 'request_tx_duration_ms'] }),
  responseDuration: field({ name: 'envoy.response_duration_ms', operator: '%RESPONSE_DURATION%', type: 'number', unit: 'ms', privacy: 'none', aliases: ['response_duration', 'ttfb', 'ttfb_ms', 'time_to_first_byte', 'upstream_response_time'], lost: "the backend's time to its first byte" }),
  responseTxDuration: field({ name: 'envoy.response_tx_duration_ms', operator: '%RESPONSE_TX_DURATION%', type: 'number', unit: 'ms', privacy: 'none', aliases: ['response_tx_duration', 'response_tx_duration_ms'] }),
  poolReadyDuration: field({ name: 'envoy.upstream_connection_pool_ready_duration_ms', operator: '%UPSTREAM_CONNECTION_POOL_READY_DURATION%', type: 'number', unit: 'ms', privacy: 'none', since: '1.31', aliases: ['upstream_connection_pool_ready_duration', 'pool_ready_ms', 'connection_pool_ready_duration'] }),
  connectionAge: field({ name: 'envoy.upstream_connection_age_ms', operator: '%COMMON_DURATION(US_CX_END:US_TX_BEG:ms)%', type: 'number', unit: 'ms', privacy: 'none', since: '1.32', aliases: ['upstream_connection_age_ms', 'upstream_connection_age', 'connection_age', 'connection_age_ms', 'upstream_cx_age_ms', 'cx_age_ms', 'conn_age_ms'], lost: 'a keep-alive race against a backend that crashed: both are 503 UC' }),
  serviceTime: field({ name: 'envoy.upstream_service_time_ms', operator: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%', type: 'number', unit: 'ms', privacy: 'none', aliases: ['x-envoy-upstream-service-time', 'upstream_service_time', 'upstream_service_time_ms', 'upstream_time', 'service_time', 'ust', 'upstreamServiceTime'] }),
  attempts: field({ name: 'envoy.upstream_request_attempt_count', operator: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%', type: 'number', privacy: 'none', aliases: ['upstream_request_attempt_count', 'upstream_attempts', 'attempts', 'attempt_count', 'retry_attempts', 'request_attempt_count', 'att'], lost: 'requests that only a retry saved, and how often it tried' }),
  upstreamHost: field({ name: 'envoy.upstream_host', operator: '%UPSTREAM_HOST%', type: 'string', privacy: 'internal', aliases: ['upstream_host', 'upstream', 'upstream_addr', 'upstream_address', 'backend_host', 'uh', 'upstreamHost', 'upstream_remote_address', 'endpoint'], lost: 'whether one pod or one zone stands out' }),
  hostsAttempted: field({ name: 'envoy.upstream_hosts_attempted', operator: '%UPSTREAM_HOSTS_ATTEMPTED%', type: 'string', privacy: 'internal', since: '1.37', aliases: ['upstream_hosts_attempted', 'hosts_attempted'] }),
  cluster: field({ name: 'envoy.upstream_cluster', operator: '%UPSTREAM_CLUSTER%', type: 'string', privacy: 'none', aliases: ['upstream_cluster', 'cluster', 'upstream_cluster_raw', 'backend', 'upstream_service', 'uc', 'upstreamCluster', 'upstream_cluster_name', 'cluster_name'], lost: 'which backend' }),
  localAddress: field({ name: 'envoy.upstream_local_address', operator: '%UPSTREAM_LOCAL_ADDRESS%', type: 'string', privacy: 'internal', aliases: ['upstream_local_address', 'upstream_local'], lost: 'whether the request left the gateway at all' }),
  connectionId: field({ name: 'envoy.upstream_connection_id', operator: '%UPSTREAM_CONNECTION_ID%', type: 'number', privacy: 'none', since: '1.31', aliases: ['upstream_connection_id', 'upstream_cx_id'], lost: 'how long the connection had been idle before the failure' }),
  route: field({ name: 'envoy.route_name', operator: '%ROUTE_NAME%', type: 'string', privacy: 'none', aliases: ['route_name', 'route', 'http.route', 'rn', 'routeName', 'matched_route'], lost: 'which route' }),
  grpcStatus: field({ name: 'rpc.grpc.status_code', operator: '%GRPC_STATUS(CAMEL_STRING)%', type: 'string', privacy: 'none', aliases: ['grpc_status', 'grpc_status_number', 'grpc-status', 'grpc_code', 'envoy.grpc_status', 'grpcStatus'], lost: 'gRPC failures, which are HTTP 200' }),
  bytesReceived: field({ name: 'http.request.body.size', operator: '%BYTES_RECEIVED%', type: 'number', unit: 'By', privacy: 'none', aliases: ['bytes_received', 'bytes_in', 'request_size', 'req_bytes', 'request_bytes', 'rx_bytes', 'bytesReceived'] }),
  bytesSent: field({ name: 'http.response.body.size', operator: '%BYTES_SENT%', type: 'number', unit: 'By', privacy: 'none', aliases: ['bytes_sent', 'bytes_out', 'response_size', 'resp_bytes', 'response_bytes', 'tx_bytes', 'bytesSent', 'body_bytes_sent'] }),
  downstreamAddress: field({ name: 'client.address', operator: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', type: 'string', privacy: 'personal', aliases: ['downstream_remote_address', 'downstream_remote_address_without_port', 'downstream_remote', 'client_ip', 'remote_address', 'remote_addr', 'source_ip', 'client'] }),
  downstreamPeer: field({ name: 'network.peer.address', operator: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%', type: 'string', privacy: 'internal', aliases: ['downstream_direct_remote_address', 'peer_address', 'downstream_peer'], lost: 'which load-balancer node hung up' }),
  forwardedFor: field({ name: 'http.request.header.x-forwarded-for', operator: '%REQ(X-FORWARDED-FOR)%', type: 'string', privacy: 'personal', aliases: ['x_forwarded_for', 'xff', 'forwarded_for', 'x-forwarded-for'] }),
  userAgent: field({ name: 'user_agent.original', operator: '%REQ(USER-AGENT)%', type: 'string', privacy: 'personal', aliases: ['user_agent', 'user-agent', 'ua', 'agent', 'useragent', 'http_user_agent'], lost: "load-balancer health checks can't be set aside" }),
  requestId: field({ name: 'envoy.request_id', operator: '%REQ(X-REQUEST-ID)%', type: 'string', privacy: 'none', aliases: ['request_id', 'x_request_id', 'x-request-id', 'http.request.id', 'req_id', 'rid', 'requestId', 'stream_id'] }),
  traceId: field({ name: 'trace_id', operator: '%TRACE_ID%', type: 'string', privacy: 'none', since: '1.33', aliases: ['trace_id', 'traceid', 'trace'] }),
  amznTraceId: field({ name: 'aws.request.header.x-amzn-trace-id', operator: '%REQ(X-AMZN-TRACE-ID)%', type: 'string', privacy: 'none', aliases: ['x_amzn_trace_id', 'x-amzn-trace-id', 'amzn_trace_id', 'alb_trace_id'], lost: "joining the load balancer's own log" }),
  gateway: field({ name: 'service.name', operator: '', type: 'string', privacy: 'none', aliases: ['gateway', 'gateway_name', 'service_name'] }),
  pod: field({ name: 'k8s.pod.name', operator: '%HOSTNAME%', type: 'string', privacy: 'internal', aliases: ['pod', 'pod_name', 'hostname', 'node_name', 'proxy', 'envoy_pod'] }),
  logType: field({ name: 'envoy.access_log_type', operator: '%ACCESS_LOG_TYPE%', type: 'string', privacy: 'none', aliases: ['access_log_type', 'log_type'] }),
} as const;

/** The key of a field; the property of an AccessRecord has the same name. */
export type FieldId = keyof typeof fields;

export const fieldIds = Object.keys(fields) as readonly FieldId[];

/** A JSON file access log's key for the field: the OTLP name with everything but letters and digits as underscores. */
export function fileKey(id: FieldId): string {
  return fields[id].name.replace(/[^A-Za-z0-9]+/g, '_');
}
