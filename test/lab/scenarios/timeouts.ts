import { setTimeout as sleep } from 'node:timers/promises';
import { answering } from '../backends/http1.ts';
import { rawBackend } from '../backends/raw.ts';
import { ask, times } from '../clients/http1.ts';
import { head, wire } from '../clients/raw.ts';
import type { JsonObject } from '../json.ts';
import type { Scenario } from '../scenario.ts';

/** A backend that takes 5 s: longer than every limit here. */
const slowSite = (
  name: string,
  title: string,
  expected: Scenario['expect'],
  verdict: Pick<Scenario, 'side' | 'cause'>,
  site: JsonPieces,
): Scenario => ({
  ...{ name, title, ...verdict },
  expect: expected,
  prepare: async (kit) => {
    const { port } = await kit.use(answering(200, 'late\n', {}, 5000));
    return { endpoints: [port], ...site, run: times(expected.lines) };
  },
});
interface JsonPieces {
  readonly action?: JsonObject;
  readonly cluster?: JsonObject;
  readonly hcm?: JsonObject;
}
const retryOnce: JsonObject = {
  retry_on: '5xx',
  num_retries: 1,
  retry_back_off: { base_interval: '0.01s', max_interval: '0.02s' },
};

/** Answers with headers and half a body, then says nothing more. */
const stalling = (
  name: string,
  title: string,
  expected: Scenario['expect'],
  verdict: Pick<Scenario, 'side' | 'cause'>,
  site: JsonPieces,
): Scenario => ({
  ...{ name, title, ...verdict },
  expect: expected,
  prepare: async (kit) => {
    const reply = `HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${'a'.repeat(100)}`;
    const { port } = await kit.use(rawBackend(({ socket }) => void socket.write(reply)));
    return { endpoints: [port], ...site, run: times(expected.lines) };
  },
});

/** A client that announces a body and sends a piece of it. */
const halfUpload = async (port: number): Promise<void> => {
  const w = await wire(port);
  w.socket.write(`${head('POST', '/upload', 'content-length: 1000')}0123456789`);
  await w.closed(2500);
  w.socket.destroy();
};

const slow = { side: 'backend', cause: 'route-timeout' } as const;

