import { setTimeout as sleep } from 'node:timers/promises';
import { answering } from '../backends/http1.ts';
import { http2Backend } from '../backends/http2.ts';
import { rawBackend } from '../backends/raw.ts';
import { ask, times } from '../clients/http1.ts';
import { call } from '../clients/http2.ts';
import { head, send, wire } from '../clients/raw.ts';
import { type JsonObject, typed } from '../json.ts';
import type { Scenario } from '../scenario.ts';

const left = { side: 'client', cause: 'client-disconnected' } as const;
const gone = (status: number, lines: number) => ({
  status,
  flags: ['DC'],
  details: 'downstream_remote_disconnect',
  lines,
});

/** Patience of each client in turn, against a backend that takes 3 s. */
const impatient = (
  name: string,
  title: string,
  verdict: Pick<Scenario, 'side' | 'cause'>,
  patience: readonly number[],
  every: number,
): Scenario => ({
  ...{ name, title, ...verdict },
  expect: gone(0, patience.length),
  prepare: async (kit) => {
    const { port } = await kit.use(answering(200, 'late\n', {}, 3000));
    const run = (p: number): Promise<unknown> =>
      Promise.all(patience.map((patienceMs, i) => sleep(i * every).then(() => ask(p, { patienceMs }))));
    return { endpoints: [port], run };
  },
});

/** Bytes that Envoy's HTTP/1 codec refuses before it has a request. */
const refused = (
  name: string,
  title: string,
  status: number,
  flags: readonly string[],
  details: string | RegExp,
  bytes: string | Buffer,
  cause = 'client-protocol-error',
  hcm: JsonObject = {},
): Scenario => ({
  ...{ name, title, side: 'client', cause },
  expect: { status, flags, details, lines: 1 },
  prepare: async (kit) => {
    const { port } = await kit.use(answering());
    return { endpoints: [port], hcm, run: send(bytes) };
  },
});

/** A client that reads until it has seen some text of the answer, and leaves. */
const readsThenLeaves = (
  name: string,
  title: string,
  seen: string,
  rest: readonly (readonly [string, number])[],
): Scenario => ({
  ...{ name, title, ...left },
  expect: gone(200, 2),
  prepare: async (kit) => {
    const { port } = await kit.use(
      rawBackend(({ socket }) => {
        for (const [text, afterMs] of rest) setTimeout(() => socket.write(text), afterMs);
      }),
    );
    const run = async (p: number): Promise<void> => {
      for (let i = 0; i < 2; i++) {
        const w = await wire(p);
        w.socket.write(head('GET', '/report'));
        await w.until(seen, 3000);
        w.socket.destroy();
        await sleep(50);
      }
    };
    return { endpoints: [port], run };
  },
});
const lengthHead = 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n';
const chunkHead = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

/** Preface, empty SETTINGS, and HEADERS that hold `:method: GET` and `:scheme: http` only. */
const http2WithoutPath = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from('000000040000000000', 'hex'),
  Buffer.from('00000201050000000182' + '86', 'hex'),
]);
const clientHello = Buffer.from(`16030100c8010000c40303${'ab'.repeat(32)}20${'cd'.repeat(32)}`, 'hex');

