import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readManifests } from '../../src/contract/draft/manifests.ts';
import type { Cluster } from '../../src/contract/model.ts';
import { type Assumptions, assume, usual } from '../../src/cost/assume.ts';
import { costOf } from '../../src/cost/cost.ts';
import { LabelSets } from '../../src/cost/label-sets.ts';
import { customLabels } from '../../src/cost/labels.ts';
import { Measure } from '../../src/cost/measure.ts';
import type { AccessRecord } from '../../src/logs/record.ts';
import { signalIds, signals } from '../../src/signals/catalogue.ts';
import { type ScrapedSeries, scraped } from '../../src/signals/scraped.ts';
import { modelOf } from '../generate/model.ts';

const contract = (metrics = 'to: prometheus', labels = 'tenant') => `
version: 1
kgateway: { version: "2.4" }
environments:
  e:
    metrics: { ${metrics} }
    logs: { to: cloudwatch, group: /g, region: eu-west-1, retention: 30d }
    traces: { to: none }
    datadog: { site: datadoghq.eu, apiKey: { env: KEY } }
    accessLog: { keepHealthy: 10, keepSlowerThan: 3s }
clusters:
  c: { environment: e, collector: { replicas: 3 } }
labels:
  tenant: { from: header, header: x-tenant, values: [retail, business], gateways: [${labels === 'tenant' ? 'edge, inner' : 'edge'}] }
  ${labels === 'tenant' ? '' : 'partner: { from: header, header: x-partner, buckets: 8, gateways: [edge] }'}
  area: { from: literal, value: x }
gateways:
  - { name: edge, namespace: lab }
  - { name: inner, namespace: lab }
routes:
  - { name: cart, namespace: shop, gateways: [edge], backends: [shop/cart, shop/cart-canary] }
  - { name: pay, namespace: shop, gateways: [edge, inner], backends: [shop/pay] }
objectives:
  - { name: fast, kind: latency, under: 250ms, gatewayUnder: 50ms, target: 99, window: 7d, gateways: [inner] }
`;
const modelWith = (metrics?: string, labels?: string) => modelOf(contract(metrics, labels));
const clusterOf = (metrics?: string, labels?: string): Cluster => modelWith(metrics, labels).clusters[0] as Cluster;
const told: Assumptions = { ...usual, requestsPerSecond: undefined, routes: undefined };

const ok: AccessRecord = {
  route: 'r1',
  cluster: 'b1',
  status: 200,
  flags: [],
  duration: 12,
  attempts: 1,
  bytesReceived: 0,
  bytesSent: 10,
  requestDuration: 1,
  requestTxDuration: 3,
  details: 'via_upstream',
  time: Date.UTC(2026, 10, 26),
};
const failed: AccessRecord = {
  ...ok,
  status: 503,
  flags: ['URX', 'UF'],
  attempts: 3,
  details: 'upstream_reset_before_response_started{connection_timeout}',
  transportFailure: null,
};

describe('label sets in a log', () => {
  const custom = customLabels(clusterOf(undefined, 'both').gateways);
  const sizes = (records: readonly (readonly [AccessRecord, Record<string, unknown>])[]) => {
    const sets = new LabelSets(custom, signalIds);
    for (const [record, logged] of records) sets.add(record, logged);
    return { sets, of: Object.fromEntries(signalIds.map((id) => [id, sets.size(id).sets])) };
  };

  test('a fixed label multiplies nothing, the others are of the contract', () => {
    expect(custom.map((l) => l.name).sort()).toEqual(['partner', 'tenant']);
  });

  test('each signal has those of its own labels, and what lacks the number takes no part', () => {
    const { of } = sizes([
      [ok, {}],
      [ok, {}],
      [{ ...ok, status: 201 }, {}],
      [{ ...ok, status: 404 }, {}],
      [failed, {}],
      [{ ...failed, flags: ['UF'] }, {}],
      [{ route: null, cluster: null, status: null, flags: ['DC'], duration: null, attempts: null }, {}],
    ]);
    expect(of).toEqual({
      // 200, 201, 404, 503 UF (of one flag or two: the primary one), 0 DC
      requests: 5,
      // 2xx, 4xx, 5xx; the last has no duration
      duration: 3,
      // answered below 500 at the first try: one route
      handover: 1,
      // URX and UF of a backend, DC of none
      flags: 3,
      requestBytes: 1,
      responseBytes: 1,
      attempts: 1,
    });
  });

  test('values are held to their bounds, hashed as the Collector hashes them, by either name', () => {
    const many = Array.from({ length: 200 }, (_, i): [AccessRecord, Record<string, unknown>] => [
      ok,
      { partner: `p${i}`, tenant: i % 2 === 0 ? 'retail' : `unknown-${i}` },
    ]);
    const { of, sets } = sizes(many);
    const buckets = new Set(
      many.map(([, { partner, tenant }]) => {
        const hash = createHash('sha256').update(String(partner)).digest().readUInt32BE(0) % 8;
        return `${hash} ${tenant === 'retail'}`;
      }),
    );
    expect(of['requests']).toBe(buckets.size);
    expect(of['requests']).toBeGreaterThan(12);
    expect(sets.size('requests').bare).toBe(1);
    // Nobody pays for a label of the contract on what is made on demand.
    expect(of['handover']).toBe(1);
    expect(sets.unseen).toEqual([]);
  });

  test('a label that no line has is told', () => {
    const { sets } = sizes([[ok, { tenant: '-' }]]);
    expect(sets.unseen.map((l) => l.name)).toEqual(['partner']);
  });
});

