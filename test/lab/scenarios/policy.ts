import { createHash, generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { answering, http1Backend } from '../backends/http1.ts';
import { grpcFrame, http2Backend } from '../backends/http2.ts';
import { cluster } from '../bootstrap.ts';
import { type Ask, ask, times, together } from '../clients/http1.ts';
import { type JsonObject, typed } from '../json.ts';
import type { Kit } from '../kit.ts';
import { healthy, type Scenario, type Side, type Site } from '../scenario.ts';
import { closedPort } from './connect.ts';

const always = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
const filter = (name: string, type: string, config: JsonObject = {}): JsonObject => ({
  name,
  typed_config: typed(`filters.http.${type}`, config),
});

interface Row {
  readonly name: string;
  readonly title: string;
  readonly side: Side;
  readonly cause: string | null;
  readonly expect: Scenario['expect'];
  readonly filters: readonly JsonObject[];
  readonly ask?: Ask;
  readonly site?: Partial<Site>;
  readonly also?: Scenario['also'];
}

/** A filter in front of a backend that would have answered. */
const filtered = ({ filters, ask: options, site, also, ...row }: Row): Scenario => ({
  ...row,
  ...(also ? { also } : {}),
  prepare: async (kit) => {
    const { port } = await kit.use(answering());
    return { endpoints: [port], filters, run: times(row.expect.lines, options), ...site };
  },
});

/** External authorization over HTTP; the service is whatever listens behind the cluster. */
export const extAuthz = (name: string, timeout = '0.2s'): JsonObject =>
  filter('envoy.filters.http.ext_authz', 'ext_authz.v3.ExtAuthz', {
    http_service: {
      server_uri: { uri: 'http://auth.example.com', cluster: `auth_${name.replaceAll('-', '_')}`, timeout },
    },
  });

const authorized = (
  name: string,
  title: string,
  verdict: { side: Side; cause: string | null },
  expect: Scenario['expect'],
  service: (kit: Kit) => Promise<number>,
): Scenario => ({
  ...{ name, title, ...verdict, expect },
  prepare: async (kit) => {
    const [{ port }, auth] = await Promise.all([kit.use(answering()), service(kit)]);
    const moreClusters = [cluster(`auth_${name.replaceAll('-', '_')}`, [auth])];
    return { endpoints: [port], filters: [extAuthz(name)], moreClusters, run: times(expect.lines) };
  },
});
const authError = { status: 403, flags: ['UAEX'], details: 'ext_authz_error', lines: 2 } as const;

/** A rate limit service in front of the backend; without an answer it fails, and the filter is told to deny then. */
const rateLimit = (name: string): JsonObject =>
  filter('envoy.filters.http.ratelimit', 'ratelimit.v3.RateLimit', {
    domain: 'lab',
    failure_mode_deny: true,
    timeout: '0.5s',
    rate_limit_service: {
      transport_api_version: 'V3',
      grpc_service: { envoy_grpc: { cluster_name: `limits_${name.replaceAll('-', '_')}` } },
    },
  });
const rateLimited = { rate_limits: [{ actions: [{ generic_key: { descriptor_value: 'orders' } }] }] };

/** RateLimitResponse { overall_code: OVER_LIMIT }. */
const overLimit = Buffer.from([0x08, 0x02]);

const jwks = (): string => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'lab', use: 'sig' }] });
};
const jwt = (): JsonObject =>
  filter('envoy.filters.http.jwt_authn', 'jwt_authn.v3.JwtAuthentication', {
    providers: { lab: { issuer: 'https://login.example.com', local_jwks: { inline_string: jwks() } } },
    rules: [{ match: { prefix: '/' }, requires: { provider_name: 'lab' } }],
  });
const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsignedToken = `${part({ alg: 'ES256', kid: 'lab' })}.${part({ iss: 'https://login.example.com', exp: 4102444800 })}.${'A'.repeat(86)}`;

const denied = { side: 'policy', cause: 'access-denied' } as const;
const plain = (status: number, details: string | RegExp, lines = 2) => ({ status, flags: [], details, lines });
const users = `shop:{SHA}${createHash('sha1').update('not a password').digest('base64')}`;

