import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { http1Backend } from '../backends/http1.ts';
import { okReply, rawBackend } from '../backends/raw.ts';
import { serve } from '../backends/server.ts';
import { ask, times } from '../clients/http1.ts';
import { head, partOfUpload, wire } from '../clients/raw.ts';
import type { Kit } from '../kit.ts';
import { healthy, type Scenario, type Site } from '../scenario.ts';

const terminated = 'upstream_reset_before_response_started{connection_termination}';
const cut = { status: 503, flags: ['UC'], details: terminated } as const;

/** What gunicorn does by default: an idle connection is closed after two seconds. */
export const keepAliveMs = 2000;

/**
 * The race itself, not an imitation: the backend closes its idle connection in the same turn of this process in which the client
 * sends a request, so the close and the request cross on the wire.
 */
export async function race(kit: Kit, how: 'end' | 'resetAndDestroy', rounds: number, warmups = 1): Promise<Site> {
  const closers: (() => void)[] = [];
  const backend = await kit.use(
    rawBackend(({ socket, nth }) => {
      if (nth > warmups) return;
      socket.write(okReply);
      if (nth === warmups) closers.push(() => socket[how]());
    }),
  );
  const run = async (port: number): Promise<void> => {
    for (let i = 0; i < rounds; i++) {
      for (let n = 1; n <= warmups; n++) {
        await ask(port, { method: 'POST', path: '/checkout/pay?token=example', body: 'x'.repeat(120) });
        if (n < warmups) await sleep(150 * n);
      }
      const late = await wire(port);
      await sleep(keepAliveMs);
      late.socket.write(head('POST', '/checkout/pay?token=example', 'content-length: 0'));
      closers.pop()?.();
      await late.until('\r\n\r\n', 2000);
      late.socket.destroy();
    }
  };
  return { endpoints: [backend.port], run };
}

