/** When a server closes a connection on which nothing was asked: what it does unless it is told otherwise. */
export interface Server {
  /** Milliseconds; Infinity when it never does by itself. */
  readonly keepAliveMs: number;
  /** Where that is from, and which versions or set-ups differ. */
  readonly says: string;
  /** What to set for longer. */
  readonly setting: string;
}

const never = Number.POSITIVE_INFINITY;

/**
 * By the names that people give them. Where versions differ it is the least, because Envoy must be below all of them. Sources: each server's own
 * documentation, named beside it; of gunicorn, uvicorn and hypercorn their packages' defaults.
 */
export const servers: Readonly<Record<string, Server>> = {
  // https://nodejs.org/api/http.html#serverkeepalivetimeout
  node: {
    keepAliveMs: 5_000,
    says: '65s from Node.js 26 on',
    setting: 'server.keepAliveTimeout (and headersTimeout above it)',
  },
  // https://docs.gunicorn.org/en/stable/settings.html#keepalive
  gunicorn: {
    keepAliveMs: 2_000,
    says: 'sync workers keep none',
    setting: '--keep-alive, with gthread or another async worker',
  },
  // https://www.uvicorn.org/settings/
  uvicorn: { keepAliveMs: 5_000, says: '', setting: '--timeout-keep-alive' },
  // https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html
  hypercorn: { keepAliveMs: 5_000, says: '', setting: 'keep_alive_timeout' },
  // https://httpd.apache.org/docs/2.4/mod/core.html#keepalivetimeout
  apache: { keepAliveMs: 5_000, says: '', setting: 'KeepAliveTimeout' },
  // https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout
  nginx: { keepAliveMs: 75_000, says: '', setting: 'keepalive_timeout' },
  // https://tomcat.apache.org/tomcat-10.1-doc/config/http.html
  tomcat: {
    keepAliveMs: 20_000,
    says: 'as its server.xml is shipped; 60s where no connectionTimeout is set',
    setting: 'keepAliveTimeout',
  },
  // https://docs.spring.io/spring-boot/appendix/application-properties/index.html
  'spring-boot': { keepAliveMs: 60_000, says: 'with Tomcat', setting: 'server.tomcat.keep-alive-timeout' },
  // https://jetty.org/docs/jetty/12/operations-guide/modules/standard.html
  jetty: { keepAliveMs: 30_000, says: '', setting: 'jetty.http.idleTimeout' },
  // https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/options
  kestrel: { keepAliveMs: 130_000, says: '', setting: 'Limits.KeepAliveTimeout' },
  // https://puma.io/puma/Puma/DSL.html
  puma: { keepAliveMs: 20_000, says: '65s from Puma 7 on', setting: 'persistent_timeout' },
  // https://pkg.go.dev/net/http#Server
  go: { keepAliveMs: never, says: 'unless IdleTimeout or ReadTimeout is set', setting: 'http.Server.IdleTimeout' },
  netty: { keepAliveMs: never, says: 'unless an IdleStateHandler is there', setting: 'IdleStateHandler' },
};
