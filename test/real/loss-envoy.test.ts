import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { signals } from '../../src/signals/catalogue.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { bootstrap } from '../lab/bootstrap.ts';
import { type Envoy, startEnvoy } from '../lab/envoy.ts';
import type { Site } from '../lab/scenario.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { modelOf } from './pipeline/contract.ts';
import { storedRecords } from './pipeline/stored.ts';
import { gatewayId, toCollector } from './pipeline/to-collector.ts';
import { requestOf, total } from './pipeline/truth.ts';
import { freePorts } from './tools/ports.ts';
import { startPrometheus } from './tools/prometheus.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-loss-envoy-'));
const stopping: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stopping.reverse()) await stop();
  rmSync(dir, { recursive: true, force: true });
});

const stored = join(dir, 'stored.json');
const contract = `
version: 1
kgateway: { version: "2.4" }
environments:
  test:
    metrics: { to: prometheus, scrapeInterval: 1s }
    logs: { to: file, path: ${stored} }
    traces: { to: none }
clusters: { lab: { environment: test } }
gateways: [{ name: edge, namespace: lab }]
`;

/** Each Envoy has one worker, and a worker has one connection to the Collector. */
const envoys = 8;
const requestsEach = { fine: 2000, empty: 400, refused: 100 };

/** Asks `count` times over four connections, one request after the other on each. */
async function ask(port: number, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0)
      await new Promise<void>((resolve, reject) => {
        get({ port, host: '127.0.0.1', agent, path: `/items/${left}` }, (answer) => {
          answer.resume().once('end', resolve);
        }).once('error', reject);
      });
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  agent.destroy();
}

test('eight real Envoys at full speed: Prometheus and the store have exactly what they wrote in their files', async () => {
  const model = modelOf(contract);
  const generated = await generatedCollector(model, dir);
  const collector = await generated.start();
  stopping.push(collector.stop);
  const scrape = { job_name: 'collector', static_configs: [{ targets: [`127.0.0.1:${generated.ports.metrics}`] }] };
  const prometheus = await startPrometheus(
    JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [scrape] }),
    join(dir, 'prometheus'),
  );
  stopping.push(prometheus.stop);

  const [closed = 0] = await freePorts(1);
  const run = (): Promise<void> => Promise.resolve();
  const sites = new Map<string, Site>([
    ['fine', { route: { direct_response: { status: 200, body: { inline_string: 'ok\n' } } }, run }],
    ['empty', { endpoints: [], run }],
    ['refused', { endpoints: [closed], run }],
  ]);
  const homes = Array.from({ length: envoys }, (_, i) => join(dir, `envoy-${i}`));
  const running: Envoy[] = [];
  for (const home of homes) {
    const beside = toCollector(model, generated.ports.otlp);
    const envoy = await startEnvoy(bootstrap(sites, home, {}, beside), home);
    stopping.push(envoy.stop);
    running.push(envoy);
  }

  const start = performance.now();
  await Promise.all(
    running.flatMap((envoy) =>
      Object.entries(requestsEach).map(([name, count]) => ask(envoy.ports.get(name) ?? 0, count)),
    ),
  );
  const seconds = (performance.now() - start) / 1000;
  // Envoy sends once a second, and loses what it holds when it ends.
  await sleep(2000);
  const dropped = await Promise.all(running.map((envoy) => envoy.admin('/stats?filter=logs_dropped')));
  await Promise.all(running.map((envoy) => envoy.stop()));

  const lines = homes.flatMap((home) => readFileSync(join(home, 'vigia.log'), 'utf8').trim().split('\n'));
  const truth = lines.map(requestOf);
  expect(truth.length).toBe(envoys * Object.values(requestsEach).reduce((a, b) => a + b, 0));
  const name = metricName(signals.requests, 'prometheus');
  await prometheus.queryUntil(`sum(${name})`, (s) => s[0]?.value === truth.length, 30_000);
  const labels = ['gateway', 'route', 'backend', 'http_response_status_code', 'envoy_response_flag', 'side'];
  const series = await prometheus.query(name);
  const sum = series.reduce((n, s) => n + s.value, 0);
  process.stderr.write(
    `loss: ${envoys} Envoys, ${Math.round(truth.length / seconds)} requests/s: ${sum} of ${truth.length} counted\n`,
  );
  for (const stats of dropped) expect(stats).toContain('logs_dropped');
  expect(dropped.join('').match(/logs_dropped: (?!0$)\d+/gm) ?? []).toEqual([]);
  expect(
    total(
      series,
      (s) => labels.map((l) => s.labels[l] ?? '').join(' '),
      (s) => s.value,
    ),
  ).toEqual(
    total(
      truth,
      (r) => [gatewayId(r.route.replace('route-', '')), r.route, r.backend, r.status, r.flag, r.side].join(' '),
      () => 1,
    ),
  );
  expect(new Set(truth.map((r) => r.flag))).toEqual(new Set(['-', 'UH', 'UF']));
  expect(storedRecords(readFileSync(stored, 'utf8')).length).toBe(truth.length);
});
