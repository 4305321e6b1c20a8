import { answering } from '../backends/http1.ts';
import { grpcBackend } from '../backends/http2.ts';
import { rawBackend } from '../backends/raw.ts';
import { ask, times } from '../clients/http1.ts';
import { grpc } from '../clients/http2.ts';
import { head, wire } from '../clients/raw.ts';
import type { Scenario } from '../scenario.ts';

const none = { side: 'none', cause: null } as const;
const via = (status: number, lines: number) => ({ status, flags: [], details: 'via_upstream', lines });

/** A backend that answers every request with one status; what the gateway adds is nothing. */
const answers = (name: string, status: number, verdict: Pick<Scenario, 'side' | 'cause'>, title: string): Scenario => ({
  ...{ name, title, ...verdict },
  expect: via(status, 2),
  prepare: async (kit) => {
    const location: Record<string, string> = status === 302 ? { location: 'https://shop.example.com/login' } : {};
    const backend = await kit.use(answering(status, 'the backend said so\n', location));
    return { endpoints: [backend.port], run: times(2) };
  },
});

export const healthyScenarios: readonly Scenario[] = [
  {
    ...{ name: 'healthy-get', title: 'GET requests that go well', ...none },
    expect: via(200, 4),
    prepare: async (kit) => {
      const backend = await kit.use(answering(200, 'ok\n', {}, 3));
      return { endpoints: [backend.port], run: times(4) };
    },
  },
  {
    ...{ name: 'healthy-post', title: 'POST requests that go well', ...none },
    expect: via(201, 2),
    prepare: async (kit) => {
      const backend = await kit.use(answering(201, '{"id":42}\n'));
      return { endpoints: [backend.port], run: times(2, { method: 'POST', path: '/orders', body: 'x'.repeat(300) }) };
    },
  },
  answers('not-modified', 304, none, 'the backend says the copy is fresh'),
  answers('backend-redirect', 302, none, 'the backend redirects'),
  answers('backend-404', 404, { side: 'client', cause: 'backend-4xx' }, 'the backend does not know the object'),
  answers('backend-401', 401, { side: 'client', cause: 'backend-4xx' }, 'the backend wants credentials'),
  answers('backend-429', 429, { side: 'client', cause: 'backend-4xx' }, "the backend's own rate limit"),
  answers('backend-500', 500, { side: 'backend', cause: 'backend-5xx' }, 'the backend fails by its own words'),
  answers(
    'backend-502',
    502,
    { side: 'backend', cause: 'backend-5xx' },
    'the backend is itself a proxy with a bad answer',
  ),
  answers('backend-503', 503, { side: 'backend', cause: 'backend-5xx' }, "the backend's own 503: not a flag in sight"),
  {
    ...{ name: 'route-redirect', title: 'the route redirects to https', ...none },
    expect: { status: 301, flags: [], details: 'direct_response', lines: 1 },
    prepare: () => ({ route: { redirect: { https_redirect: true } }, run: times(1) }),
  },
  {
    ...{ name: 'healthy-grpc', title: 'a gRPC call that goes well', ...none },
    expect: via(200, 2),
    prepare: async (kit) => {
      const backend = await kit.use(grpcBackend(0, Buffer.alloc(12)));
      const run = async (port: number): Promise<void> => {
        await grpc()(port);
        await grpc()(port);
      };
      return { endpoints: [backend.port], http2: true, run };
    },
  },
  {
    ...{
      name: 'websocket-backend-closes',
      title: 'a WebSocket that the backend ends: its normal end, but flagged',
      ...none,
    },
    expect: {
      ...{ status: 101, flags: ['UC'], lines: 1 },
      details: 'upstream_reset_after_response_started{connection_termination}',
    },
    prepare: async (kit) => {
      const backend = await kit.use(
        rawBackend(({ socket }) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello');
          setTimeout(() => socket.end(), 60);
        }),
      );
      const upgrade = head('GET', '/live', 'connection: upgrade', 'upgrade: websocket');
      const run = async (port: number): Promise<void> => {
        const w = await wire(port);
        w.socket.write(upgrade);
        await w.closed(1000);
      };
      return { endpoints: [backend.port], hcm: { upgrade_configs: [{ upgrade_type: 'websocket' }] }, run };
    },
  },
  {
    ...{
      name: 'websocket-client-closes',
      title: 'a WebSocket that the client ends: its normal end, but flagged',
      ...none,
    },
    expect: { status: 101, flags: ['DC'], details: 'downstream_remote_disconnect', lines: 1 },
    prepare: async (kit) => {
      const backend = await kit.use(
        rawBackend(({ socket }) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello');
        }),
      );
      const upgrade = head('GET', '/live', 'connection: upgrade', 'upgrade: websocket');
      const run = async (port: number): Promise<void> => {
        const w = await wire(port);
        w.socket.write(upgrade);
        await w.until('hello', 1000);
        w.socket.destroy();
      };
      return { endpoints: [backend.port], hcm: { upgrade_configs: [{ upgrade_type: 'websocket' }] }, run };
    },
  },
  {
    ...{ name: 'healthy-then-close', title: 'the client closes right after it has read the complete answer', ...none },
    expect: via(200, 3),
    prepare: async (kit) => {
      const backend = await kit.use(answering(200, 'z'.repeat(2000)));
      const run = async (port: number): Promise<void> => {
        for (let i = 0; i < 3; i++) {
          const w = await wire(port);
          w.socket.write(head('GET', '/report'));
          await w.until('zzzz\r\n0\r\n', 300);
          if (w.received().length > 1900) w.socket.resetAndDestroy();
          await w.closed(200);
        }
      };
      return { endpoints: [backend.port], run };
    },
  },
  {
    ...{ name: 'health-check', title: "a load balancer's health check is answered", ...none },
    expect: via(200, 2),
    prepare: async (kit) => {
      const backend = await kit.use(answering(200, 'ok\n'));
      const headers = { 'user-agent': 'ELB-HealthChecker/2.0' };
      const run = async (port: number): Promise<void> => {
        await ask(port, { path: '/healthz', headers });
        await ask(port, { path: '/healthz', headers });
      };
      return { endpoints: [backend.port], run };
    },
  },
];
