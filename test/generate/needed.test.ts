import { expect, test } from 'vitest';
import type { Cluster } from '../../src/contract/model.ts';
import { collectorConfig } from '../../src/generate/collector/config.ts';
import { podMonitors } from '../../src/generate/kgateway/pod-monitors.ts';
import { neededOnly, type SeriesRule } from '../../src/signals/needed.ts';
import { type ScrapedSeries, scraped } from '../../src/signals/scraped.ts';
import { modelOf } from './model.ts';

const origins = ['envoy', 'kgateway', 'collector'] as const;

/** Prometheus' keep and drop: anchored. */
const stays = (labels: Readonly<Record<string, string>>, rules: readonly SeriesRule[]): boolean =>
  rules.every(
    ({ action, attribute, regex }) =>
      new RegExp(`^(?:${regex})$`).test(labels[attribute] ?? '') === (action === 'keep'),
  );

test.each(origins)('everything of %s that a query may ask for stays, and nothing beside it', (origin) => {
  const rules = neededOnly(origin);
  const all = (Object.values(scraped) as readonly ScrapedSeries[]).filter((s) => s.origin === origin);
  const names = all.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  expect(names.filter((name) => !stays({ __name__: name }, rules))).toEqual([]);
  const others = names.flatMap((name) => [`${name}_x`, `x_${name}`, name.slice(0, -1)]);
  expect(others.filter((name) => !names.includes(name) && stays({ __name__: name }, rules))).toEqual([]);
});

test("kgateway's own listeners and clusters go, and backends whose names contain theirs stay", () => {
  const rules = neededOnly('envoy');
  const request = { __name__: 'envoy_http_downstream_rq_total' };
  const tries = { __name__: 'envoy_cluster_upstream_rq_total' };
  expect(stays({ ...request, envoy_http_conn_manager_prefix: 'admin' }, rules)).toBe(false);
  expect(stays({ ...request, envoy_http_conn_manager_prefix: 'admin-ui' }, rules)).toBe(true);
  expect(stays({ ...tries, envoy_cluster_name: 'xds_cluster' }, rules)).toBe(false);
  expect(stays({ ...tries, envoy_cluster_name: 'kube_a_xds_cluster_80' }, rules)).toBe(true);
  // Their twin has a label that is never meant, but its name is another.
  expect(stays({ ...tries, envoy_response_code: '200' }, rules)).toBe(true);
});

const contract = (metrics: string) => `
version: 1
kgateway: { version: "2.4" }
environments:
  e:
    metrics: ${metrics}
    logs: { to: file }
    traces: { to: none }
    datadog: { site: datadoghq.eu, apiKey: { env: KEY } }
clusters:
  c: { environment: e }
gateways:
  - { name: edge, namespace: lab }
`;

const remote = 'to: prometheus, mode: remote-write, url: "https://mimir.example.com/api/v1/push"';

test.each([
  ['{ to: datadog }', true],
  ['{ to: datadog, scraped: all }', false],
  [`{ ${remote} }`, false],
  [`{ ${remote}, scraped: needed }`, true],
])("the Collector's scrapes with metrics: %s", (metrics, needed) => {
  const model = modelOf(contract(metrics));
  const config = JSON.stringify(collectorConfig(model.clusters[0] as Cluster, model.kgateway));
  for (const origin of origins)
    expect(config.includes(JSON.stringify(neededOnly(origin)[0]?.regex)), origin).toBe(needed);
});

test.each([
  ['{ to: prometheus }', 0],
  ['{ to: prometheus, scraped: needed }', 3],
])('monitors with metrics: %s', (metrics, count) => {
  const model = modelOf(contract(metrics).replace(/ {4}datadog.*\n/, ''));
  const monitors = podMonitors(model.clusters[0] as Cluster, model.kgateway);
  const endpoints = monitors.flatMap((m) => m.spec?.['podMetricsEndpoints'] as Record<string, unknown>[]);
  expect(endpoints).toHaveLength(4);
  const rules = endpoints.flatMap((e) => (e['metricRelabelings'] as { action: string }[]) ?? []);
  expect(rules.filter(({ action }) => action === 'keep')).toHaveLength(count);
});
