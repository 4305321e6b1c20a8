import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rate, under } from '../../../src/boards/query/expression.ts';
import { type PromqlContext, promql } from '../../../src/boards/query/promql.ts';
import { envoyExposes } from '../../../src/cost/scraped.ts';
import { generateCollector } from '../../../src/generate/collector/index.ts';
import { edgesOf } from '../../../src/signals/edges.ts';
import { seriesIds, seriesOf } from '../../../src/signals/series.ts';
import { seriesName } from '../../../src/signals/spelling.ts';
import { exampleModel } from '../../generate/model.ts';
import { bootstrap } from '../../lab/bootstrap.ts';
import { type Envoy, startEnvoy } from '../../lab/envoy.ts';
import { makeKit } from '../../lab/kit.ts';
import type { Site } from '../../lab/scenario.ts';
import { scenarios } from '../../lab/scenarios/index.ts';
import { onFreePorts } from '../pipeline/collector.ts';
import { modelOf } from '../pipeline/contract.ts';
import { toCollector } from '../pipeline/to-collector.ts';
import { startCollector } from '../tools/collector.ts';
import type { Daemon } from '../tools/daemon.ts';
import { type Prometheus, startPrometheus } from '../tools/prometheus.ts';
import { controlPlane, controlPlaneCluster, failingOpen, kgatewayPage, type Page, withoutKubernetes } from './parts.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-spelling-'));
const { kit, close } = makeKit(dir);
const seen = join(dir, 'seen.json');
const needed = join(dir, 'needed.json');
const running: { stop(): Promise<void> }[] = [];
let page: Page;
let own = '';
let statistics = '';
let used = '';
const names = new Map<string, ReadonlySet<string>>();
const stores = new Map<string, Prometheus>();

const types = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((m) => [m[1] ?? '', m[2] ?? '']));

beforeAll(async () => {
  const pushed = await startPrometheus('{}', join(dir, 'pushed'));
  running.push(pushed);
  const model = modelOf(`
version: 1
kgateway: { version: "2.4" }
environments:
  test:
    metrics: { to: prometheus, mode: remote-write, url: "${pushed.url}/api/v1/write", scrapeInterval: 1s }
    logs: { to: file, path: ${join(dir, 'stored.json')} }
    traces: { to: none }
clusters:
  lab: { environment: test }
gateways:
  - { name: edge, namespace: lab }
objectives:
  - { name: fast, kind: latency, under: 250ms, gatewayUnder: 50ms, target: 99, window: 7d }
`);
  const { ports, config } = await onFreePorts(generateCollector(model)[0]?.content ?? '');
  page = await kgatewayPage();
  const [envoy, send] = await startedEnvoy(ports.otlp, model);
  running.push(envoy);
  const admin = readFileSync(join(dir, 'envoy', 'admin-address'), 'utf8').trim();
  const targets = { envoy: admin, kgateway: `127.0.0.1:${page.port}` };
  const text = withoutKubernetes(config, targets, seen, relabelsForDatadog(), needed);
  const env = { MY_POD_IP: '127.0.0.1', POD_NAME: 'collector-0', QUEUE_DIR: join(dir, 'queue') };
  mkdirSync(join(dir, 'queue'));
  const collector: Daemon = await startCollector(text, dir, env);
  running.push(collector);
  const job = (name: string, target: string, path = '/metrics') => ({
    job_name: name,
    metrics_path: path,
    static_configs: [{ targets: [target] }],
  });
  const scraping = await startPrometheus(
    JSON.stringify({
      global: { scrape_interval: '5s' },
      scrape_configs: [
        job('envoy', admin, '/stats/prometheus'),
        job('own', `127.0.0.1:${ports.own}`),
        job('kgateway', `127.0.0.1:${page.port}`),
      ],
    }),
    join(dir, 'scraping'),
  );
  running.push(scraping);
  await send();
  await sleep(22_000);
  statistics = await envoy.admin('/stats/prometheus');
  used = await envoy.admin('/stats/prometheus?usedonly');
  own = await (await fetch(`http://127.0.0.1:${ports.own}/metrics`)).text();
  for (const [path, store] of [
    ['remote-write', pushed],
    ['scrape', scraping],
  ] as const) {
    const all = (await (await fetch(`${store.url}/api/v1/label/__name__/values`)).json()) as { data: string[] };
    names.set(path, new Set(all.data));
    stores.set(path, store);
  }
}, 240_000);

