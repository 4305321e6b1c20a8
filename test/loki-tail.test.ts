import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../src/logs/remote/back-off.ts';
import { NoPush } from '../src/logs/remote/push.ts';
import { tailOf } from '../src/logs/sources/loki/tail.ts';
import { trustAlso } from '../src/logs/sources/loki/trust.ts';
import { type Certificate, selfSigned } from './lab/certificate.ts';

/** What Loki's tail may say and do: an EMULATOR OF OURS of its WebSocket. test/real/sources/loki-tail.test.ts has the real one. */
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
});

async function answering(
  o: {
    readonly connection?: (socket: WebSocket, request: IncomingMessage) => void;
    readonly status?: number;
    readonly tls?: Certificate;
  },
  auth: Parameters<typeof tailOf>[0]['auth'] = { kind: 'none' },
) {
  server = o.tls ? createTlsServer(o.tls) : createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const requests: IncomingMessage[] = [];
  server.on('upgrade', (request, socket, head) => {
    requests.push(request);
    if (o.status !== undefined) {
      socket.end(`HTTP/1.1 ${o.status} No\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsorry\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => o.connection?.(ws, request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `${o.tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const layout = { name: () => undefined, fields: [], routeIs: 'route' } as const;
  const push = tailOf(
    { url, tenant: 'team-a', auth, clock: systemClock },
    { layout, in: 'metadata', paths: new Map(), selector: { a: ['b'] } },
    '{a="b"} | c != ""',
  );
  const stop = new AbortController();
  const taken: string[] = [];
  const lost: unknown[] = [];
  let opened = 0;
  const session = () =>
    push.session({
      signal: stop.signal,
      opened: () => void opened++,
      take: (line) => void taken.push(line.raw),
      lost: (...said) => void lost.push(said),
    });
  return { session, requests, taken, lost, stop, opened: () => opened };
}

const message = (...routes: readonly string[]) =>
  JSON.stringify({ streams: routes.map((route) => ({ stream: { route }, values: [['1', 'x']] })) });

test('asks the query, as the tenant and with the credentials, and gives what comes; told to stop, it closes in good order', async () => {
  let closed: Promise<unknown[]> | undefined;
  const tail = await answering(
    {
      connection: (socket) => {
        closed = once(socket, 'close');
        socket.send(message('a', 'b'));
        socket.send('no JSON');
        socket.send('null');
        socket.send(JSON.stringify({ streams: null, dropped_entries: null }));
        socket.send(message('c'), () => setTimeout(() => tail.stop.abort(), 50));
      },
    },
    { kind: 'basic', username: 'u', password: 'p' },
  );
  await tail.session();
  expect(tail.taken).toEqual(['a', 'b', 'c'].map((route) => JSON.stringify({ route })));
  const [request] = tail.requests;
  expect(request?.headers).toMatchObject({ 'x-scope-orgid': 'team-a', authorization: 'Basic dTpw' });
  const asked = new URL(request?.url ?? '', 'http://x');
  expect(asked.pathname).toBe('/loki/api/v1/tail');
  expect(asked.searchParams.get('query')).toBe('{a="b"} | c != ""');
  expect(Number(asked.searchParams.get('start')) / 1e6).toBeGreaterThan(Date.now() - 10_000);
  expect((await closed)?.[0]).toBe(1000);
  expect(tail.lost).toEqual([]);
});

test('what Loki dropped is counted', async () => {
  const dropped = Array.from({ length: 7 }, () => ({ timestamp: '1', labels: '{a="b"}' }));
  const tail = await answering({
    connection: (socket) =>
      socket.send(JSON.stringify({ streams: [], dropped_entries: dropped }), () => socket.close(1000)),
  });
  await tail.session();
  expect(tail.lost).toEqual([['drops lines', 7]]);
});

test.each([200, 302, 400, 401, 403, 404, 405, 426])('an answer of %i is no tail: not tried again', async (status) => {
  const tail = await answering({ status });
  const refused = expect(tail.session()).rejects;
  await refused.toThrow(NoPush);
  await expect(tail.session()).rejects.toThrow(`it answers ${status} (sorry)`);
  expect(tail.opened()).toBe(0);
});

test.each([429, 500, 502, 503, 504])('an answer of %i may pass: tried again', async (status) => {
  const tail = await answering({ status });
  const error = await tail.session().catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(NoPush);
});

test('what Loki says when it closes is told: too many tails, an hour over', async () => {
  const tail = await answering({ connection: (socket) => socket.close(1011, 'reached tail max duration limit') });
  await expect(tail.session()).rejects.toThrow('it was closed (1011): reached tail max duration limit');
});

test('nobody there, and told to stop before anything was opened', async () => {
  const tail = await answering({ connection: () => undefined });
  server?.close();
  server?.closeAllConnections();
  await expect(tail.session()).rejects.toThrow(/ECONNREFUSED/);
  tail.stop.abort();
  await tail.session();
  expect(tail.opened()).toBe(0);
});

test('over TLS, with a certificate authority of its own once that is trusted (--ca), and not before', async () => {
  const tls = selfSigned('loki.test');
  const tail = await answering({ tls, connection: (socket) => socket.send(message('a'), () => socket.close(1000)) });
  await expect(tail.session()).rejects.toThrow(/self-signed certificate/);
  expect(trustAlso(tls.cert)).toBe(true);
  await tail.session();
  expect(tail.taken).toEqual([JSON.stringify({ route: 'a' })]);
});
