import { describe, expect, test } from 'vitest';
import { type DatadogContext, datadogQuery } from '../../../src/boards/query/datadog.ts';
import { lintDatadog } from '../../../src/boards/query/datadog-lint.ts';
import { parseDatadog, parseFormula } from '../../../src/boards/query/datadog-parse.ts';
import {
  buckets,
  gauge,
  increase,
  mean,
  minus,
  quantile,
  rate,
  ratio,
  scale,
  top,
  under,
  zero,
} from '../../../src/boards/query/expression.ts';
import { QueryError } from '../../../src/boards/query/query-error.ts';
import { labContext } from '../queries.ts';
import { hostile, hostileText } from './hostile.ts';

const { labels } = labContext();
const at: DatadogContext = { scope: [], labels, use: 'board' };
const board: DatadogContext = { ...at, scope: ['environment', 'gateway', 'backend', 'custom:team'] };
const told = (query: Parameters<typeof datadogQuery>[0], context = at): string => {
  const { queries, formula, limit } = datadogQuery(query, context);
  return `${queries.map((q) => `${q.name}=${q.query}`).join('; ')} -> ${formula}${limit ? ` limit ${limit.count}` : ''}`;
};

describe("Datadog's queries", () => {
  test.each([
    ['all of it', rate('requests'), 'q1=sum:gateway.requests{*}.as_rate() -> q1'],
    [
      'growth by two tags',
      increase('requests', { by: ['route', 'side'] }),
      'q1=sum:gateway.requests{*} by {route,side}.as_count() -> q1',
    ],
    [
      'one value, several, none of several',
      increase('requests', {
        where: [
          { label: 'status', is: ['503'] },
          { label: 'flag', is: ['UF', 'UH'] },
          { label: 'side', not: ['none', 'client'] },
        ],
      }),
      'q1=sum:gateway.requests{http.response.status_code:503 AND envoy.response_flag IN (uf,uh) AND side NOT IN (none,client)}.as_count() -> q1',
    ],
    [
      'not one, beginnings, parts',
      increase('requests', {
        where: [
          { label: 'side', not: ['none'] },
          { label: 'route', prefix: 'api-' },
          { label: 'backend', contains: ['shop'] },
        ],
      }),
      'q1=sum:gateway.requests{NOT side:none AND route:api-* AND backend:*shop*}.as_count() -> q1',
    ],
    [
      'a share of counts',
      ratio(rate('requests', { where: [{ label: 'side', is: ['backend'] }] }), rate('requests')),
      'q1=sum:gateway.requests{side:backend}.as_count(); q2=sum:gateway.requests{*}.as_count() -> default_zero(q1) / q2',
    ],
    ['a percentile', quantile('duration', 0.999), 'q1=p99.9:http.server.request.duration{*} -> q1'],
    ['a mean', mean('duration'), 'q1=avg:http.server.request.duration{*} -> q1'],
    [
      'a share under an edge',
      under('duration', 0.5),
      'q1=count(v: v<=0.5):http.server.request.duration{*}.as_count(); q2=count:http.server.request.duration{*}.as_count() -> q1 / q2',
    ],
    ['a heat map', buckets('duration'), 'q1=histogram:http.server.request.duration{*} -> q1'],
    [
      'the greatest',
      top(5, gauge('streams', 'max', { by: ['cluster'] })),
      'q1=max:otelcol_deltatocumulative_streams_tracked{*} by {cluster} -> q1 limit 5',
    ],
    [
      'nothing is nought',
      zero(rate('replacements')),
      'q1=sum:kgateway_routing_replacements_total{*}.as_rate() -> default_zero(q1)',
    ],
    [
      'another scale',
      scale(0.001, minus(rate('envoyRequests'), rate('requests'))),
      'q1=sum:envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix NOT IN (prometheus,ingress_http,admin,async-client)}.as_rate(); q2=sum:gateway.requests{*}.as_rate() -> 0.001 * (default_zero(q1) - default_zero(q2))',
    ],
  ] as const)('%s', (_, query, expected) => {
    expect(told(query)).toBe(expected);
  });

  test('variables filter what carries them, by the name that the series has for it', () => {
    expect(told(rate('attempts'), board)).toContain('{$environment AND $gateway AND $backend AND $team}');
    expect(told(gauge('members', 'max'), board)).toContain(
      '{$environment AND $gateway AND $backend AND envoy_cluster_name NOT IN (',
    );
    expect(told(rate('recordsSent'), board)).toContain('{$environment}');
  });

  test('a backend is one tag on signals and on what Envoy counts, so their groups meet', () => {
    const query = minus(mean('duration', { by: ['backend'] }), mean('upstreamTime', { by: ['backend'] }));
    const { queries, formula } = datadogQuery(query, at);
    expect(queries.map((q) => q.query.replace(/^.* by/, 'by'))).toEqual(['by {backend}', 'by {backend}']);
    expect(formula).toBe('default_zero(q1) - default_zero(q2)');
  });

  test('a burn rate is of its own window, and of what is too slow it counts the ones above the edge', () => {
    const [available] = labContext().objectives;
    if (!available) throw new Error('no objective');
    const fast = {
      ...available,
      name: 'fast',
      indicator: { kind: 'latency' as const, thresholdMs: 500, gatewayThresholdMs: undefined },
    };
    const query = { node: 'objective', objective: 'fast', measure: 'burn', window: 21_600_000 } as const;
    const made = datadogQuery(query, { ...board, scope: ['environment', 'gateway'], objectives: [fast] });
    expect(made.formula).toBe(
      "default_zero(moving_rollup(q1, 21600, 'sum')) / moving_rollup(q2, 21600, 'sum') / 0.005",
    );
    expect(made.queries.map((q) => q.query)).toEqual(
      ['count(v: v>0.5)', 'count'].map(
        (space) =>
          `${space}:http.server.request.duration{$environment AND $gateway AND gateway:edge.lab AND status_class NOT IN (0,1xx,5xx)} by {gateway}.as_count()`,
      ),
    );
  });

  test('whatever a value holds, it is one value of a scope or refused', () => {
    let [taken, refused] = [0, 0];
    for (const text of [...hostile, ...Array.from({ length: 500 }, (_, i) => hostileText(i))])
      for (const where of [
        [{ label: 'route', is: [text] }],
        [{ label: 'route', not: [text, 'other'] }],
        [{ label: 'route', prefix: text }],
        [{ label: 'route', contains: [text] }],
      ] as const)
        try {
          const [made] = datadogQuery(rate('requests', { where }), at).queries;
          const { scope, metric, by } = parseDatadog(made?.query ?? '');
          expect([scope.length, metric, by], text).toEqual([1, 'gateway.requests', []]);
          taken += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
          refused += 1;
        }
    expect(taken).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });
});

