import { connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { answering } from '../backends/http1.ts';
import { clusterName } from '../bootstrap.ts';
import { wire } from '../clients/raw.ts';
import { accessLoggers } from '../formats.ts';
import { typed } from '../json.ts';
import { raisePressure } from '../overload.ts';
import type { Scenario } from '../scenario.ts';

const mebibyte = 1 << 20;

/** One HTTP/2 connection: `before` is sent, then the pressure rises, then `after` is sent. */
async function underPressure(
  port: number,
  dir: string,
  send: { readonly before: Buffer; readonly more: boolean },
): Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  const request = () =>
    session
      .request({ ':method': 'POST', ':path': '/upload', ':authority': 'shop.example.com', 'user-agent': 'lab/1.0' })
      .on('error', () => undefined)
      .resume();
  request().write(send.before);
  await sleep(800);
  raisePressure(dir);
  await sleep(400);
  if (send.more && !session.closed && !session.destroyed) request().end();
  await sleep(400);
  session.destroy();
}

/** What the gateway does under pressure to requests that it has already taken, and to connections that grew too old. */
export const overloadScenarios: readonly Scenario[] = [
  {
    name: 'overload-large-stream',
    title: 'the overload manager resets the streams that hold most memory',
    side: 'gateway',
    cause: 'envoy-overload',
    instance: 'shedding',
    expect: { status: 0, flags: ['OM'], details: 'overload', lines: 1 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const buffer = {
        name: 'envoy.filters.http.buffer',
        typed_config: typed('filters.http.buffer.v3.Buffer', { max_request_bytes: 64 * mebibyte }),
      };
      return {
        endpoints: [port],
        filters: [buffer],
        run: (p) => underPressure(p, kit.dir, { before: Buffer.alloc(8 * mebibyte), more: false }),
      };
    },
  },
  {
    name: 'overload-connection',
    title: 'a load-shed point closes the connection with a request in flight: no flag',
    side: 'gateway',
    cause: 'gateway-closed-connection',
    instance: 'shedding',
    expect: { status: 0, flags: [], details: 'forced_goaway', lines: 1 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      return { endpoints: [port], run: (p) => underPressure(p, kit.dir, { before: Buffer.alloc(8), more: true }) };
    },
  },
  {
    name: 'tcp-connection-duration',
    title: 'a TCP connection reaches its maximum duration: HTTP connections are drained without a flag',
    side: 'policy',
    cause: 'connection-duration',
    expect: { status: 0, flags: ['DT'], details: null, lines: 1 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'late\n', {}, 3000));
      const proxy = {
        name: 'envoy.filters.network.tcp_proxy',
        typed_config: typed('filters.network.tcp_proxy.v3.TcpProxy', {
          stat_prefix: 'tcp_connection_duration',
          cluster: clusterName('tcp-connection-duration'),
          max_downstream_connection_duration: '0.3s',
          access_log: accessLoggers(`${kit.dir}/main`),
        }),
      };
      return {
        endpoints: [port],
        listener: { filter_chains: [{ filters: [proxy] }] },
        run: async (p) => {
          const { socket, closed } = await wire(p);
          socket.write('GET /late HTTP/1.1\r\nhost: shop.example.com\r\n\r\n');
          await closed();
        },
      };
    },
  },
];
