import { setTimeout as sleep } from 'node:timers/promises';
import { answering } from '../backends/http1.ts';
import { http2Backend } from '../backends/http2.ts';
import { rawBackend } from '../backends/raw.ts';
import { ask, times, together } from '../clients/http1.ts';
import type { JsonObject } from '../json.ts';
import { healthy, type Scenario } from '../scenario.ts';
import { closedPort } from './connect.ts';

const overflow = { status: 503, flags: ['UO'], details: 'upstream_reset_before_response_started{overflow}' } as const;
const breaker = { side: 'gateway', cause: 'circuit-breaker-overflow' } as const;
const limits = (thresholds: JsonObject): JsonObject => ({ circuit_breakers: { thresholds: [thresholds] } });
const noHost = { side: 'backend', cause: 'no-healthy-upstream' } as const;
const uh = { status: 503, flags: ['UH'], details: 'no_healthy_upstream' } as const;
const retry = (retry_on: string, num_retries = 1): JsonObject => ({
  retry_policy: { retry_on, num_retries, retry_back_off: { base_interval: '0.01s', max_interval: '0.02s' } },
});
const drop = (numerator: number, denominator: string): JsonObject => ({
  load_assignment: { policy: { drop_overloads: [{ category: 'lab', drop_percentage: { numerator, denominator } }] } },
});

export const balancingScenarios: readonly Scenario[] = [
  {
    ...{ name: 'no-endpoints', title: 'the cluster has no endpoint', ...noHost },
    expect: { ...uh, lines: 3 },
    prepare: () => ({ endpoints: [], run: times(3) }),
  },
  {
    ...{ name: 'all-unhealthy', title: 'every host fails its active health check', ...noHost },
    expect: { ...uh, lines: 2 },
    prepare: () => ({
      endpoints: [closedPort],
      cluster: {
        common_lb_config: { healthy_panic_threshold: { value: 0 } },
        health_checks: [
          {
            timeout: '0.2s',
            interval: '1s',
            unhealthy_threshold: 1,
            healthy_threshold: 1,
            http_health_check: { path: '/' },
          },
        ],
      },
      run: async (port) => {
        await sleep(400);
        await times(2)(port);
      },
    }),
  },
  {
    ...{ name: 'all-ejected', title: 'outlier detection has ejected the only host', ...noHost },
    expect: { ...uh, lines: 1 },
    also: [{ status: 503, flags: [], details: 'via_upstream', lines: 1, side: 'backend', cause: 'backend-5xx' }],
    prepare: async (kit) => {
      const { port } = await kit.use(answering(503));
      const cluster = {
        common_lb_config: { healthy_panic_threshold: { value: 0 } },
        outlier_detection: { consecutive_5xx: 1, max_ejection_percent: 100, base_ejection_time: '30s', interval: '1s' },
      };
      return { endpoints: [port], cluster, run: oneThenLater };
    },
  },
  {
    ...{ name: 'pending-overflow', title: 'one connection, one may wait', ...breaker },
    expect: { ...overflow, lines: 3 },
    also: [healthy(2)],
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'ok\n', {}, 1200));
      const cluster = limits({ max_connections: 1, max_pending_requests: 1 });
      return { endpoints: [port], cluster, run: busyThen(4) };
    },
  },
  {
    ...{ name: 'request-overflow', title: 'max_requests on HTTP/2', ...breaker },
    expect: { ...overflow, lines: 3 },
    also: [healthy(1)],
    prepare: async (kit) => {
      const { port } = await kit.use(
        http2Backend((stream) => {
          stream.resume();
          setTimeout(() => {
            stream.respond({ ':status': 200 });
            stream.end('ok\n');
          }, 1200);
        }),
      );
      return { endpoints: [port], http2: true, cluster: limits({ max_requests: 1 }), run: busyThen(3) };
    },
  },
  {
    ...{
      name: 'retry-overflow',
      title: "the backend's 503; its retry is refused",
      side: 'backend',
      cause: 'retry-breaker-overflow',
    },
    expect: { status: 503, flags: ['UO'], details: 'via_upstream', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(503));
      return { endpoints: [port], cluster: limits({ max_retries: 0 }), action: retry('5xx'), run: times(2) };
    },
  },
  {
    ...{
      name: 'retry-overflow-connect',
      title: 'refused; the retry is refused by the breaker',
      side: 'backend',
      cause: 'connect-refused',
    },
    expect: { status: 503, flags: ['UO', 'UF'], details: /Connection_refused\}$/, lines: 2 },
    prepare: () => ({
      endpoints: [closedPort],
      cluster: limits({ max_retries: 0 }),
      action: retry('connect-failure'),
      run: times(2),
    }),
  },
  {
    ...{ name: 'maintenance-mode', title: 'the runtime switch is on', side: 'policy', cause: 'maintenance-mode' },
    expect: { status: 503, flags: ['UO'], details: 'maintenance_mode', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      return {
        endpoints: [port],
        runtime: { 'upstream.maintenance_mode.cluster_maintenance_mode': 100 },
        run: times(2),
      };
    },
  },
  {
    ...{ name: 'retries-used-up', title: 'the backend answers 503 every time', side: 'backend', cause: 'backend-5xx' },
    expect: { status: 503, flags: ['URX'], details: 'via_upstream', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(503));
      return { endpoints: [port], action: retry('5xx', 2), run: times(2) };
    },
  },
  {
    ...{ name: 'retries-used-up-refused', title: 'refused every time', side: 'backend', cause: 'connect-refused' },
    expect: { status: 503, flags: ['URX', 'UF'], details: /Connection_refused\}$/, lines: 2 },
    prepare: () => ({ endpoints: [closedPort], action: retry('connect-failure', 2), run: times(2) }),
  },
  {
    ...{ name: 'retries-used-up-closed', title: 'closed without an answer every time' },
    ...{ side: 'backend', cause: 'backend-connection-closed' },
    expect: { status: 503, flags: ['URX', 'UC'], details: /connection_termination\}$/, lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(rawBackend(({ socket }) => void setTimeout(() => socket.destroy(), 30)));
      return { endpoints: [port], action: retry('reset', 1), run: times(2) };
    },
  },
  {
    ...{ name: 'drop-overload-all', title: 'drop_overloads at 100 %', side: 'policy', cause: 'drop-overload' },
    expect: { status: 503, flags: ['UDO'], details: 'unconditional_drop_overload', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      return { endpoints: [port], cluster: drop(100, 'HUNDRED'), run: times(2) };
    },
  },
  {
    ...{ name: 'drop-overload', title: 'drop_overloads at nearly 100 %', side: 'policy', cause: 'drop-overload' },
    expect: { status: 503, flags: ['DO'], details: 'drop_overload', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      return { endpoints: [port], cluster: drop(999_999, 'MILLION'), run: times(2) };
    },
  },
];

/** One slow request first; the others come while it is under way. */
function busyThen(n: number) {
  return async (port: number): Promise<void> => {
    const slow = ask(port);
    await sleep(150);
    await together(n)(port);
    await slow;
  };
}

/** The main thread ejects a host; the worker that takes requests hears of it a moment later. */
async function oneThenLater(port: number): Promise<void> {
  await ask(port);
  await sleep(500);
  await ask(port);
}