describe('what is assumed without a log', () => {
  test("by the contract's routes, on their gateways", () => {
    const w = assume(modelWith(), clusterOf(), [], told);
    expect(w).toMatchObject({ gateways: 2, routes: 3, backends: 4, pods: 4, proxied: 8 });
    // edge: cart with two backends, pay with one; inner: pay. 2 allowed values, other, and absent.
    expect(w.sets('requests')).toEqual({ bare: 4 * 8, sets: 4 * 8 * 4 });
    expect(w.sets('duration')).toEqual({ bare: 4 * 3, sets: 4 * 3 * 4 });
    expect(w.sets('handover')).toEqual({ bare: 1, sets: 1 });
    expect(w.sets('attempts')).toEqual({ bare: 4, sets: 16 });
  });

  test('a label of one gateway multiplies only that one', () => {
    const w = assume(modelWith(undefined, 'both'), clusterOf(undefined, 'both'), [], told);
    expect(w.sets('responseBytes')).toEqual({ bare: 4, sets: 3 * 4 * 9 + 1 });
  });

  test('by HTTPRoutes: each match of each rule, with each of its backends', () => {
    const { objects } = readManifests(
      `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: a, namespace: shop }
spec:
  parentRefs: [{ name: edge, namespace: lab }]
  rules:
    - matches: [{ path: { value: /a } }, { path: { value: /b } }]
      backendRefs: [{ name: cart, port: 80 }, { name: canary, port: 80 }]
    - backendRefs: [{ name: cart, port: 80 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: elsewhere, namespace: shop }
spec: { parentRefs: [{ name: other, namespace: lab }], rules: [{ backendRefs: [{ name: x, port: 80 }] }] }
`,
      'routes.yaml',
    );
    const w = assume(modelWith(), clusterOf(), objects, told);
    expect(w).toMatchObject({ routes: 3, backends: 2, from: { routesFrom: 'manifests', elsewhere: 1 } });
    expect(w.sets('responseBytes').bare).toBe(5);
    expect(w.sets('flags').bare).toBe(6);
  });

  test('a route that does not say its gateways is on the only one; of several it is told that it is on none', () => {
    const without = (text: string) => text.replace('gateways: [edge], backends', 'backends');
    const both = modelOf(without(contract()));
    expect(assume(both, both.clusters[0] as Cluster, [], told).from).toMatchObject({ elsewhere: 1 });
    const one = modelOf(
      without(contract())
        .replace('  - { name: inner, namespace: lab }\n', '')
        .replaceAll('edge, inner', 'edge')
        .replace('gateways: [inner]', 'gateways: [edge]'),
    );
    const w = assume(one, one.clusters[0] as Cluster, [], told);
    expect(w).toMatchObject({ routes: 2, from: { elsewhere: 0 } });
  });

  test('as many as were told, on each gateway', () => {
    expect(assume(modelWith(), clusterOf(), [], { ...told, routes: 50 })).toMatchObject({ routes: 100, backends: 100 });
  });
});

