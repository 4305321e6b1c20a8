import { describe, expect, test } from 'vitest';
import type { Model } from '../src/contract/model.ts';
import { problemText } from '../src/contract/problem.ts';
import { readContract } from '../src/contract/read.ts';
import { resolve } from '../src/contract/resolve.ts';

const head = (version = '2.3') => `version: 1
kgateway: { version: "${version}" }
environments:
  prod: { metrics: { to: prometheus, retention: 30d }, logs: { to: file }, traces: { to: otlp, endpoint: "tempo:4317" }, accessLog: { keepHealthy: 5, extraFields: { a.b: "%PROTOCOL%" } }, tracing: { sampling: 1 } }
  dev: { metrics: { to: prometheus, retention: 30d }, logs: { to: loki, url: "http://loki/" } }
clusters:
  p1: { environment: prod, region: eu-west-1, collector: { replicas: 4, queue: { size: 50Gi } } }
  d1: { environment: dev }
`;

function modelOf(text: string): Model {
  const reading = readContract(text);
  if (!reading.ok) throw new Error(reading.problems.map((p) => problemText('contract', p)).join('\n'));
  return resolve(reading.contract);
}

const gateways = `gateways:
  - { name: public }
  - { name: inner, namespace: shop, clusters: [p1], accessLog: { otlp: false, file: {} }, tracing: { sampling: 50 } }
`;

describe('what is not said has a value', () => {
  const model = modelOf(head() + gateways);
  const cluster = (name: string) => model.clusters.find((c) => c.name === name);

  test('a gateway without clusters is on all of them, under its identity', () => {
    expect(model.clusters.map((c) => c.gateways.map((g) => g.id))).toEqual([
      ['public.kgateway-system', 'inner.shop'],
      ['public.kgateway-system'],
    ]);
    expect(cluster('p1')?.gateways[0]?.clusters).toEqual(['p1', 'd1']);
  });

  test('a cluster overrides its Collector key by key', () => {
    expect(cluster('p1')?.collector).toMatchObject({
      replicas: 4,
      maxReplicas: 4,
      version: '0.155.0',
      queue: { size: '50Gi', persistent: true, records: 500_000 },
    });
    expect(cluster('d1')?.collector).toMatchObject({ replicas: 2, maxReplicas: 2, queue: { size: '5Gi' } });
  });

  test('sampling: the environment over the top, the weight its inverse', () => {
    expect(cluster('p1')?.accessLog.sampling).toEqual({
      healthyPercent: 5,
      healthyWeight: 20,
      keepSlowerThanMs: undefined,
    });
    expect(cluster('d1')?.accessLog.sampling.healthyWeight).toBe(1);
    expect(cluster('p1')?.gateways[1]?.accessLog).toMatchObject({
      otlp: false,
      file: { path: '/dev/stdout' },
      sampling: { healthyPercent: 5 },
      extraFields: [{ name: 'a.b', format: '%PROTOCOL%' }],
    });
  });

  test('tracing: gateway over environment over top, off where traces go nowhere', () => {
    expect(cluster('p1')?.gateways.map((g) => g.tracing.samplingPercent)).toEqual([1, 50]);
    expect(cluster('p1')?.gateways[0]?.tracing.enabled).toBe(true);
    expect(cluster('d1')?.gateways[0]?.tracing).toMatchObject({ enabled: false, samplingPercent: 10 });
  });

  test('no slash is doubled behind a base URL', () => {
    expect(cluster('d1')?.environment.logs).toMatchObject({ to: 'loki', url: 'http://loki' });
  });
});

test('an Envoy that lacks an operator is not asked for it', () => {
  const fieldsOf = (version: string) => modelOf(head(version) + gateways).clusters[0]?.accessLog.fields ?? [];
  const added = fieldsOf('2.3').filter((id) => !fieldsOf('2.2').includes(id));
  expect(added).toEqual(['hostsAttempted']);
  expect(fieldsOf('2.4')).toEqual(fieldsOf('2.3'));
});