export const timeoutScenarios: readonly Scenario[] = [
  slowSite(
    'route-timeout',
    'the route timeout',
    { status: 504, flags: ['UT'], details: 'response_timeout', lines: 3 },
    slow,
    {
      action: { timeout: '0.5s' },
    },
  ),
  slowSite(
    'per-try-timeout',
    'the timeout of one try, without retries',
    { status: 504, flags: ['UT'], details: 'upstream_per_try_timeout', lines: 2 },
    { side: 'backend', cause: 'per-try-timeout' },
    { action: { retry_policy: { per_try_timeout: '0.3s' } } },
  ),
  slowSite(
    'per-try-timeout-retried',
    'the timeout of each of two tries',
    { status: 504, flags: ['URX', 'UT'], details: 'upstream_per_try_timeout', lines: 2 },
    { side: 'backend', cause: 'per-try-timeout' },
    { action: { retry_policy: { ...retryOnce, per_try_timeout: '0.3s' } } },
  ),
  slowSite(
    'per-try-idle-timeout',
    'the idle timeout of one try',
    { status: 504, flags: ['UT'], details: 'upstream_per_try_idle_timeout', lines: 2 },
    { side: 'backend', cause: 'per-try-timeout' },
    { action: { retry_policy: { per_try_idle_timeout: '0.3s' } } },
  ),
  slowSite(
    'per-try-timeout-no-retries',
    'a retry policy with zero retries: URX though nothing was retried',
    { status: 504, flags: ['URX', 'UT'], details: 'upstream_per_try_timeout', lines: 1 },
    { side: 'backend', cause: 'per-try-timeout' },
    { action: { retry_policy: { retry_on: 'reset', num_retries: 0, per_try_timeout: '0.3s' } } },
  ),
  slowSite(
    'retry-overflow-timeout',
    'a try timed out; the breaker refuses its retry',
    { status: 504, flags: ['UO', 'UT'], details: 'upstream_per_try_timeout', lines: 1 },
    { side: 'backend', cause: 'per-try-timeout' },
    {
      action: { retry_policy: { ...retryOnce, per_try_timeout: '0.3s' } },
      cluster: { circuit_breakers: { thresholds: [{ max_retries: 0 }] } },
    },
  ),
  slowSite(
    'upstream-max-duration',
    "the cluster's max_stream_duration",
    { status: 504, flags: ['UMSDR'], details: 'upstream_max_stream_duration_reached', lines: 2 },
    { side: 'policy', cause: 'max-stream-duration' },
    {
      cluster: {
        typed_extension_protocol_options: {
          'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
            '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
            common_http_protocol_options: { max_stream_duration: '0.4s' },
            explicit_http_config: { http_protocol_options: {} },
          },
        },
      },
    },
  ),
  slowSite(
    'max-duration',
    "the connection manager's max_stream_duration: no flag",
    { status: 504, flags: [], details: 'max_duration_timeout', lines: 2 },
    { side: 'policy', cause: 'max-stream-duration' },
    { hcm: { common_http_protocol_options: { max_stream_duration: '0.4s' } } },
  ),
  slowSite(
    'idle-waiting',
    'stream_idle_timeout while waiting for the backend',
    { status: 504, flags: ['SI'], details: 'stream_idle_timeout', lines: 2 },
    { side: 'backend', cause: 'stream-idle-timeout' },
    { hcm: { stream_idle_timeout: '0.4s' } },
  ),
  stalling(
    'idle-response',
    'stream_idle_timeout in a stalled response',
    { status: 200, flags: ['SI'], details: 'stream_idle_timeout', lines: 2 },
    { side: 'unknown', cause: 'stream-idle-timeout' },
    { hcm: { stream_idle_timeout: '0.4s' } },
  ),
  stalling(
    'route-timeout-body',
    'the route timeout in the middle of the body: the status stays 200',
    { status: 200, flags: ['UT'], details: 'response_timeout', lines: 2 },
    slow,
    { action: { timeout: '0.4s' } },
  ),
  {
    ...{
      name: 'idle-upload',
      title: 'stream_idle_timeout in a stalled upload',
      side: 'client',
      cause: 'stream-idle-timeout',
    },
    expect: { status: 408, flags: ['SI'], details: 'stream_idle_timeout', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const run = (p: number): Promise<unknown> => Promise.all([halfUpload(p), halfUpload(p)]);
      return { endpoints: [port], hcm: { stream_idle_timeout: '0.4s' }, run };
    },
  },
  {
    ...{ name: 'slow-request', title: 'request_timeout in a stalled upload', side: 'client', cause: 'slow-request' },
    expect: { status: 408, flags: [], details: 'request_overall_timeout', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const run = (p: number): Promise<unknown> => Promise.all([halfUpload(p), halfUpload(p)]);
      return { endpoints: [port], hcm: { request_timeout: '0.4s' }, run };
    },
  },
  {
    ...{
      name: 'slow-headers',
      title: 'request_headers_timeout: the headers never end',
      side: 'client',
      cause: 'slow-request',
    },
    expect: { status: 408, flags: [], details: /header_timeout$/, lines: 1 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const run = async (p: number): Promise<void> => {
        const w = await wire(p);
        w.socket.write('GET /orders HTTP/1.1\r\nhost: shop.example.com\r\n');
        await w.closed(2000);
        w.socket.destroy();
      };
      return { endpoints: [port], hcm: { request_headers_timeout: '0.3s' }, run };
    },
  },
  {
    ...{
      name: 'connection-duration',
      title: 'max_connection_duration runs out between requests',
      side: 'none',
      cause: null,
    },
    expect: { status: 200, flags: [], details: 'via_upstream', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'ok\n', {}, 300));
      const hcm = { common_http_protocol_options: { max_connection_duration: '0.2s' }, drain_timeout: '0.1s' };
      const run = async (p: number): Promise<void> => {
        await Promise.all([ask(p), ask(p)]);
        await sleep(50);
      };
      return { endpoints: [port], hcm, run };
    },
  },
];
