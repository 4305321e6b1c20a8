import { describe, expect, test } from 'vitest';
import type { DrillSeries } from '../../src/alerts/alert.ts';
import { burnAlerts } from '../../src/alerts/burn.ts';
import { burnDrills } from '../../src/alerts/burn-drills.ts';
import { drillMinutes, grows } from '../../src/alerts/drill.ts';
import { boardContexts } from '../../src/boards/context.ts';
import type { MemorySeries } from '../../src/boards/query/evaluate.ts';
import { duration } from '../../src/boards/query/promql-text.ts';
import { burnMonitors } from '../../src/generate/datadog/alerts/burn.ts';
import { lintMonitors } from '../../src/generate/datadog/alerts/lint.ts';
import type { Monitor } from '../../src/generate/datadog/alerts/monitor.ts';
import { type Condition, parseComposite, refsOf } from '../../src/generate/datadog/alerts/parse.ts';
import { sloId } from '../../src/generate/datadog/names.ts';
import { seriesOf } from '../../src/signals/series.ts';
import { alerting, type MonitorText, ofCondition } from '../boards/datadog-monitor.ts';
import { modelOf } from './model.ts';

const model = modelOf(`version: 1
kgateway: { version: "2.4" }
environments:
  prod: { metrics: { to: datadog }, logs: { to: file }, datadog: { site: datadoghq.com, apiKey: { env: KEY } } }
clusters: { a: { environment: prod } }
gateways: [{ name: edge, namespace: n }, { name: inner, namespace: n }]
routes: [{ name: pay, namespace: shop }, { name: cart, namespace: shop }]
objectives:
  - { name: available, kind: availability, target: 99.9, window: 30d, minRequestsPerHour: 1000 }
  - { name: paid, kind: availability, target: 99, window: 7d, routes: [shop/pay, shop/cart] }
  - { name: fast, kind: latency, target: 99, under: 500ms, window: 90d }
  - { name: handed-over, kind: latency, target: 99, under: 500ms, gatewayUnder: 50ms, window: 30d, routes: [shop/pay] }
`);
const [context] = boardContexts(model);
if (!context) throw new Error('no environment');
const { objectives } = context;

const minute = 60_000;
const now = drillMinutes * minute;

/** A drill as Datadog is sent it: deltas, so a restart loses nothing and the first value of a counter is where counting begins. */
function received(series: readonly DrillSeries[]): readonly MemorySeries[] {
  const grown = ({ values }: DrillSeries): readonly { readonly at: number; readonly value: number }[] => {
    let [at, value] = [0, 0];
    return values.flatMap((v) => {
      if ('absent' in v) {
        at += v.absent * minute;
        return [];
      }
      return Array.from({ length: v.minutes + 1 }, (_, i) => {
        value += i === 0 ? 0 : v.perMinute;
        const point = { at, value };
        at += minute;
        return point;
      });
    });
  };
  const histograms = new Map<string, DrillSeries[]>();
  const plain: MemorySeries[] = [];
  for (const s of series) {
    if (seriesOf(s.series).type !== 'histogram') plain.push({ series: s.series, labels: s.labels, points: grown(s) });
    else {
      const { le: _, ...labels } = s.labels;
      const key = JSON.stringify([s.series, labels]);
      histograms.set(key, [...(histograms.get(key) ?? []), s]);
    }
  }
  const made = [...histograms].map(([key, parts]): MemorySeries => {
    const [id, labels] = JSON.parse(key) as [MemorySeries['series'], Record<string, string>];
    const bucket = parts.find((p) => 'le' in p.labels && p.labels['le'] !== '+Inf');
    const all = parts.find((p) => !('le' in p.labels));
    const under = bucket ? grown(bucket) : [];
    const edges = bucket ? [Number(bucket.labels['le'])] : [];
    return {
      series: id,
      labels,
      edges,
      points: (all ? grown(all) : []).map(({ at, value }, i) => ({
        at,
        value: { count: value, sum: 0, under: bucket ? [under[i]?.value ?? 0] : [] },
      })),
    };
  });
  return [...plain, ...made];
}

const of = (objective: (typeof objectives)[number]): readonly Monitor[] => burnMonitors(objective, model, context);
const texts = (monitors: readonly Monitor[]): ReadonlyMap<string, MonitorText> =>
  new Map(monitors.map((m) => [`prod-${m.id}`, m.document]));

const branches = (c: Condition): readonly Condition[] =>
  c.kind === '||' ? [...branches(c.left), ...branches(c.right)] : [c];

describe.each(objectives.map((o) => [o.name, o] as const))('the monitors of objective %s', (_, objective) => {
  const monitors = of(objective);
  const all = texts(monitors);

  test.each(
    burnAlerts(objective, 'prod').flatMap((alert) =>
      burnDrills(alert, context).map((drill) => {
        const window = duration(alert.tier.longMs);
        return [`${sloId(objective.name, alert.indicator.blame)} over ${window}`, drill.name, alert, drill] as const;
      }),
    ),
  )('%s: %s', (__, ___, alert, drill) => {
    const id = sloId(objective.name, alert.indicator.blame);
    const composite = monitors.find((m) => m.id === `${id}.burn-${alert.severity}`);
    const long = `prod-${id}.burn-${duration(alert.tier.longMs)}.long`;
    const own = branches(parseComposite(composite?.document.query ?? '')).filter((b) => refsOf(b).includes(long));
    expect(own.length).toBe(1);
    const data = received(drill.series);
    const states = own.map((branch) => [...ofCondition(branch, all, data, now).values()].some((alerts) => alerts));
    expect(states).toEqual([drill.fires]);
    if (drill.fires) expect(alerting(composite?.document ?? { type: '', query: '' }, all, data, now).length).toBe(1);
  });

  test('hold no fault of the linter, and only composites tell somebody', () => {
    expect(lintMonitors(monitors, 'prod', context.labels)).toEqual([]);
    for (const { id, document } of monitors)
      expect(document.priority === undefined, id).toBe(document.type !== 'composite');
  });
});

