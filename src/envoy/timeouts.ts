/**
 * Timeouts that a failure's duration may betray, in milliseconds, with whose they are. Sources: Envoy
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/faq/configuration/timeouts; AWS "Application Load Balancers" (idle timeout 60 s, connect to
 * target 10 s) and "Network Load Balancers" (TCP idle timeout 350 s); backends as their own documentation has them.
 */
export interface KnownTimeout {
  readonly ms: number;
  readonly whose: string;
}

/** Envoy's own defaults. */
export const envoyDefaults = {
  routeTimeout: 15_000,
  connectTimeout: 5_000,
  streamIdleTimeout: 300_000,
  upstreamIdleTimeout: 3_600_000,
  downstreamIdleTimeout: 3_600_000,
  /** From a client connection's idle timeout to its being closed: in between a request is still answered, with `connection: close`. */
  drainTimeout: 5_000,
  extAuthzTimeout: 200,
} as const;

/** How long a hop in front of the gateway waits for a silent answer. */
export const hopBeforeTimeouts: readonly KnownTimeout[] = [
  { ms: 60_000, whose: "an ALB's idle timeout (60 s by default), nginx's proxy_read_timeout, or a client's minute" },
  {
    ms: 30_000,
    whose: "API Gateway's integration timeout or CloudFront's origin response timeout (29-30 s), or a client's 30 s",
  },
  { ms: 100_000, whose: "Cloudflare's proxy read timeout (100 s in earlier years)" },
  { ms: 120_000, whose: "Cloudflare's proxy read timeout (120 s), or a client's two minutes" },
];

/** Ages at which idle upstream connections are closed by common servers: a keep-alive race happens just after. */
export const backendKeepAlives: readonly KnownTimeout[] = [
  { ms: 2_000, whose: 'gunicorn (2 s)' },
  { ms: 5_000, whose: 'Node.js up to 25, uvicorn, hypercorn, Apache httpd (5 s)' },
  { ms: 20_000, whose: "Tomcat's shipped server.xml, Puma (20 s)" },
  { ms: 30_000, whose: 'Jetty (30 s)' },
  { ms: 60_000, whose: "Tomcat's connector default, Spring Boot (60 s)" },
  { ms: 65_000, whose: 'Node.js from 26 (65 s)' },
  { ms: 75_000, whose: 'nginx (75 s)' },
  { ms: 130_000, whose: 'Kestrel (130 s)' },
  { ms: 350_000, whose: 'an NLB or NAT gateway on the way (350 s)' },
];

/** Time limits that backends set themselves. */
export const backendLimits: readonly KnownTimeout[] = [
  { ms: 30_000, whose: "gunicorn's worker timeout (30 s), or another 30 s limit" },
  { ms: 60_000, whose: 'a one-minute request limit (uWSGI harakiri, PHP-FPM request_terminate_timeout)' },
  { ms: 120_000, whose: 'a two-minute limit (the socket timeout of Node.js before 13)' },
  { ms: 300_000, whose: 'a five-minute request limit' },
];
