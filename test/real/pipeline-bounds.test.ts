import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fields } from '../../src/envoy/fields.ts';
import { signals } from '../../src/signals/catalogue.ts';
import { derived } from '../../src/signals/labels.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { answering } from '../lab/backends/http1.ts';
import { ask } from '../lab/clients/http1.ts';
import { runLab } from '../lab/run.ts';
import type { Scenario } from '../lab/scenario.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { modelOf } from './pipeline/contract.ts';
import { type Stored, storedRecords } from './pipeline/stored.ts';
import { toCollector } from './pipeline/to-collector.ts';
import { total } from './pipeline/truth.ts';
import { startCollector } from './tools/collector.ts';
import type { Daemon } from './tools/daemon.ts';
import { freePorts } from './tools/ports.ts';
import { type Prometheus, startPrometheus } from './tools/prometheus.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-bounds-'));
const stored = join(dir, 'stored.json');
const spans = join(dir, 'spans.json');

/** Allowed values that would end a literal, a pattern or the Collector's own variables if they were pasted; more than a comparison takes. */
const allowed = ['checkout', 'search', 'a"b', `{}[]$1$\{x}`, '\\', "it's; drop", 'seventh', 'eighth'];

const contract = (traces: number): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  test:
    metrics: { to: prometheus, scrapeInterval: 1s }
    logs: { to: file, path: ${stored} }
    traces: { to: otlp, endpoint: "127.0.0.1:${traces}", insecure: true }
clusters:
  lab: { environment: test }
gateways:
  - { name: edge, namespace: lab }
labels:
  team: { from: header, header: x-team, values: ${JSON.stringify(allowed)} }
  tenant: { from: header, header: x-tenant, buckets: 16 }
tracing: { sampling: 100 }
accessLog:
  keepHealthy: 30
  redact: { client.address: network, user_agent.original: hash, http.request.header.x-forwarded-for: drop }
`;

const sent = { healthy: 400, failing: 10 };
const teams = [
  ...['checkout', 'checkout', 'search', 'CHECKOUT', 'checkout,search', 'a"b', "it's; drop", `{}[]$1$\{x}`, '%41', '\\'],
  ...['a\tb', 'x'.repeat(50_000), '-', 'other', 'none', 'checkout\u00e9'],
];

/** Headers that a stranger may choose, on requests that go well and on some that do not. */
const strangers: Scenario = {
  ...{ name: 'strangers', title: 'labels from headers', side: 'none', cause: null },
  expect: { status: 200, flags: [], details: 'via_upstream', lines: sent.healthy },
  prepare: async (kit) => {
    const backend = await kit.use(answering(200));
    return {
      endpoints: [backend.port],
      run: async (port) => {
        const path = '/users/4711471147/eyJhbGciOi.eyJzdWIi.c2ln/jo@example.com/deadbeefdeadbeef01/ok?token=hunter2';
        for (let i = 0; i < sent.healthy; i++) {
          const team = i < teams.length ? { 'x-team': Buffer.from(teams[i] ?? '').toString('latin1') } : {};
          const minted = i >= 100 && i < 200 ? { 'x-team': `minted-${i}` } : {};
          await ask(port, { path, headers: { 'x-tenant': `tenant-${i}`, ...team, ...minted } });
        }
      },
    };
  },
};

const failing: Scenario = {
  ...{ name: 'failing', title: 'answers 503', side: 'backend', cause: 'backend-5xx' },
  expect: { status: 503, flags: [], details: 'via_upstream', lines: sent.failing },
  prepare: async (kit) => {
    const backend = await kit.use(answering(503));
    return {
      endpoints: [backend.port],
      run: async (port) => {
        for (let i = 0; i < sent.failing; i++) await ask(port);
      },
    };
  },
};

const running: Daemon[] = [];
let prometheus: Prometheus;
let records: readonly Stored[] = [];

beforeAll(async () => {
  const [traces = 0] = await freePorts(1);
  const capture = {
    receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${traces}` } } } },
    exporters: { file: { path: spans } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] } },
    },
  };
  running.push(await startCollector(JSON.stringify(capture), join(dir, 'capture')));
  const model = modelOf(contract(traces));
  const generated = await generatedCollector(model, join(dir, 'collector'));
  const collector = await generated.start();
  const scrape = { job_name: 'collector', static_configs: [{ targets: [`127.0.0.1:${generated.ports.metrics}`] }] };
  prometheus = await startPrometheus(
    JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [scrape] }),
    join(dir, 'prometheus'),
  );
  running.push(prometheus);
  await runLab({
    scenarios: [strangers, failing],
    dir: join(dir, 'lab'),
    beside: toCollector(model, generated.ports.otlp),
  });
  await prometheus.queryUntil(
    `sum(${metricName(signals.requests, 'prometheus')})`,
    (s) => s[0]?.value === sent.healthy + sent.failing,
  );
  // Ends it, so that its queues are flushed.
  await collector.stop();
  records = storedRecords(readFileSync(stored, 'utf8'));
}, 120_000);

