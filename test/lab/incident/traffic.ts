import { setTimeout as sleep } from 'node:timers/promises';
import { http1Backend } from '../backends/http1.ts';
import { okReply, rawBackend } from '../backends/raw.ts';
import { ask } from '../clients/http1.ts';
import { healthy, type Scenario, type Site } from '../scenario.ts';
import { scenarios } from '../scenarios/index.ts';
import { keepAliveMs, race } from '../scenarios/termination.ts';
import { seeded } from './random.ts';

/** A scenario of the lab, played k times over. */
function many(name: string, k: number): Scenario {
  const scenario = scenarios.find((s) => s.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const times = <E extends { readonly lines: number }>(e: E): E => ({ ...e, lines: e.lines * k });
  const prepare: Scenario['prepare'] = async (kit): Promise<Site> => {
    const site = await scenario.prepare(kit);
    const run = async (port: number): Promise<void> => {
      for (let i = 0; i < k; i++) await site.run(port);
    };
    return { ...site, run };
  };
  return { ...scenario, expect: times(scenario.expect), also: (scenario.also ?? []).map(times), prepare };
}

/** Ordinary requests to a backend whose latency is log-normal around a median. */
function ordinary(name: string, method: string, n: number, medianMs: number, status = 200): Scenario {
  const random = seeded(medianMs * 7919 + n);
  return {
    ...{ name, title: `ordinary ${method} requests, about ${medianMs} ms`, side: 'none', cause: null },
    expect: { status, flags: [], details: 'via_upstream', lines: n },
    prepare: async (kit) => {
      const backend = await kit.use(
        http1Backend((request, response) => {
          const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
          const delay = medianMs * Math.exp(0.6 * normal);
          const body = 'b'.repeat(200 + random.int(9) * 700);
          request.resume().on('end', () => setTimeout(() => response.writeHead(status).end(body), delay));
        }),
      );
      const run = async (port: number): Promise<void> => {
        let left = n;
        const worker = async (): Promise<void> => {
          while (left-- > 0)
            await ask(port, { method, ...(method === 'POST' ? { body: 'x'.repeat(80 + random.int(6) * 90) } : {}) });
        };
        await Promise.all(Array.from({ length: 12 }, worker));
      };
      return { endpoints: [backend.port], run };
    },
  };
}

/** The keep-alive race, n times side by side, after a few good requests on the connection. */
const races = (n: number): readonly Scenario[] =>
  Array.from({ length: n }, (_, i): Scenario => {
    const warmups = 1 + (i % 4);
    return {
      ...{ name: `race-${i}`, title: 'the keep-alive race', side: 'between', cause: 'upstream-keepalive-race' },
      expect: {
        ...{ status: 503, flags: ['UC'], lines: 1 },
        details: 'upstream_reset_before_response_started{connection_termination}',
      },
      also: [healthy(warmups)],
      prepare: (kit) => race(kit, i % 2 === 0 ? 'end' : 'resetAndDestroy', 1, warmups),
    };
  });

/** The race met by a retry: the second try, on a fresh connection, is answered. */
const rescues = (n: number): readonly Scenario[] =>
  Array.from(
    { length: n },
    (_, i): Scenario => ({
      ...{ name: `rescued-${i}`, title: 'the race on an idempotent route', side: 'none', cause: 'rescued-by-retry' },
      expect: { status: 200, flags: [], details: 'via_upstream', lines: 1, attempts: 2 },
      also: [healthy(1)],
      prepare: async (kit) => {
        const backend = await kit.use(
          rawBackend(({ socket, nth, connection }) => {
            if (nth === 2 && connection === 1) socket.resetAndDestroy();
            else socket.write(okReply);
          }),
        );
        const run = async (port: number): Promise<void> => {
          await ask(port);
          await sleep(keepAliveMs);
          await ask(port);
        };
        const retry_policy = { retry_on: 'reset,connect-failure', num_retries: 2 };
        return { endpoints: [backend.port], action: { retry_policy }, run };
      },
    }),
  );

/** The traffic whose lines the incident is made of; the lab's scenarios are its supply of failures. */
export const traffic: readonly Scenario[] = [
  ordinary('get-fast', 'GET', 900, 6),
  ordinary('get-medium', 'GET', 700, 28),
  ordinary('get-slow', 'GET', 300, 140),
  ordinary('post', 'POST', 500, 35, 201),
  ...races(40),
  ...rescues(24),
  ...[many('healthy-grpc', 100), many('grpc-not-found', 15), many('grpc-unavailable', 10), many('health-check', 20)],
  ...[many('not-modified', 50), many('backend-redirect', 20), many('backend-404', 25), many('backend-401', 20)],
  ...[many('backend-500', 15), many('no-endpoints', 20), many('connect-refused', 15), many('crash-fresh', 10)],
  ...[many('auth-denied', 20), many('auth-down', 20), many('auth-slow', 20), many('rate-limited-globally', 20)],
  ...[many('no-route', 20), many('bad-header', 6), many('tls-to-plain-port', 12), many('http10', 8)],
  ...[many('two-lengths', 4), many('missing-host', 6), many('client-left', 5), many('previous-hop-timeout', 5)],
];