export const terminationScenarios: readonly Scenario[] = [
  {
    ...{ name: 'keepalive-race', title: 'the backend closes its idle connection while the next request is on its way' },
    ...{ side: 'between', cause: 'upstream-keepalive-race' },
    expect: { ...cut, lines: 2 },
    also: [healthy(2)],
    prepare: (kit) => race(kit, 'end', 2),
  },
  {
    ...{ name: 'keepalive-race-reset', title: 'the same race, with a reset instead of a close' },
    ...{ side: 'between', cause: 'upstream-keepalive-race' },
    expect: { ...cut, lines: 2 },
    also: [healthy(2)],
    prepare: (kit) => race(kit, 'resetAndDestroy', 2),
  },
  {
    ...{ name: 'keepalive-race-rescued', title: 'the race on an idempotent route: a retry rescues it' },
    ...{ side: 'none', cause: 'rescued-by-retry' },
    expect: { status: 200, flags: [], details: 'via_upstream', lines: 2, attempts: 2 },
    also: [healthy(1)],
    prepare: async (kit) => {
      const backend = await kit.use(
        rawBackend(({ socket, nth, connection }) => {
          // The second request of the first two connections meets a backend that has just decided to close.
          if (nth === 2 && connection <= 2) socket.resetAndDestroy();
          else socket.write(okReply);
        }),
      );
      const retry = { retry_policy: { retry_on: 'reset,connect-failure', num_retries: 2 } };
      const run = async (port: number): Promise<void> => {
        await ask(port);
        await sleep(600);
        await ask(port);
        await sleep(600);
        await ask(port);
      };
      return { endpoints: [backend.port], action: retry, run };
    },
  },
  {
    ...{ name: 'crash-fresh', title: 'the backend dies on the first request of a new connection' },
    ...{ side: 'backend', cause: 'backend-connection-closed' },
    expect: { ...cut, lines: 3 },
    prepare: async (kit) => {
      const backend = await kit.use(rawBackend(({ socket }) => void setTimeout(() => socket.destroy(), 40)));
      return { endpoints: [backend.port], run: times(3) };
    },
  },
  {
    ...{
      name: 'crash-reused',
      title: 'the backend dies in the middle of its work on a connection that had served before',
    },
    ...{ side: 'backend', cause: 'backend-connection-closed' },
    expect: { ...cut, lines: 2 },
    also: [healthy(2)],
    prepare: async (kit) => {
      const backend = await kit.use(
        rawBackend(({ socket, nth }) => {
          if (nth === 1) socket.write(okReply);
          else setTimeout(() => socket.destroy(), 350 + 240 * Math.random());
        }),
      );
      const run = async (port: number): Promise<void> => {
        for (let i = 0; i < 4; i++) {
          await ask(port);
          if (i % 2 === 0) await sleep(300);
        }
      };
      return { endpoints: [backend.port], run };
    },
  },
  {
    ...{ name: 'backend-time-limit', title: 'the backend gives up on its own work after a fixed time' },
    ...{ side: 'backend', cause: 'backend-time-limit' },
    expect: { ...cut, lines: 6 },
    prepare: async (kit) => {
      const backend = await kit.use(rawBackend(({ socket }) => void setTimeout(() => socket.destroy(), 600)));
      const run = async (port: number): Promise<void> => {
        await Promise.all(Array.from({ length: 6 }, (_, i) => sleep(i * 90).then(() => ask(port))));
      };
      return { endpoints: [backend.port], run };
    },
  },
  {
    ...{ name: 'upload-cut-close', title: 'the backend closes during the upload' },
    ...{ side: 'backend', cause: 'upload-cut-by-backend' },
    expect: { ...cut, lines: 2 },
    prepare: async (kit) => {
      const backend = await kit.use(
        serve(createServer((socket) => void socket.once('data', () => setTimeout(() => socket.destroy(), 60)))),
      );
      return {
        endpoints: [backend.port],
        run: partOfUpload(2),
      };
    },
  },
  {
    ...{ name: 'early-answer', title: 'the backend answers 413 before the upload is complete, and closes' },
    ...{ side: 'client', cause: 'backend-4xx' },
    expect: { status: 413, flags: [], details: 'via_upstream', lines: 2 },
    prepare: async (kit) => {
      const answer = 'HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
      const backend = await kit.use(
        serve(createServer((socket) => void socket.once('data', () => socket.end(answer)))),
      );
      return {
        endpoints: [backend.port],
        run: partOfUpload(2),
      };
    },
  },
  {
    ...{
      name: 'half-close',
      title: 'the backend answers and half-closes before it has taken the body, with the runtime guard for that on',
    },
    ...{ side: 'backend', cause: 'upload-cut-by-backend', instance: 'half-close' },
    expect: {
      ...{ status: 200, flags: ['LR'], lines: 1 },
      details: 'upstream_reset_after_response_started{HTTP/1_premature_upstream_half_close}',
    },
    prepare: async (kit) => {
      const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n';
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        socket.once('data', () => setTimeout(() => socket.end(answer), 40));
      });
      const backend = await kit.use(serve(server));
      const runtime = { 'envoy.reloadable_features.allow_multiplexed_upstream_half_close': true };
      return { endpoints: [backend.port], runtime, run: partOfUpload(1) };
    },
  },
  {
    ...{
      name: 'rescued-after-503',
      title: 'a retry turns a 503 of the backend into a 200',
      side: 'none',
      cause: 'rescued-by-retry',
    },
    expect: { status: 200, flags: [], details: 'via_upstream', lines: 3, attempts: 2 },
    prepare: async (kit) => {
      let asked = 0;
      const backend = await kit.use(
        http1Backend((_, response) => {
          asked += 1;
          response.writeHead(asked % 2 === 1 ? 503 : 200).end('ok\n');
        }),
      );
      const retry_policy = { retry_on: '5xx', num_retries: 2 };
      return { endpoints: [backend.port], action: { retry_policy }, run: times(3) };
    },
  },
];