describe('what it costs', () => {
  test('Prometheus: a histogram is its buckets, sum and count; each Collector has series of its own', () => {
    const cluster = clusterOf();
    const cost = costOf(cluster, assume(modelWith(), cluster, [], told));
    const of = (name: string) => cost.signals.find((s) => s.name === name);
    expect(of(signals.requests.name)).toMatchObject({ labelSets: 128, perSet: 1, series: 128 * 3, atMost: true });
    expect(of(signals.duration.name)).toMatchObject({ labelSets: 48, perSet: 19, series: 48 * 19 * 3 });
    expect(of(signals.handover.name)).toMatchObject({ labelSets: 1, series: 19 * 3, atMost: false });
    const signalsAlone = cost.signals.reduce((sum, s) => sum + s.series, 0);
    expect(cost.series).toBe(signalsAlone + cost.scraped.series);
    expect(cost.samplesPerSecond).toBeCloseTo(cost.series / 30);
    expect(cost.dollarsPerMonth).toBeUndefined();
    // Three quarters of what has the label.
    expect(cost.labels).toEqual([
      { name: 'tenant', values: 4, how: 'reckoned', gateways: 2, seriesLess: ((signalsAlone - 57) * 3) / 4 },
    ]);
  });

  test('Datadog: a distribution with percentiles is ten custom metrics, five cents each', () => {
    const cluster = clusterOf('to: datadog');
    const cost = costOf(cluster, assume(modelWith('to: datadog'), cluster, [], told));
    expect(cost.signals.find((s) => s.name === signals.duration.name)).toMatchObject({
      perSet: 10,
      series: 48 * 10 * 3,
    });
    expect(cost.dollarsPerMonth).toBeCloseTo(cost.series * 0.05);
    expect(cost.samplesPerSecond).toBeUndefined();
  });

  test("Envoy's own: what is needed is what the catalogue has, and all is more", () => {
    const envoy = (Object.values(scraped) as readonly ScrapedSeries[]).filter((s) => s.origin === 'envoy');
    const backend = envoy.filter((s) => 'backend' in s.labels);
    const units = (s: ScrapedSeries) => (s.type === 'histogram' ? 10 : 1);
    const cluster = clusterOf('to: datadog');
    const { scraped: own } = costOf(cluster, assume(modelWith('to: datadog'), cluster, [], told));
    expect(own.kept).toBe('needed');
    expect(own.perBackend).toBe(backend.reduce((sum, s) => sum + units(s), 0));
    expect(own.perPod).toBe(envoy.length - backend.length);
    expect(own.series).toBe(own.perBackend * 8 + own.perPod * 4);
    expect(own.otherwise).toBeGreaterThan(1.5 * own.series);
    const all = clusterOf('to: datadog, scraped: all');
    expect(costOf(all, assume(modelWith('to: datadog'), all, [], told)).scraped).toMatchObject({
      kept: 'all',
      series: own.otherwise,
      otherwise: own.series,
    });
  });

  test('logs: failures, retries and slow requests are kept whatever the sampling; months, bytes and dollars follow', () => {
    const cluster = clusterOf();
    const measure = new Measure(cluster);
    const start = Date.UTC(2026, 10, 26);
    // A thousand in a hundred seconds: 10 failed, 10 tried again, 10 slow.
    for (let i = 0; i < 1000; i++) {
      const of = i < 10 ? failed : i < 20 ? { ...ok, attempts: 2 } : i < 30 ? { ...ok, duration: 3001 } : ok;
      measure.add({ ...of, time: start + i * 100 }, {}, 800);
    }
    const { logs, workload } = costOf(cluster, measure.workload(2));
    expect(workload.alwaysKept).toBeCloseTo(0.03);
    expect(workload.requestsPerSecond).toBeCloseTo(10, 1);
    expect(logs.storedShare).toBeCloseTo(0.03 + 0.97 * 0.1);
    const month = (workload.requestsPerSecond ?? 0) * 2_629_800;
    expect(logs.unsampled).toBeCloseTo(month, 3);
    expect(logs.records).toBeCloseTo(month * 0.127, 3);
    expect(logs.gigabytes).toBeCloseTo((month * 0.127 * 800) / 1e9, 6);
    expect(logs.dollarsIn).toBeCloseTo((logs.gigabytes ?? 0) * 0.5, 9);
  });

  test('a log too short to tell a rate tells none', () => {
    const cluster = clusterOf();
    const measure = new Measure(cluster);
    measure.add(ok, {}, 800);
    measure.add({ ...ok, time: (ok.time ?? 0) + 59_000 }, {}, 800);
    const { logs } = costOf(cluster, measure.workload(2));
    expect(logs.records).toBeUndefined();
    expect(logs.storedShare).toBeCloseTo(0.1);
  });
});
