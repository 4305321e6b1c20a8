import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import {
  gauge,
  increase,
  mean,
  minus,
  observations,
  quantile,
  rate,
  ratio,
  scale,
  top,
  under,
  zero,
} from '../../../src/boards/query/expression.ts';
import { type PromqlContext, promql } from '../../../src/boards/query/promql.ts';
import { literal, quoted } from '../../../src/boards/query/promql-text.ts';
import { askedBy, labContext } from '../queries.ts';
import { filled } from './filled.ts';
import { hostile, hostileText } from './hostile.ts';

const board: PromqlContext = { path: 'scrape', scope: ['gateway', 'environment'], labels: [], use: 'board' };
const plain: PromqlContext = { ...board, scope: [] };
const rule: PromqlContext = { ...plain, use: 'rule' };

/** Where Prometheus' own grammar finds no PromQL; empty when it is all PromQL. */
function errorsIn(text: string): readonly string[] {
  const errors: string[] = [];
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError) errors.push(`${node.from}: ${text.slice(Math.max(0, node.from - 20), node.from + 20)}`);
    },
  });
  return errors;
}

/** The strings in a PromQL text, as the grammar finds them. */
function stringsIn(text: string): readonly string[] {
  const found: string[] = [];
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.name === 'StringLiteral') found.push(text.slice(node.from, node.to));
    },
  });
  return found;
}

