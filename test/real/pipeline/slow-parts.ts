import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answering, http1Backend } from '../../lab/backends/http1.ts';
import { rawListener } from '../../lab/backends/raw.ts';
import { cluster } from '../../lab/bootstrap.ts';
import { times, together } from '../../lab/clients/http1.ts';
import { head, wire } from '../../lab/clients/raw.ts';
import type { Kit } from '../../lab/kit.ts';
import type { Scenario, Site } from '../../lab/scenario.ts';
import { tlsTo } from '../../lab/scenarios/connect.ts';
import { extAuthz } from '../../lab/scenarios/policy.ts';

/** Longer than the edge that the test's objective has, and shorter than any timeout. */
const slowMs = 180;

const slow = (name: string, lines: number, prepare: (kit: Kit) => Promise<Site>): Scenario => ({
  ...{ name, title: 'a part of the way is slow, and all goes well', side: 'none', cause: null },
  expect: { status: 200, flags: [], details: 'via_upstream', lines },
  prepare,
});

/** Requests that wait in the gateway, before their backend has them. */
export const heldByGateway: readonly Scenario[] = [
  slow('slow-authorizer', 2, async (kit) => {
    const [{ port }, auth] = await Promise.all([kit.use(answering()), kit.use(answering(200, '', {}, slowMs))]);
    const moreClusters = [cluster('auth_slow_authorizer', [auth.port])];
    return { endpoints: [port], filters: [extAuthz('slow-authorizer', '5s')], moreClusters, run: times(2) };
  }),
  slow('slow-handshake', 1, async (kit) => {
    const inner = await kit.use(http1Backend((_, response) => response.end('ok\n'), kit.trusted));
    const { port } = await kit.use(
      rawListener((socket) => {
        socket.on('error', () => undefined).pause();
        setTimeout(() => socket.pipe(connect(inner.port, '127.0.0.1')).pipe(socket), slowMs);
      }),
    );
    return { endpoints: [port], cluster: { connect_timeout: '5s', ...tlsTo(`${kit.dir}/trusted.pem`) }, run: times(1) };
  }),
];

/** One connection for two requests: the second waits for the first one's answer. */
export const oneConnection: Scenario = slow('one-connection', 2, async (kit) => {
  const { port } = await kit.use(answering(200, 'ok\n', {}, slowMs));
  const one = { circuit_breakers: { thresholds: [{ max_connections: 1 }] } };
  return { endpoints: [port], cluster: one, run: together(2) };
});

/** As slow for whoever asked, and not for what the gateway did. */
export const slowElsewhere: readonly Scenario[] = [
  slow('slow-backend', 2, async (kit) => {
    const { port } = await kit.use(answering(200, 'ok\n', {}, slowMs));
    return { endpoints: [port], run: times(2) };
  }),
  slow('slow-upload', 1, async (kit) => {
    const { port } = await kit.use(answering());
    const run = async (gateway: number): Promise<void> => {
      const w = await wire(gateway);
      w.socket.write(`${head('POST', '/upload', 'content-length: 20', 'connection: close')}0123456789`);
      await sleep(slowMs);
      w.socket.write('0123456789');
      await w.closed();
    };
    return { endpoints: [port], run };
  }),
];