test('labels: where from, how bounded, and a literal with the value of its gateway', () => {
  const { labels, clusters } = modelOf(`${head('2.4')}gateways:
  - { name: public, labels: { area: edge } }
  - { name: inner, namespace: shop }
labels:
  team: { from: header, header: X-Team, values: [a, ${'b'.repeat(100)}] }
  user: { from: header, header: x-user, buckets: 32, gateways: [public] }
  trace.me: { from: header, header: x-trace-me, on: [logs] }
  tier: { from: pod-label, label: tier }
  area: { from: literal, value: platform }
`);
  expect(labels.map((l) => [l.name, l.bound.kind])).toEqual([
    ['team', 'values'],
    ['user', 'buckets'],
    ['trace.me', 'not-on-metrics'],
    ['tier', 'operator'],
    ['area', 'operator'],
  ]);
  // One byte longer than the longest allowed value, so that a longer one cut short can't pass for it.
  expect(labels[0]?.from).toEqual({ kind: 'header', header: 'x-team', maxLength: 101 });
  expect(labels[2]?.on).toEqual({ metrics: false, logs: true, traces: false });
  const [pub, inner] = clusters[0]?.gateways ?? [];
  expect(pub?.labels.map((l) => l.name)).toEqual(['team', 'user', 'trace.me', 'tier', 'area']);
  expect(inner?.labels.map((l) => l.name)).toEqual(['team', 'trace.me', 'tier', 'area']);
  expect(pub?.labels.at(-1)?.from).toEqual({ kind: 'literal', value: 'edge' });
  expect(inner?.labels.at(-1)?.from).toEqual({ kind: 'literal', value: 'platform' });
});

test('objectives name whole ids and exact shares', () => {
  const { objectives } = modelOf(`${head()}${gateways}objectives:
  - { name: up, kind: availability, target: 99.9 }
  - { name: quick, kind: latency, under: 500ms, target: 99.95, gateways: [inner], environments: [prod], window: 7d }
`);
  expect(objectives[0]).toMatchObject({
    target: 0.999,
    windowDays: 30,
    environments: ['prod', 'dev'],
    gateways: ['public.kgateway-system', 'inner.shop'],
    indicator: { kind: 'availability' },
  });
  expect(objectives[1]).toMatchObject({
    target: 0.9995,
    windowDays: 7,
    environments: ['prod'],
    gateways: ['inner.shop'],
    indicator: { kind: 'latency', thresholdMs: 500, gatewayThresholdMs: undefined },
  });
});

test("the gateway's own time is measured of the gateways of which an objective promises it, where it does, and of no other", () => {
  const measured = (promise: string): readonly string[] =>
    modelOf(`${head()}${gateways}objectives:
  - { name: quick, kind: latency, under: 500ms, target: 99, window: 7d, ${promise} }
`).clusters.flatMap((c) => c.handoverGateways.map((id) => `${id} in ${c.name}`));
  const all = ['public.kgateway-system in p1', 'inner.shop in p1', 'public.kgateway-system in d1'];
  expect(measured('environments: [prod]')).toEqual([]);
  expect(measured('gatewayUnder: 50ms')).toEqual(all);
  expect(measured('gatewayUnder: 50ms, environments: [prod]')).toEqual(all.slice(0, 2));
  expect(measured('gatewayUnder: 50ms, gateways: [inner]')).toEqual(['inner.shop in p1']);
  expect(measured('gatewayUnder: 50ms, gateways: [inner], environments: [dev]')).toEqual([]);
});

test('aliases stand for what they repeat; a bomb of them is refused', () => {
  const shared = `${head().replace('dev: { metrics', 'dev: &dev { metrics')}\n`;
  expect(
    modelOf(shared.replace('clusters:', '  qa: *dev\nclusters:') + gateways).environments.map((e) => e.name),
  ).toEqual(['prod', 'dev', 'qa']);
  const bomb = [
    'a0: &a0 [x]',
    ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`),
  ];
  const reading = readContract(bomb.join('\n'));
  expect(reading.ok ? '' : reading.problems[0]?.message).toContain('alias');
});