describe('PromQL', () => {
  test('a rate, filtered by the variables that its series carries', () => {
    expect(promql(rate('requests', { by: ['route'], where: [{ label: 'side', is: ['backend'] }] }), board)).toBe(
      'sum by (route) (rate(gateway_requests_total{gateway=~"$gateway", environment=~"$environment", side="backend"}[$__rate_interval]))',
    );
    expect(promql(rate('recordsReceived'), board)).toBe(
      'sum(rate(otelcol_receiver_accepted_log_records{environment=~"$environment"}[$__rate_interval]))',
    );
  });

  test('growth over the view, and over a fixed window in a rule', () => {
    expect(promql(increase('requests'), plain)).toBe('sum(increase(gateway_requests_total[$__range]))');
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

  test('histograms: quantile, mean, share under an edge, count', () => {
    const window = 300_000;
    const h = 'http_server_request_duration_seconds';
    expect(promql(quantile('duration', 0.99, { window, by: ['gateway'] }), rule)).toBe(
      `histogram_quantile(0.99, sum by (gateway, le) (rate(${h}_bucket[5m]))) >= 0`,
    );
    expect(promql(mean('duration', { window }), rule)).toBe(
      `sum(rate(${h}_sum[5m])) / (sum(rate(${h}_count[5m])) > 0)`,
    );
    expect(promql(under('duration', 0.5, { window }), rule)).toBe(
      `sum(rate(${h}_bucket{le="0.5"}[5m])) / (sum(rate(${h}_count[5m])) > 0)`,
    );
    expect(promql(under('duration', 1, { window }), rule)).toContain('{le=~"1|1\\\\.0"}');
    expect(promql(under('duration', 1, { window }), { ...rule, path: 'remote-write' })).toContain('{le="1"}');
    expect(promql(observations('duration'), plain)).toBe(`sum(rate(${h}_count[$__rate_interval]))`);
  });

  test('the greatest of a graph are those of the whole view; of one moment those of that moment', () => {
    expect(promql(top(5, rate('requests', { by: ['route'] })), plain)).toBe(
      'sum by (route) (rate(gateway_requests_total[$__rate_interval])) and topk(5, sum by (route) (increase(gateway_requests_total[$__range] @ end())))',
    );
    expect(promql(top(5, increase('requests', { by: ['route'] })), plain)).toBe(
      'topk(5, sum by (route) (increase(gateway_requests_total[$__range])))',
    );
  });

  test('nothing counted is nought, where one can tell of whom', () => {
    const retries = rate('retries', { by: ['gateway'] });
    expect(promql(zero(rate('replacements')), plain)).toBe(
      'sum(rate(kgateway_routing_replacements_total[$__rate_interval])) or vector(0)',
    );
    expect(promql(zero(retries, gauge('live', 'sum', { by: ['gateway'] })), plain)).toMatch(
      / or sum by \(gateway\) \(envoy_server_live\) \* 0$/,
    );
  });

  test('two spellings of one label meet under the first', () => {
    const text = promql(
      minus(mean('duration', { by: ['backend'] }), scale(0.001, mean('upstreamTime', { by: ['backend'] }))),
      plain,
    );
    expect(text).toContain('sum by (backend) (label_replace(0.001 * (sum by (envoy_cluster_name)');
    expect(text).toContain('"backend", "$1", "envoy_cluster_name", "(.*)"');
  });

  test("what is recorded answers, unless a board's route or backend would filter it", () => {
    const at: PromqlContext = { ...board, recorded: true };
    expect(promql(rate('requests', { by: ['side'] }), at)).toBe(
      'sum by (side) (avg_over_time(gateway:gateway_requests:rate5m{gateway=~"$gateway", environment=~"$environment"}[$__rate_interval]))',
    );
    expect(promql(increase('requests'), { ...at, scope: [] })).toBe(
      'sum(sum_over_time(gateway:gateway_requests:rate5m[$__range])) * 60',
    );
    expect(promql(quantile('duration', 0.5), { ...at, scope: [] })).toContain(
      'gateway:http_server_request_duration_seconds_bucket:rate5m',
    );
    for (const query of [
      rate('requests', { by: ['route'] }),
      rate('requests', { where: [{ label: 'backend', is: ['b'] }] }),
    ])
      expect(promql(query, at)).not.toContain(':rate5m');
    expect(promql(rate('requests'), { ...at, scope: ['route'] })).not.toContain(':rate5m');
    expect(promql(rate('requests', { window: 300_000 }), { ...at, use: 'rule' })).not.toContain(':rate5m');
  });

  test("every board's query is PromQL by Prometheus' own grammar, on both paths, recorded or not", () => {
    const context = labContext();
    const { labels, objectives } = context;
    const wrong: string[] = [];
    let parsed = 0;
    for (const {
      board: { id, scope },
      panel,
      query,
    } of askedBy(context))
      for (const path of ['scrape', 'remote-write'] as const)
        for (const recorded of [false, true]) {
          const text = promql(query, {
            path,
            scope,
            labels,
            objectives,
            recorded,
            use: 'board',
            place: { board: id, panel },
          });
          wrong.push(
            ...errorsIn(filled(text, { view: 3_600_000, interval: 120_000 })).map((e) => `${id}/${panel}: ${e}`),
          );
          parsed += 1;
        }
    expect(wrong).toEqual([]);
    expect(parsed).toBeGreaterThan(400);
  });
});

describe('values of strangers in PromQL', () => {
  const texts = [...hostile, ...Array.from({ length: 500 }, (_, i) => hostileText(i))];

  test('whatever a value holds, it is one string of the query and nothing else changes', () => {
    const shape = (text: string): string => stringsIn(text).reduce((t, s) => t.replace(s, '""'), text);
    for (const text of texts)
      for (const where of [
        [{ label: 'route', is: [text] }],
        [{ label: 'route', not: [text, 'other'] }],
        [{ label: 'route', prefix: text }],
        [{ label: 'route', contains: [text] }],
      ] as const) {
        const compiled = promql(rate('requests', { where, window: 60_000 }), rule);
        const harmless = promql(
          rate('requests', {
            where: JSON.parse(JSON.stringify(where).replaceAll(JSON.stringify(text), '"x"')),
            window: 60_000,
          }),
          rule,
        );
        expect(errorsIn(compiled), compiled).toEqual([]);
        expect(stringsIn(compiled)).toHaveLength(1);
        expect(shape(compiled)).toBe(shape(harmless));
      }
  });

  test('a string reads back as the text it was made of, a literal matches that text alone', () => {
    for (const text of texts) {
      if (wellFormed(text)) expect(unquoted(quoted(text)), JSON.stringify(text)).toBe(text);
      expect(new RegExp(`^(?:${literal(text)})$`, 's').test(text)).toBe(true);
      for (const other of hostile)
        if (other !== text) expect(new RegExp(`^(?:${literal(text)})$`, 's').test(other)).toBe(false);
    }
  });

  test('one value is compared, several are matched, and a value twice is one value', () => {
    const of = (values: readonly string[]): string =>
      promql(gauge('live', 'sum', { where: [{ label: 'gateway', is: values }] }), rule);
    expect(of(['a.b'])).toBe('sum(envoy_server_live{gateway="a.b"})');
    expect(of(['a.b', 'a.b'])).toBe('sum(envoy_server_live{gateway="a.b"})');
    expect(of(['a.b', 'c'])).toBe('sum(envoy_server_live{gateway=~"a\\\\.b|c"})');
  });
});

/** No half of a surrogate pair, which UTF-8 can't spell. */
const wellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

/** Go's own unquoting, as much as is written. */
function unquoted(text: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  return text
    .slice(1, -1)
    .replace(/\\(x[0-9a-f]{2}|.)/g, (_, c: string) => named[c] ?? String.fromCharCode(Number.parseInt(c.slice(1), 16)));
}