const labelsOf = (gateway: string, route: string, side: string) => ({
  environment: 'prod',
  cluster: 'a',
  gateway,
  instance: 'i',
  backend: 'b',
  route: `listener~8080~a-route-0-httproute-${route}-shop-0-0-matcher-0`,
  status: side === 'none' ? '200' : '503',
  flag: side === 'none' ? '-' : 'UF',
  side,
});

describe('of two gateways', () => {
  const [available] = objectives;
  const monitors = available ? of(available) : [];
  const told = (series: readonly DrillSeries[]) =>
    monitors
      .filter((m) => m.document.type === 'composite')
      .flatMap((m) => alerting(m.document, texts(monitors), received(series), now).map((g) => `${m.id}: ${g}`));

  test('the one that burns is named, once for each severity though several windows burn', () => {
    expect(
      told([
        grows('requests', labelsOf('edge.n', 'pay', 'none'), 6000),
        grows('requests', labelsOf('edge.n', 'pay', 'backend'), 6000),
        grows('requests', labelsOf('inner.n', 'pay', 'none'), 6000),
      ]),
    ).toEqual(['available.burn-critical: edge.n', 'available.burn-warning: edge.n']);
  });

  test('a gateway of little traffic is not drowned by a great one, nor wakes anybody', () => {
    const great = grows('requests', labelsOf('edge.n', 'pay', 'none'), 1_000_000);
    expect(told([great, grows('requests', labelsOf('inner.n', 'pay', 'gateway'), 100)])).toContain(
      'available.gateway.burn-critical: inner.n',
    );
    expect(told([great, grows('requests', labelsOf('inner.n', 'pay', 'gateway'), 10)])).toEqual([]);
  });

  test('nothing but failures for as long as any window looks back is seen', () => {
    expect(told([grows('requests', labelsOf('edge.n', 'pay', 'backend'), 6000)])).toEqual([
      'available.burn-critical: edge.n',
      'available.burn-warning: edge.n',
    ]);
  });
});

test('of two routes of an objective one may have no failure, and the other no request', () => {
  const paid = objectives.find((o) => o.name === 'paid');
  const monitors = paid ? of(paid) : [];
  const composite = monitors.find((m) => m.id === 'paid.burn-critical')?.document;
  const told = (series: readonly DrillSeries[]) =>
    composite ? alerting(composite, texts(monitors), received(series), now) : [];
  expect(told([grows('requests', labelsOf('edge.n', 'cart', 'backend'), 600)])).toEqual(['edge.n']);
  expect(
    told([
      grows('requests', labelsOf('edge.n', 'pay', 'none'), 100),
      grows('requests', labelsOf('edge.n', 'cart', 'backend'), 600),
    ]),
  ).toEqual(['edge.n']);
  expect(told([grows('requests', labelsOf('edge.n', 'other', 'backend'), 600)])).toEqual([]);
});

describe('the linter of monitors', () => {
  const part = (id: string, query: string, critical = 5): Monitor => ({
    id,
    document: { type: 'query alert', name: id, query, message: '', tags: [], options: { thresholds: { critical } } },
  });
  const ref = (id: string): string => `\${monitor:prod-${id}}`;
  const both = (query: string): Monitor => ({
    id: 'both',
    document: { type: 'composite', name: 'both', query, message: '', tags: [], options: {} },
  });
  const counts = (by: string) => `sum(last_1h):sum:gateway.requests{*} by {${by}}.as_count() > 5`;

  test.each([
    [
      'a part that is not there',
      [part('a', counts('gateway')), both(`${ref('a')} && ${ref('b')}`)],
      'monitor both: there is no monitor prod-b',
    ],
    [
      'a composite of itself',
      [both(`!${ref('both')}`)],
      'monitor both: prod-both is a composite, which none can be made of',
    ],
    [
      'groups that never meet',
      [part('a', counts('gateway')), part('b', counts('backend')), both(`${ref('a')} && ${ref('b')}`)],
      'monitor both: parts by gateway and by backend have no group in common',
    ],
    [
      'a bracket',
      [part('a', counts('gateway')), both(`(${ref('a')}`)],
      `monitor both: (${ref('a')}: a bracket is not closed`,
    ],
    ['a word', [both('a && b')], 'monitor both: a && b: a monitor was expected, not a'],
    [
      'eleven parts',
      [
        ...Array.from({ length: 11 }, (_, i) => part(`a${i}`, counts('gateway'))),
        both(Array.from({ length: 11 }, (_, i) => ref(`a${i}`)).join(' || ')),
      ],
      'monitor both: 11 monitors, and 10 at most',
    ],
    ['another threshold', [part('a', counts('gateway'), 6)], "monitor a: thresholds.critical is not the query's 5"],
    [
      'a window of two weeks',
      [part('a', counts('gateway').replace('1h', '336h'))],
      'monitor a: sum(last_336h):sum:gateway.requests{*} by {gateway}.as_count() > 5: a window of 336 h: 168 h at most',
    ],
    [
      'an average of counts',
      [part('a', counts('gateway').replace('sum(', 'avg('))],
      'monitor a: avg of counts: only their sum means something',
    ],
    [
      'a tag that is not there',
      [part('a', counts('gatway'))],
      'monitor a: sum:gateway.requests{*} by {gatway}.as_count(): gateway.requests has no tag gatway',
    ],
  ])('tells %s', (_, monitors, problem) => {
    expect(lintMonitors(monitors, 'prod', [])).toEqual([problem]);
  });
});