afterAll(async () => {
  for (const daemon of running.reverse()) await daemon.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('a header mints no series: what is not allowed ends as other, hostile text changes nothing, nothing is lost', async () => {
  const samples = await prometheus.query(metricName(signals.requests, 'prometheus'));
  const known = new Map([...[...allowed, 'other', 'none'].map((v) => [v, v] as const), ['-', 'none']]);
  const truth = total(
    Array.from({ length: sent.healthy }, (_, i) => (i >= 100 && i < 200 ? 'minted' : (teams[i] ?? 'none'))),
    (team) => known.get(team) ?? 'other',
    () => 1,
  );
  const counted = total(
    samples.filter((s) => s.labels['gateway'] === 'strangers.lab'),
    (s) => s.labels['team'] ?? '',
    (s) => s.value,
  );
  expect(counted).toEqual(truth);
  const tenants = new Set(samples.map((s) => s.labels['tenant'] ?? ''));
  expect([...tenants].filter((t) => !/^(b([0-9]|1[0-5])|none)$/.test(t))).toEqual([]);
  expect(tenants.size).toBe(17);
});

test('of the healthy three of ten are kept, each for three and a third; every failure is kept for itself', () => {
  // The backend refuses the 50 KB header: a 431 of its own.
  const healthy = records.filter(
    (r) => r.resource['service.name'] === 'strangers.lab' && r.attributes[fields.status.name] === 200,
  );
  // 120 expected; eight standard deviations to each side.
  expect(healthy.length).toBeGreaterThan(47);
  expect(healthy.length).toBeLessThan(193);
  expect(new Set(healthy.map((r) => r.attributes[derived.weight]))).toEqual(new Set([3.33333333333]));
  const failed = records.filter((r) => r.resource['service.name'] === 'failing.lab');
  expect(failed.map((r) => r.attributes[derived.weight])).toEqual(Array(sent.failing).fill(undefined));
  expect(failed.map((r) => [r.attributes[derived.side], r.severity])).toEqual(
    Array(sent.failing).fill(['backend', 'ERROR']),
  );
});

test('nothing is stored that the contract wants gone, and no value is longer than 2048', () => {
  const text = readFileSync(stored, 'utf8');
  expect(text).not.toMatch(/hunter2|jo@example|4711471147|eyJhbGci|deadbeefdeadbeef01|198\.51\.100\.7|lab\/1\.0/);
  for (const { attributes, body } of records) {
    expect(attributes[fields.downstreamAddress.name]).toBe('198.51.100.0');
    expect(attributes[fields.userAgent.name]).toBe(createHash('sha256').update('lab/1.0').digest('hex'));
    expect(attributes[fields.forwardedFor.name]).toBeUndefined();
    expect(body).toMatch(/^GET \/\S* \d{3} -$/);
    for (const value of Object.values(attributes)) expect(String(value).length).toBeLessThanOrEqual(2048);
  }
  const masked = records.find((r) => r.resource['service.name'] === 'strangers.lab');
  expect(masked?.attributes[fields.path.name]).toBe('/users/<number>/<token>/<email>/<hex>/ok');
  expect(masked?.attributes['tenant']).toMatch(/^tenant-\d+$/);
});

test("a request's log and span have one trace id; its URL has no query and its labels are bounded", () => {
  const text = readFileSync(spans, 'utf8');
  const ids = new Set([...text.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map((m) => m[1]));
  expect(ids.size).toBe(sent.healthy + sent.failing);
  expect(records.filter((r) => !ids.has(r.traceId))).toEqual([]);
  expect(text).not.toMatch(/hunter2|token=|minted-/);
});
