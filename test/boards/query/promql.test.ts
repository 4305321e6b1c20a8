import { describe, expect, test } from 'vitest';
import { gauge, increase, rate, ratio } from '../../../src/boards/query/expression.ts';
import { type PromqlContext, promql } from '../../../src/boards/query/promql.ts';

const board: PromqlContext = { path: 'scrape', scope: ['gateway', 'environment'], labels: [], use: 'board' };
const rule: PromqlContext = { ...board, scope: [], use: 'rule' };

describe('PromQL', () => {
  test('a rate, filtered by the variables that its series carries', () => {
    expect(promql(rate('requests', { by: ['route'], where: [{ label: 'side', is: ['backend'] }] }), board)).toBe(
      'sum by (route) (rate(gateway_requests_total{gateway=~"$gateway", environment=~"$environment", side="backend"}[$__rate_interval]))',
    );
  });

  test('growth over the view, and over a fixed window in a rule', () => {
    expect(promql(increase('requests'), { ...board, scope: [] })).toBe(
      'sum(increase(gateway_requests_total[$__range]))',
    );
    expect(promql(rate('noneHealthy', { by: ['backend'], window: 300_000 }), { ...rule, path: 'remote-write' })).toBe(
      'sum by (envoy_cluster_name) (rate(envoy_cluster_upstream_cx_none_healthy_total{envoy_cluster_name!~"xds_cluster|admin_port_cluster|gateway_proxy_sds"}[5m]))',
    );
  });

  test('a gauge and a ratio', () => {
    expect(promql(gauge('xdsConnected', 'min', { by: ['gateway'] }), rule)).toBe(
      'min by (gateway) (envoy_control_plane_connected_state)',
    );
    const all = rate('requests', { by: ['gateway'], window: 60_000 });
    const bad = rate('requests', {
      by: ['gateway'],
      window: 60_000,
      where: [{ label: 'side', not: ['none', 'client'] }],
    });
    const [a, b] = [
      'sum by (gateway) (rate(gateway_requests_total{side!~"none|client"}[1m]))',
      'sum by (gateway) (rate(gateway_requests_total[1m]))',
    ];
    expect(promql(ratio(bad, all), rule)).toBe(`(${a} or ${b} * 0) / (${b} > 0)`);
  });
});
