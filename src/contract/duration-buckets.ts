/**
 * Edges of the request-duration histogram in seconds: OpenTelemetry's advice for http.server.request.duration
 * (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration) and two more, because a gateway's own
 * limits (15 s, 30 s, 60 s) lie beyond its last.
 */
export const durationBuckets = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60,
] as const;