/** Of the Collector's configuration where metrics go to Datadog, which can't be run against it: by job. */
function relabelsForDatadog(): ReadonlyMap<string, unknown> {
  const [made] = generateCollector(exampleModel('large')).filter((a) => a.content.includes('datadog:'));
  const config = parse(made?.content ?? '') as {
    receivers: { prometheus: { config: { scrape_configs: { job_name: string; metric_relabel_configs?: unknown }[] } } };
  };
  const jobs = config.receivers.prometheus.config.scrape_configs;
  expect(jobs.filter((job) => job.metric_relabel_configs === undefined)).toEqual([]);
  return new Map(jobs.map((job) => [job.job_name, job.metric_relabel_configs]));
}

async function startedEnvoy(otlp: number, model: ReturnType<typeof modelOf>): Promise<[Envoy, () => Promise<unknown>]> {
  const home = join(dir, 'envoy');
  mkdirSync(join(home, 'main'), { recursive: true });
  mkdirSync(join(dir, 'main'), { recursive: true });
  writeFileSync(join(dir, 'trusted.pem'), kit.trusted.cert);
  const sites = new Map<string, Site>();
  for (const s of scenarios.filter((s) => (s.instance ?? 'main') === 'main')) sites.set(s.name, await s.prepare(kit));
  sites.set(
    'failing-open',
    failingOpen(page.port, (port) => fetch(`http://127.0.0.1:${port}/`)),
  );
  const beside = toCollector(model, otlp);
  const config = bootstrap(sites, home, controlPlane, {
    ...beside,
    clusters: [...beside.clusters, controlPlaneCluster],
  });
  const envoy = await startEnvoy(config, home);
  const send = (): Promise<unknown> =>
    Promise.all(
      [...sites].map(([name, site]) =>
        Promise.race([site.run(envoy.ports.get(name) ?? 0), sleep(20_000, undefined, { ref: false })]),
      ),
    );
  return [envoy, send];
}

afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
  page?.close();
  await close();
  rmSync(dir, { recursive: true, force: true });
});

/** Labels that relabelling adds, not the program. */
const added = ['gateway', 'environment', 'cluster', 'instance'];

test.each([
  ['envoy', () => statistics],
  ['collector', () => own],
] as const)(
  'every series of %s in the catalogue is one that it prints, of that type and with those labels',
  (origin, text) => {
    const printed = types(text());
    const wrong = seriesIds.flatMap((id) => {
      const { name, type, labels, ...s } = seriesOf(id);
      if (s.origin !== origin) return [];
      if (printed.get(name) !== type) return [`${id}: ${name} is ${printed.get(name) ?? 'not there'}, not a ${type}`];
      const lines = text()
        .split('\n')
        .filter((l) => new RegExp(`^${name}(_bucket)?[{ ]`).test(l));
      const attributes = Object.entries(labels).flatMap(([l, a]) => (added.includes(l) ? [] : [a]));
      return attributes
        .filter((a) => !lines.some((l) => l.includes(`${a}="`)))
        .map((a) => `${id}: ${name} has no ${a}`);
    });
    expect(wrong).toEqual([]);
  },
);

test('a backend has as many series as `vigia cost` reckons with, or fewer', () => {
  const plain = new Map<string, number>();
  const histograms = new Map<string, number>();
  const more = (of: Map<string, number>, name: string) => of.set(name, (of.get(name) ?? 0) + 1);
  for (const [, name = '', backend = ''] of used.matchAll(/^(\w+)\{[^}\n]*envoy_cluster_name="(cluster_[^"]*)"/gm))
    if (name.endsWith('_count')) more(histograms, backend);
    else if (!/_(bucket|sum)$/.test(name)) more(plain, backend);
  const { backend } = envoyExposes;
  expect(plain.size).toBeGreaterThan(50);
  const most = Math.max(...plain.values());
  expect(most).toBeLessThanOrEqual(backend.plain);
  expect(most).toBeGreaterThan(0.8 * backend.plain);
  expect(Math.max(...histograms.values())).toBe(backend.histograms);
});

test("Envoy's edges are those of the catalogue", () => {
  const edges = [...statistics.matchAll(/^envoy_cluster_upstream_rq_time_bucket\{.*le="([\d.]+)"\}/gm)].map((m) =>
    Number(m[1]),
  );
  expect([...new Set(edges)]).toEqual(edgesOf('upstreamTime'));
});

/** Metrics in a file of the Collector's, by name, and their kinds. */
function handedIn(text: string): ReadonlyMap<string, string> {
  const metric = /\{"name":"([^"]+)",(?:"(?:description|unit)":"(?:[^"\\]|\\.)*",)*"(sum|gauge|histogram)":/g;
  return new Map([...text.matchAll(metric)].map(([, name = '', kind = '']) => [name, kind]));
}