describe('the linter', () => {
  const lint = (query: string, formula = 'a', more: readonly { name: string; query: string }[] = []): string =>
    lintDatadog({ queries: [{ name: 'a', query }, ...more], formula }, labels).join('\n');

  test.each([
    ['symbols', 'sum:gateway.requests{side:backend,route:x}.as_count()', 'which must not meet AND, OR, NOT, IN'],
    ['symbols beside words', 'sum:gateway.requests{side:backend,route:x AND NOT flag:y}.as_count()', 'must not meet'],
    ['not by a mark', 'sum:gateway.requests{!side:backend}.as_count()', 'must not meet'],
    ['no scope', 'sum:gateway.requests{}.as_count()', 'an empty scope'],
    ['a count of an unknown kind', 'sum:gateway.requests{*}', '.as_count() or .as_rate()'],
    ['a gauge counted', 'sum:envoy_server_live{*}.as_count()', 'is for counts'],
    ['an average of a counter', 'avg:gateway.requests{*}.as_rate()', 'avg is nothing to ask of a counter'],
    ['a percentile of a counter', 'p99:gateway.requests{*}.as_rate()', 'p99 is nothing to ask of a counter'],
    ['a percentile that is not kept', 'p99.999:http.server.request.duration{*}', 'nothing to ask of a histogram'],
    ['an unknown metric', 'sum:gateway.request{*}.as_count()', 'no metric gateway.request'],
    [
      'a tag that is not billed',
      'sum:gateway.requests{*} by {pod_name}.as_count()',
      'gateway.requests has no tag pod_name',
    ],
    [
      'a filter on such a tag',
      'sum:gateway.response_flags{route:x}.as_count()',
      'gateway.response_flags has no tag route',
    ],
    [
      "the contract's label on a scraped metric",
      'sum:envoy_server_live{*} by {team}',
      'envoy_server_live has no tag team',
    ],
    ['capitals', 'sum:gateway.requests{envoy.response_flag:UF}.as_count()', 'Datadog folds case'],
    ['a wildcard within', 'sum:gateway.requests{route:a*b}.as_count()', 'a wildcard is at an end'],
    ['no query', 'requests', 'is not <aggregation>:<metric>'],
  ])('%s', (_, query, problem) => {
    expect(lint(query)).toContain(problem);
  });

  test('what joins queries: names, scales, groups', () => {
    const count = 'sum:gateway.requests{*}.as_count()';
    const b = (query: string) => [{ name: 'b', query }];
    expect(lint(count, 'a / c')).toContain('there is no query c');
    expect(lint(count, 'a', b(count))).toContain('b is in no formula');
    expect(lint(count, 'a / b', b('sum:gateway.requests{*}.as_rate()'))).toContain('a count / a rate');
    expect(lint(count, 'a / b', b('sum:gateway.requests{*} by {side}.as_count()'))).toContain('by nothing / by side');
    expect(lint(count, 'top(a)')).toContain('top() is not among');
    expect(lint(count, 'a +')).toContain('a name or number was expected');
    expect(lint(count, '100 * a / b', b('sum:gateway.requests{side:none}.as_count()'))).toBe('');
  });

  test('formulas have the usual precedence', () => {
    expect(parseFormula('a - b - 2 * (c + d) / e')).toEqual(parseFormula('(a - b) - ((2 * (c + d)) / e)'));
  });
});