export const clientScenarios: readonly Scenario[] = [
  impatient(
    'client-left',
    'clients leave before the answer, each after a time of its own',
    left,
    [90, 140, 230, 380, 610, 990, 1300],
    15,
  ),
  impatient(
    ...(['previous-hop-timeout', 'the load balancer in front always gives up after one second'] as const),
    { side: 'between', cause: 'previous-hop-timeout' },
    Array.from({ length: 10 }, () => 1000),
    70,
  ),
  readsThenLeaves('client-left-body', 'the client leaves in the middle of a body of known length', 'aaaa', [
    [`${lengthHead}${'a'.repeat(300)}`, 5],
  ]),
  readsThenLeaves('client-left-chunked', 'the client leaves in the middle of a chunked body', 'hello', [
    [`${chunkHead}5\r\nhello\r\n`, 5],
    ['5\r\nworld\r\n0\r\n\r\n', 2000],
  ]),
  readsThenLeaves(
    'client-left-complete',
    'the client leaves when it has all the data, but the backend has not sent the last chunk',
    'world',
    [
      [`${chunkHead}5\r\nhello\r\n5\r\nworld\r\n`, 5],
      ['0\r\n\r\n', 2000],
    ],
  ),
  {
    ...{
      name: 'client-left-unread',
      title: 'the client leaves without reading an answer that Envoy already holds: logged as complete',
    },
    ...{ side: 'none', cause: null },
    expect: { status: 200, flags: [], details: 'via_upstream', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'u'.repeat(400_000)));
      const run = async (p: number): Promise<void> => {
        for (let i = 0; i < 2; i++) {
          const w = await wire(p);
          w.socket.pause();
          w.socket.write(head('GET', '/report'));
          await sleep(250);
          w.socket.resetAndDestroy();
        }
      };
      return { endpoints: [port], run };
    },
  },
  {
    ...{ name: 'client-left-upload', title: 'the client leaves in the middle of its upload', ...left },
    expect: gone(0, 2),
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const run = async (p: number): Promise<void> => {
        for (let i = 0; i < 2; i++) {
          const w = await wire(p);
          w.socket.write(`${head('POST', '/upload', 'content-length: 1000')}0123456789`);
          await sleep(120);
          w.socket.destroy();
        }
      };
      return { endpoints: [port], run };
    },
  },
  {
    ...{
      name: 'client-reset',
      title: 'an HTTP/2 client cancels before the answer',
      side: 'client',
      cause: 'client-reset',
    },
    expect: { status: 0, flags: ['DR'], details: 'http2.remote_reset', lines: 3 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'late\n', {}, 3000));
      const run = (p: number): Promise<unknown> =>
        Promise.all([120, 200, 310].map((ms) => call(p, { cancelAfterMs: ms })));
      return { endpoints: [port], run };
    },
  },
  {
    ...{
      name: 'client-reset-body',
      title: 'an HTTP/2 client cancels in the body',
      side: 'client',
      cause: 'client-reset',
    },
    expect: { status: 200, flags: ['DR'], details: 'http2.remote_reset', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(
        http2Backend((stream) => {
          stream.respond({ ':status': 200 });
          stream.write('half');
        }),
      );
      const run = (p: number): Promise<unknown> => Promise.all([150, 250].map((ms) => call(p, { cancelAfterMs: ms })));
      return { endpoints: [port], http2: true, run };
    },
  },
  {
    ...{ name: 'client-left-http2', title: 'an HTTP/2 client closes its connection', ...left },
    expect: gone(0, 1),
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'late\n', {}, 3000));
      return { endpoints: [port], run: (p) => call(p, { patienceMs: 300 }) };
    },
  },
  refused(
    'bad-header',
    'a header line that is none',
    400,
    ['DPE'],
    /^http1\./,
    'GET / HTTP/1.1\r\nhost: shop.example.com\r\nnot a header\r\n\r\n',
  ),
  refused(
    'headers-too-large',
    'headers over 60 KiB',
    431,
    ['DPE'],
    'http1.headers_too_large',
    head('GET', '/', `x-big: ${'h'.repeat(90_000)}`),
  ),
  refused(
    'too-many-headers',
    'more than 100 headers',
    431,
    ['DPE'],
    'http1.too_many_headers',
    head('GET', '/', ...Array.from({ length: 120 }, (_, i) => `x-h${i}: 1`)),
  ),
  refused('tls-to-plain-port', 'a TLS hello on the plain port', 400, ['DPE'], /^http1\./, clientHello),
  refused('http10', 'HTTP/1.0', 426, ['DPE'], 'low_version', 'GET / HTTP/1.0\r\nhost: shop.example.com\r\n\r\n'),
  refused(
    'two-lengths',
    'content-length and chunked: a smuggling attempt',
    400,
    ['DPE'],
    /^http1\./,
    `${head('POST', '/', 'content-length: 3', 'transfer-encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
  ),
  refused(
    'bad-chunk',
    'a chunk length that is no number',
    400,
    ['DPE'],
    /^http1\./,
    `${head('POST', '/orders?token=example', 'transfer-encoding: chunked')}zz\r\nabc\r\n`,
  ),
  refused(
    'bad-url',
    'a request line with a bad target',
    400,
    ['DPE'],
    /^http1\./,
    'GET http:// HTTP/1.1\r\nhost: shop.example.com\r\n\r\n',
  ),
  refused('bad-http2', 'an HTTP/2 request without a path', 0, ['DPE'], /^http2\./, http2WithoutPath),
  refused(
    'missing-host',
    'no Host header',
    400,
    [],
    'missing_host_header',
    'GET /orders HTTP/1.1\r\nuser-agent: lab/1.0\r\n\r\n',
    'client-bad-request',
  ),
  refused(
    'bad-path',
    'a path that cannot be normalised',
    400,
    [],
    /path/,
    head('GET', '/orders%00/42'),
    'client-bad-request',
    { normalize_path: true },
  ),
  refused(
    'upgrade-refused',
    'a WebSocket where none is allowed',
    403,
    [],
    'upgrade_failed',
    head('GET', '/live', 'connection: upgrade', 'upgrade: websocket'),
    'client-bad-request',
  ),
  {
    ...{
      name: 'bad-envoy-header',
      title: 'an x-envoy header that is not a number',
      side: 'client',
      cause: 'client-bad-request',
    },
    expect: {
      status: 400,
      flags: ['IH'],
      details: 'request_headers_failed_strict_check{x-envoy-upstream-rq-timeout-ms}',
      lines: 1,
    },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      // From outside the header would be taken off before anyone looks at it; 10/8 counts as inside.
      const strict = typed('filters.http.router.v3.Router', {
        strict_check_headers: ['x-envoy-upstream-rq-timeout-ms'],
      });
      const hcm = {
        http_filters: [{ name: 'envoy.filters.http.router', typed_config: strict }],
        internal_address_config: { cidr_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] },
      };
      return {
        endpoints: [port],
        hcm,
        run: times(1, { headers: { 'x-forwarded-for': '10.1.2.3', 'x-envoy-upstream-rq-timeout-ms': 'soon' } }),
      };
    },
  },
  {
    ...{ name: 'request-too-large', title: 'a body over the buffer limit', side: 'client', cause: 'request-too-large' },
    expect: { status: 413, flags: [], details: 'request_payload_too_large', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const buffer = {
        name: 'envoy.filters.http.buffer',
        typed_config: typed('filters.http.buffer.v3.Buffer', { max_request_bytes: 1000 }),
      };
      return {
        endpoints: [port],
        filters: [buffer],
        run: times(2, { method: 'POST', path: '/upload', body: Buffer.alloc(50_000) }),
      };
    },
  },
  {
    ...{
      name: 'retry-buffer-exceeded',
      title: 'a body over the retry buffer while a retry waits',
      side: 'gateway',
      cause: 'retry-buffer-exceeded',
    },
    expect: { status: 507, flags: [], details: 'request_payload_exceeded_retry_buffer_limit', lines: 1 },
    prepare: async (kit) => {
      // The first try fails at once, the retry waits for its back-off, and meanwhile more body arrives than may be kept.
      const { port } = await kit.use(
        rawBackend(({ socket }) => void socket.write('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n')),
      );
      const retry_policy = {
        retry_on: '5xx',
        num_retries: 1,
        retry_back_off: { base_interval: '60s', max_interval: '60s' },
      };
      const run = async (p: number): Promise<void> => {
        const w = await wire(p);
        w.socket.write(head('POST', '/upload', 'content-length: 60000'));
        await sleep(60);
        w.socket.write('x'.repeat(60_000));
        await w.until('\r\n\r\n', 1500);
        w.socket.destroy();
      };
      return { endpoints: [port], action: { retry_policy }, route: { per_request_buffer_limit_bytes: 1024 }, run };
    },
  },
];
