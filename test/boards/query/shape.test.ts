import { expect, test } from 'vitest';
import type { Panel } from '../../../src/boards/board.ts';
import { boardsOf } from '../../../src/boards/index.ts';
import { datadogQuery } from '../../../src/boards/query/datadog.ts';
import {
  gauge,
  increase,
  minus,
  type Query,
  quantile,
  rate,
  ratio,
  scale,
  top,
  under,
  zero,
} from '../../../src/boards/query/expression.ts';
import { promql } from '../../../src/boards/query/promql.ts';
import { labelsOf, unitFits, unitsOf } from '../../../src/boards/query/shape.ts';
import { labContext } from '../queries.ts';

const place = { board: 'overview', panel: 'failing' };
/** What the types would refuse: a query read from elsewhere, or built around them. */
const untyped = (query: object): Query => query as Query;
const selection = { where: [], by: [], window: 60_000 };

test.each<[string, Query, string]>([
  [
    'a series that there is not',
    untyped({ node: 'rate', series: 'reqests', ...selection }),
    'there is no series reqests; did you mean requests?',
  ],
  [
    'a label that the series lacks',
    untyped({ node: 'rate', series: 'requests', ...selection, by: ['rout'] }),
    'requests has no label rout; did you mean route?',
  ],
  [
    'a label in a filter',
    untyped({ node: 'gauge', how: 'sum', series: 'live', ...selection, where: [{ label: 'gatway', is: ['a'] }] }),
    'live has no label gatway; did you mean gateway?',
  ],
  [
    'a custom label on a scraped series',
    untyped({ node: 'rate', series: 'retries', ...selection, by: ['custom:team'] }),
    'retries has no label custom:team',
  ],
  [
    'a node for another type',
    untyped({ node: 'rate', series: 'live', ...selection }),
    'rate wants a counter, and live is a gauge',
  ],
  [
    'sides by different labels',
    ratio(rate('requests', { by: ['route'] }), rate('requests')),
    'the sides of ratio are by route and by nothing; both must be by the same labels',
  ],
  [
    'sides of a difference',
    minus(rate('requests', { by: ['side'] }), rate('requests', { by: ['route'] })),
    'the sides of minus are by side and by route',
  ],
  [
    'a zero of nobody knows whom',
    zero(rate('requests', { by: ['route'] })),
    'zero of a query by route needs a universe',
  ],
  ['an edge that there is not', under('duration', 0.3), 'duration has no edge at 0.3; there are 0.005, 0.01'],
  ['a quantile in percent', quantile('duration', 99), 'a quantile is from 0 to 1, not 99'],
  ['a limit of nothing', top(0, rate('requests', { by: ['route'] })), 'top wants a whole number above 0, not 0'],
  ['a window of nothing', rate('requests', { window: 0 }), 'a window is a whole number of milliseconds above 0, not 0'],
  [
    'a filter without a value',
    rate('requests', { where: [{ label: 'side', is: [] }] }),
    'requests: the filter on side has no value',
  ],
  [
    'a filter on the empty text',
    rate('requests', { where: [{ label: 'side', not: [''] }] }),
    'requests: the filter on side has an empty one',
  ],
  ['a label twice', rate('requests', { by: ['side', 'side'] }), 'requests is by side twice'],
])('%s is named, with board and panel', (_, query, message) => {
  for (const compile of [
    () => labelsOf(query, place),
    () => promql(query, { path: 'scrape', scope: [], labels: [], use: 'board', place }),
    () => datadogQuery(query, { scope: [], labels: [], use: 'board', place }),
  ])
    expect(compile).toThrow(`board overview, panel failing: ${message}`);
});

test('a label that the environment does not have on metrics is named, with the nearest that it has', () => {
  const { labels } = labContext();
  const query = rate('requests', { by: ['custom:teem'] });
  for (const compile of [
    () => promql(query, { path: 'scrape', scope: [], labels, use: 'board', place }),
    () => datadogQuery(query, { scope: [], labels, use: 'board', place }),
  ])
    expect(compile).toThrow(
      'board overview, panel failing: the environment has no label teem on metrics; did you mean team?',
    );
});

test('rules and monitors have fixed windows, and a monitor has one', () => {
  expect(() => promql(rate('requests'), { path: 'scrape', scope: [], labels: [], use: 'rule', place })).toThrow(
    'a rule needs a fixed window, not interval',
  );
  const monitor = { scope: [], labels: [], use: 'monitor' } as const;
  expect(() => datadogQuery(increase('requests'), monitor)).toThrow('a monitor needs a fixed window, not view');
  expect(() =>
    datadogQuery(ratio(rate('requests', { window: 60_000 }), rate('requests', { window: 300_000 })), monitor),
  ).toThrow('a monitor has one window, and the query has 60000 and 300000 ms');
  expect(datadogQuery(rate('requests', { window: 300_000 }), monitor)).toEqual({
    queries: [{ name: 'q1', query: 'sum:gateway.requests{*}.as_count()', aggregator: 'sum' }],
    formula: 'q1 / 300',
    windowMs: 300_000,
  });
});

test('an objective that the environment has not is named', () => {
  const query: Query = { node: 'objective', objective: 'edge-availble', measure: 'burn', window: 3_600_000 };
  const { objectives } = labContext();
  expect(() => promql(query, { path: 'scrape', scope: [], labels: [], objectives, use: 'board', place })).toThrow(
    'board overview, panel failing: the environment has no objective edge-availble; did you mean edge-available?',
  );
});

test('of a latency that promises nothing of the gateway nobody is blamed', () => {
  const [first] = labContext().objectives;
  if (!first) throw new Error('no objective');
  const query: Query = { node: 'objective', objective: 'slow', measure: 'burn', window: 3_600_000, blame: 'gateway' };
  const objectives = [
    {
      ...first,
      name: 'slow',
      indicator: { kind: 'latency' as const, thresholdMs: 500, gatewayThresholdMs: undefined },
    },
  ];
  const at = { scope: [], labels: [], objectives, use: 'board' as const, place };
  const refused =
    "board overview, panel failing: slow promises nothing of the gateway's own time (gatewayUnder), so nobody is blamed";
  expect(() => promql(query, { path: 'scrape', ...at })).toThrow(refused);
  expect(() => datadogQuery(query, at)).toThrow(refused);
});

test('units follow the series and the node', () => {
  expect(unitsOf(rate('requests'))).toContain('requests/s');
  expect(unitsOf(rate('responseBytes'))).toEqual(['bytes/s']);
  expect(unitFits(quantile('duration', 0.5), 'seconds')).toBe(true);
  expect(unitFits(quantile('upstreamTime', 0.5), 'seconds')).toBe(false);
  expect(unitFits(scale(0.001, quantile('upstreamTime', 0.5)), 'seconds')).toBe(true);
  expect(unitFits(gauge('certificateDays', 'min'), 'days')).toBe(true);
});

test('every panel of every board shows its queries in a unit that they are in', () => {
  const measured = (panel: Panel) =>
    panel.kind === 'timeseries'
      ? panel.shown.map(({ query }) => ({ query, unit: panel.unit }))
      : panel.kind === 'table'
        ? panel.columns
        : 'query' in panel
          ? [panel]
          : [];
  const wrong = boardsOf(labContext()).flatMap(({ id, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap((panel) =>
        measured(panel)
          .filter(({ query, unit }) => !unitFits(query, unit))
          .map(({ query, unit }) => `${id}/${panel.id}: ${unit}, not ${unitsOf(query).join(' or ')}`),
      ),
    ),
  );
  expect(wrong).toEqual([]);
});