test("what Datadog's exporter would be handed has the names and kinds that are asked there", () => {
  const handed = handedIn(`${readFileSync(seen, 'utf8')}${readFileSync(needed, 'utf8')}`);
  const kinds = { counter: 'sum', gauge: 'gauge', histogram: 'histogram' } as const;
  const wrong = seriesIds.flatMap((id) => {
    const [name, kind] = [seriesName(seriesOf(id), 'datadog'), kinds[seriesOf(id).type]];
    return handed.get(name) === kind ? [] : [`${id}: ${name} is ${handed.get(name) ?? 'not there'}, not a ${kind}`];
  });
  expect(wrong).toEqual([]);
});

test('and of what others expose nothing that nobody asks for', () => {
  const handed = new Set(handedIn(readFileSync(needed, 'utf8')).keys());
  const asked = new Set(seriesIds.map((id) => seriesOf(id).name));
  // What a scrape says of itself is no series of the program's.
  const more = [...handed].filter((name) => !asked.has(name) && name !== 'up' && !name.startsWith('scrape_'));
  expect(more).toEqual([]);
  expect([...handed].filter((name) => asked.has(name)).length).toBeGreaterThan(60);
  expect(readFileSync(needed, 'utf8')).not.toMatch(/"stringValue":"(xds_cluster|admin)"/);
  expect(types(statistics).size).toBeGreaterThan(3 * [...handed].filter((name) => name.startsWith('envoy_')).length);
});

test("and Envoy's clusters under both names, so that Datadog's groups meet those of the signals", () => {
  const tags = /\{"key":"(backend|envoy_cluster_name)","value":\{"stringValue":"([^"]*)"\}\}/g;
  const points = [...readFileSync(needed, 'utf8').matchAll(/"attributes":(\[\{"key".*?\}\])[,}]/g)].flatMap(
    ([, list = '']) => {
      const found = Object.fromEntries([...list.matchAll(tags)].map(([, key = '', value = '']) => [key, value]));
      return found['envoy_cluster_name'] === undefined ? [] : [found];
    },
  );
  expect(points.length).toBeGreaterThan(1000);
  expect(points.filter((p) => p['backend'] !== p['envoy_cluster_name'])).toEqual([]);
  expect(points.map((p) => p['backend'])).toContain('cluster_no_endpoints');
});

describe.each(['scrape', 'remote-write'] as const)('in a real Prometheus by %s', (path) => {
  test('every series has the name that the path gives it', () => {
    const wrong = seriesIds.flatMap((id) => {
      const series = seriesOf(id);
      // Signals by scrape: pipeline.test.ts.
      if (path === 'scrape' && series.origin === 'access-log') return [];
      const name = `${seriesName(series, path)}${series.type === 'histogram' ? '_bucket' : ''}`;
      return names.get(path)?.has(name) ? [] : [`${id}: ${name}`];
    });
    expect(wrong).toEqual([]);
    expect(names.get('scrape')?.has('envoy_cluster_upstream_cx_connect_fail_total')).toBe(false);
    expect(names.get('remote-write')?.has('envoy_cluster_upstream_cx_connect_fail')).toBe(false);
  });

  test('tries are counted once, though a Collector gives another statistic the same name', async () => {
    const at: PromqlContext = { path, scope: [], labels: [], use: 'rule' };
    const where = [{ label: 'backend', prefix: 'cluster_' }] as const;
    const of = promql(rate('upstreamRequests', { window: 60_000, where }), at);
    const counted = await stores.get(path)?.query(`sum(${/envoy_\w+\{[^{}]*\}/.exec(of)?.[0]})`);
    const truth = [
      ...statistics.matchAll(/^envoy_cluster_upstream_rq_total\{envoy_cluster_name="cluster_[^"]*"\} (\d+)$/gm),
    ];
    expect(counted?.[0]?.value).toBe(truth.reduce((n, m) => n + Number(m[1]), 0));
    expect(counted?.[0]?.value).toBeGreaterThan(100);
    const twins = await stores.get(path)?.query('count(envoy_cluster_upstream_rq_total{envoy_response_code!=""})');
    expect(twins?.length).toBe(path === 'scrape' ? 0 : 1);
  });

  test('a bucket is found by its edge, whole or not', async () => {
    const at: PromqlContext = { path, scope: [], labels: [], use: 'rule' };
    for (const bound of [0.5, 1, 1000]) {
      const expression = promql(under('upstreamTime', bound, { window: 60_000 }), at);
      const [bucket] = /envoy_cluster_upstream_rq_time_bucket\{[^{}]*\}/.exec(expression) ?? [];
      expect((await stores.get(path)?.query(`count(${bucket})`))?.[0]?.value, bucket).toBeGreaterThan(10);
    }
  });
});
