import { fieldIds, fields, fileKey } from '../../src/envoy/fields.ts';
import { type Json, type JsonObject, typed } from './json.ts';

/** The product's own format: every field of the contract that has an operator, under its file key. */
const vigia: JsonObject = Object.fromEntries(
  fieldIds.filter((id) => fields[id].operator !== '').map((id) => [fileKey(id), fields[id].operator]),
);

/** https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/observability/access_log/usage#default-format-string */
const envoyText =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" ' +
  '"%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"\n';

/** https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format */
const istioText =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" ' +
  '%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" ' +
  '"%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% ' +
  '%UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n';

/** The sample of https://kgateway.dev/docs/envoy/latest/security/access-logging/: neither details nor a route. */
const kgatewayJson: JsonObject = {
  start_time: '%START_TIME%',
  method: '%REQ(X-ENVOY-ORIGINAL-METHOD?:METHOD)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  protocol: '%PROTOCOL%',
  response_code: '%RESPONSE_CODE%',
  response_flags: '%RESPONSE_FLAGS%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
  total_duration: '%DURATION%',
  resp_backend_service_time: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  req_x_forwarded_for: '%REQ(X-FORWARDED-FOR)%',
  user_agent: '%REQ(USER-AGENT)%',
  request_id: '%REQ(X-REQUEST-ID)%',
  authority: '%REQ(:AUTHORITY)%',
  backendHost: '%UPSTREAM_HOST%',
  backendCluster: '%UPSTREAM_CLUSTER%',
};

/** https://gateway.envoyproxy.io/docs/tasks/observability/proxy-accesslog/#default-access-log */
const envoyGatewayJson: JsonObject = {
  start_time: '%START_TIME%',
  method: '%REQ(:METHOD)%',
  'x-envoy-origin-path': '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  protocol: '%PROTOCOL%',
  response_code: '%RESPONSE_CODE%',
  response_flags: '%RESPONSE_FLAGS%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
  duration: '%DURATION%',
  'x-envoy-upstream-service-time': '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  'x-forwarded-for': '%REQ(X-FORWARDED-FOR)%',
  'user-agent': '%REQ(USER-AGENT)%',
  'x-request-id': '%REQ(X-REQUEST-ID)%',
  ':authority': '%REQ(:AUTHORITY)%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_cluster: '%UPSTREAM_CLUSTER%',
  upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
  downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  requested_server_name: '%REQUESTED_SERVER_NAME%',
  route_name: '%ROUTE_NAME%',
};

/** A format people write themselves: camelCase, nested, with a literal beside the operators. */
const camelJson: JsonObject = {
  gatewayName: 'edge',
  startTime: '%START_TIME%',
  requestMethod: '%REQ(:METHOD)%',
  requestPath: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  requestHost: '%REQ(:AUTHORITY)%',
  httpVersion: '%PROTOCOL%',
  statusCode: '%RESPONSE_CODE%',
  responseFlags: '%RESPONSE_FLAGS%',
  responseCodeDetails: '%RESPONSE_CODE_DETAILS%',
  upstreamTransportFailureReason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  durationMs: '%DURATION%',
  upstreamServiceTime: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  upstreamHost: '%UPSTREAM_HOST%',
  upstreamCluster: '%UPSTREAM_CLUSTER%',
  routeName: '%ROUTE_NAME%',
  requestAttemptCount: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
  grpcStatus: '%GRPC_STATUS_NUMBER%',
  bytesReceived: '%BYTES_RECEIVED%',
  bytesSent: '%BYTES_SENT%',
  userAgent: '%REQ(USER-AGENT)%',
  requestId: '%REQ(X-REQUEST-ID)%',
};

/** A format with private short names, as a size-conscious team would choose them. */
const shortJson: JsonObject = {
  ts: '%START_TIME(%s.%3f)%',
  m: '%REQ(:METHOD)%',
  p: '%PATH(NQ)%',
  h: '%REQ(:AUTHORITY)%',
  rc: '%RESPONSE_CODE%',
  rf: '%RESPONSE_FLAGS%',
  rcd: '%RESPONSE_CODE_DETAILS%',
  utfr: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  dur: '%DURATION%',
  ust: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  att: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
  uh: '%UPSTREAM_HOST%',
  uc: '%UPSTREAM_CLUSTER%',
  rn: '%ROUTE_NAME%',
  rid: '%REQ(X-REQUEST-ID)%',
};

/** The formats the lab writes, each to a file of its own. A string is a text format. */
export const formats = {
  vigia,
  'envoy-text': envoyText,
  'istio-text': istioText,
  'kgateway-json': kgatewayJson,
  'envoy-gateway-json': envoyGatewayJson,
  'camel-json': camelJson,
  'short-json': shortJson,
} as const satisfies Record<string, string | JsonObject>;

export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as readonly FormatName[];

/** The access loggers of a connection manager: all formats for every stream, so line n is the same request in each file. */
export function accessLoggers(dir: string): readonly Json[] {
  return formatNames.map((name) => {
    const format = formats[name];
    const logFormat: JsonObject =
      typeof format === 'string' ? { text_format_source: { inline_string: format } } : { json_format: format };
    return {
      name: 'envoy.access_loggers.file',
      typed_config: typed('access_loggers.file.v3.FileAccessLog', {
        path: `${dir}/${name}.log`,
        log_format: logFormat,
      }),
    };
  });
}