export const policyScenarios: readonly Scenario[] = [
  authorized(
    'auth-denied',
    'the authorization service says no',
    { side: 'policy', cause: 'ext-authz-denied' },
    { status: 403, flags: ['UAEX'], details: 'ext_authz_denied', lines: 3 },
    async (kit) => (await kit.use(answering(403, 'no\n'))).port,
  ),
  authorized(
    'auth-unauthorized',
    'the authorization service wants credentials',
    { side: 'policy', cause: 'ext-authz-denied' },
    { status: 401, flags: ['UAEX'], details: 'ext_authz_denied', lines: 2 },
    async (kit) => (await kit.use(answering(401, 'who are you?\n'))).port,
  ),
  authorized(
    'auth-down',
    'the authorization service is down: also 403',
    { side: 'gateway', cause: 'ext-authz-error' },
    { ...authError, lines: 3 },
    async () => closedPort,
  ),
  authorized(
    'auth-slow',
    'the authorization service is slower than its timeout',
    { side: 'gateway', cause: 'ext-authz-error' },
    authError,
    async (kit) => (await kit.use(answering(200, '', {}, 3000))).port,
  ),
  authorized(
    'auth-500',
    'the authorization service itself fails',
    { side: 'gateway', cause: 'ext-authz-error' },
    authError,
    async (kit) => (await kit.use(answering(500))).port,
  ),
  authorized(
    'auth-allowed',
    'the authorization service says yes',
    { side: 'none', cause: null },
    { status: 200, flags: [], details: 'via_upstream', lines: 2 },
    async (kit) => (await kit.use(answering(200, ''))).port,
  ),
  filtered({
    ...{ name: 'rbac-denied', title: 'a role-based rule says no', ...denied },
    expect: plain(403, 'rbac_access_denied_matched_policy[no-entry]'),
    filters: [
      filter('envoy.filters.http.rbac', 'rbac.v3.RBAC', {
        rules: {
          action: 'DENY',
          policies: { 'no-entry': { permissions: [{ any: true }], principals: [{ any: true }] } },
        },
      }),
    ],
  }),
  filtered({
    ...{ name: 'jwt-missing', title: 'no token', ...denied },
    expect: plain(401, 'jwt_authn_access_denied{Jwt_is_missing}'),
    filters: [jwt()],
  }),
  filtered({
    ...{ name: 'jwt-bad', title: 'a token with a bad signature', ...denied },
    expect: plain(401, /^jwt_authn_access_denied\{Jwt_verification_fails\}$/),
    filters: [jwt()],
    ask: { headers: { authorization: `Bearer ${unsignedToken}` } },
  }),
  filtered({
    ...{ name: 'csrf-denied', title: 'a form posted from elsewhere', ...denied },
    expect: plain(403, 'csrf_origin_mismatch'),
    filters: [filter('envoy.filters.http.csrf', 'csrf.v3.CsrfPolicy', { filter_enabled: always })],
    ask: { method: 'POST', headers: { origin: 'https://evil.example.net' } },
  }),
  filtered({
    ...{ name: 'api-key-missing', title: 'no API key', ...denied },
    expect: plain(401, /missing_api_key/),
    filters: [
      filter('envoy.filters.http.api_key_auth', 'api_key_auth.v3.ApiKeyAuth', {
        credentials: [{ key: 'not-a-secret', client: 'lab' }],
        key_sources: [{ header: 'x-api-key' }],
      }),
    ],
  }),
  filtered({
    ...{ name: 'basic-auth-missing', title: 'no user and password', ...denied },
    expect: plain(401, /basic_auth/),
    filters: [filter('envoy.filters.http.basic_auth', 'basic_auth.v3.BasicAuth', { users: { inline_string: users } })],
  }),
  filtered({
    ...{ name: 'cors-preflight', title: "a browser's preflight is answered by the gateway", side: 'none', cause: null },
    expect: plain(200, 'cors_response'),
    filters: [filter('envoy.filters.http.cors', 'cors.v3.Cors')],
    ask: { method: 'OPTIONS', headers: { origin: 'https://www.example.com', 'access-control-request-method': 'POST' } },
    site: {
      route: {
        typed_per_filter_config: {
          'envoy.filters.http.cors': typed('filters.http.cors.v3.CorsPolicy', {
            allow_origin_string_match: [{ suffix: '.example.com' }],
            allow_methods: 'POST',
          }),
        },
      },
    },
  }),
  filtered({
    ...{ name: 'rate-limited', title: 'the local rate limit', side: 'policy', cause: 'rate-limited' },
    expect: { status: 429, flags: ['RL'], details: 'local_rate_limited', lines: 3 },
    also: [healthy(1)],
    filters: [
      filter('envoy.filters.http.local_ratelimit', 'local_ratelimit.v3.LocalRateLimit', {
        ...{ stat_prefix: 'lab', token_bucket: { max_tokens: 1, tokens_per_fill: 1, fill_interval: '60s' } },
        ...{ filter_enabled: always, filter_enforced: always },
      }),
    ],
    site: { run: times(4) },
  }),
  {
    ...{
      name: 'rate-limited-globally',
      title: 'the rate limit service says no',
      side: 'policy',
      cause: 'rate-limited',
    },
    expect: { status: 429, flags: ['RL'], details: 'request_rate_limited', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const limits = await kit.use(
        http2Backend((stream) => {
          stream.resume();
          stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
          stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
          stream.end(grpcFrame(overLimit));
        }),
      );
      const moreClusters = [cluster('limits_rate_limited_globally', [limits.port], {}, true)];
      return {
        endpoints: [port],
        filters: [rateLimit('rate-limited-globally')],
        moreClusters,
        action: rateLimited,
        run: times(2),
      };
    },
  },
  {
    ...{
      name: 'rate-limit-service-down',
      title: 'the rate limit service is down',
      side: 'gateway',
      cause: 'rate-limit-service-error',
    },
    expect: { status: 500, flags: ['RLSE'], details: 'rate_limiter_error', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const moreClusters = [cluster('limits_rate_limit_service_down', [closedPort], {}, true)];
      return {
        endpoints: [port],
        filters: [rateLimit('rate-limit-service-down')],
        moreClusters,
        action: rateLimited,
        run: times(2),
      };
    },
  },
  filtered({
    ...{ name: 'fault-abort', title: 'an injected 503', side: 'policy', cause: 'fault-injected' },
    expect: { status: 503, flags: ['FI'], details: 'fault_filter_abort', lines: 2 },
    filters: [
      filter('envoy.filters.http.fault', 'fault.v3.HTTPFault', {
        abort: { http_status: 503, percentage: { numerator: 100 } },
      }),
    ],
  }),
  filtered({
    ...{ name: 'fault-delay', title: 'an injected delay; the request then goes well', side: 'none', cause: null },
    expect: { status: 200, flags: ['DI'], details: 'via_upstream', lines: 2 },
    filters: [
      filter('envoy.filters.http.fault', 'fault.v3.HTTPFault', {
        delay: { fixed_delay: '0.2s', percentage: { numerator: 100 } },
      }),
    ],
  }),
  filtered({
    ...{ name: 'lua-answer', title: 'a Lua script answers 503: no flag', side: 'policy', cause: 'filter-answered' },
    expect: plain(503, 'lua_response'),
    filters: [
      filter('envoy.filters.http.lua', 'lua.v3.Lua', {
        default_source_code: {
          inline_string: 'function envoy_on_request(h) h:respond({[":status"] = "503"}, "closed") end',
        },
      }),
    ],
  }),
  {
    ...{
      name: 'concurrency-limit',
      title: 'adaptive concurrency: too many at once',
      side: 'policy',
      cause: 'concurrency-limit',
    },
    expect: plain(503, 'reached_concurrency_limit', 3),
    also: [healthy(1)],
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'ok\n', {}, 1200));
      const adaptive = filter(
        'envoy.filters.http.adaptive_concurrency',
        'adaptive_concurrency.v3.AdaptiveConcurrency',
        {
          enabled: { default_value: true, runtime_key: 'lab.adaptive_concurrency' },
          gradient_controller_config: {
            sample_aggregate_percentile: { value: 90 },
            concurrency_limit_params: { max_concurrency_limit: 1, concurrency_update_interval: '0.1s' },
            min_rtt_calc_params: { interval: '60s', request_count: 50, min_concurrency: 1 },
          },
        },
      );
      const run = async (p: number): Promise<void> => {
        const slow = ask(p);
        await sleep(150);
        await together(3)(p);
        await slow;
      };
      return { endpoints: [port], filters: [adaptive], run };
    },
  },
  {
    ...{ name: 'ext-proc-down', title: 'the external processor is down', side: 'gateway', cause: 'filter-failed' },
    expect: plain(500, /ext_proc/),
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const processor = filter('envoy.filters.http.ext_proc', 'ext_proc.v3.ExternalProcessor', {
        grpc_service: { envoy_grpc: { cluster_name: 'processor' } },
      });
      return {
        endpoints: [port],
        filters: [processor],
        moreClusters: [cluster('processor', [closedPort], {}, true)],
        run: times(2),
      };
    },
  },
  {
    ...{ name: 'auth-header-passed', title: "a denial carries the authorization service's own service time" },
    ...{ side: 'policy', cause: 'ext-authz-denied' },
    expect: { status: 403, flags: ['UAEX'], details: 'ext_authz_denied', lines: 1 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const auth = await kit.use(
        http1Backend((_, response) => response.writeHead(403, { 'x-envoy-upstream-service-time': '77' }).end()),
      );
      const moreClusters = [cluster('auth_auth_header_passed', [auth.port])];
      return { endpoints: [port], filters: [extAuthz('auth-header-passed')], moreClusters, run: times(1) };
    },
  },
  {
    ...{ name: 'cached', title: "Envoy's own cache answers; no backend is involved", side: 'none', cause: null },
    expect: { status: 200, flags: ['RFCF'], details: 'cache.response_from_cache_filter', lines: 1 },
    also: [healthy(1)],
    prepare: async (kit) => {
      const { port } = await kit.use(
        answering(200, 'ok\n', { 'cache-control': 'public, max-age=600', date: new Date().toUTCString() }),
      );
      const cache = filter('envoy.filters.http.cache', 'cache.v3.CacheConfig', {
        typed_config: typed('http.cache.simple_http_cache.v3.SimpleHttpCacheConfig'),
      });
      const run = async (p: number): Promise<void> => {
        await ask(p);
        await sleep(50);
        await ask(p);
      };
      return { endpoints: [port], filters: [cache], run };
    },
  },
];
