import type { DatadogQuery } from '../../src/boards/query/datadog.ts';
import {
  type DatadogFormula,
  type DatadogMetric,
  type DatadogTest,
  parseDatadog,
  parseFormula,
} from '../../src/boards/query/datadog-parse.ts';
import type { Histogram, MemorySeries, PointValue } from '../../src/boards/query/evaluate.ts';
import { seriesOf } from '../../src/signals/series.ts';
import { seriesLabelName, seriesName } from '../../src/signals/spelling.ts';
import { folded } from './traffic/data.ts';

/**
 * vigia's own reading of the part of Datadog's language that it writes, from the public documentation; not Datadog. It reads the compiled text
 * alone (names, scopes, tags, functions, formula) and knows nothing of the query it was compiled from. Assumed: counts are deltas and exact;
 * groups meet by their tags; a group that one side lacks is 0 under `default_zero` and gone without; a quotient by 0 is no value; a
 * percentile is as exact as the buckets it was sent in; `limit` ranks by the whole view; every template variable is `*`.
 */
export interface Group {
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface View {
  readonly at: number;
  /** What one answer is of, ms: the whole view, or one interval of a graph. */
  readonly windowMs: number;
  readonly viewMs: number;
}

export function evaluateDatadog(asked: DatadogQuery, data: readonly MemorySeries[], view: View): readonly Group[] {
  const answers = (v: View): readonly Group[] => {
    const queries = new Map(asked.queries.map((q) => [q.name, ask(parseDatadog(q.query), data, v)]));
    // A moving sum looks back for its own time, whatever the widget's is.
    const over = (name: string, windowMs: number): readonly Group[] => {
      const query = asked.queries.find((q) => q.name === name);
      return query ? ask(parseDatadog(query.query), data, { ...v, windowMs }) : [];
    };
    return formula(parseFormula(asked.formula), queries, everyGroup(queries), over);
  };
  const now = answers(view);
  if (!asked.limit) return now;
  const ranked = answers({ ...view, windowMs: view.viewMs }).toSorted((a, b) => b.value - a.value);
  const kept = new Set(ranked.slice(0, asked.limit.count).map((g) => key(g.tags)));
  return now.filter((g) => kept.has(key(g.tags)));
}

const key = (tags: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(tags).sort());

const everyGroup = (queries: ReadonlyMap<string, readonly Group[]>): readonly Group[] => [
  ...new Map([...queries.values()].flat().map((g) => [key(g.tags), g])).values(),
];

function formula(
  f: DatadogFormula,
  queries: ReadonlyMap<string, readonly Group[]>,
  all: readonly Group[],
  over: (name: string, windowMs: number) => readonly Group[],
): readonly Group[] {
  const go = (part: DatadogFormula): readonly Group[] => formula(part, queries, all, over);
  switch (f.kind) {
    case 'query':
      return queries.get(f.name) ?? [];
    case 'number':
      return all.map((g) => ({ tags: g.tags, value: f.value }));
    case 'call': {
      if (f.name === 'moving_rollup' && f.of.kind === 'query') return over(f.of.name, Number(f.args[0]) * 1000);
      if (f.name !== 'default_zero') throw new Error(`${f.name}() is not in the subset`);
      const there = new Map(go(f.of).map((g) => [key(g.tags), g.value]));
      return all.map((g) => ({ tags: g.tags, value: there.get(key(g.tags)) ?? 0 }));
    }
    case 'binary': {
      const right = new Map(go(f.right).map((g) => [key(g.tags), g.value]));
      return go(f.left).flatMap(({ tags, value }) => {
        const other = right.get(key(tags));
        if (other === undefined || (f.op === '/' && other === 0)) return [];
        const made = { '+': value + other, '-': value - other, '*': value * other, '/': value / other }[f.op];
        return [{ tags, value: made }];
      });
    }
  }
}

function ask(q: DatadogMetric, data: readonly MemorySeries[], view: View): readonly Group[] {
  const groups = new Map<string, { tags: Record<string, string>; series: MemorySeries[] }>();
  for (const s of data) {
    const { labels } = seriesOf(s.series);
    if (seriesName(seriesOf(s.series), 'datadog') !== q.metric) continue;
    const tags = Object.fromEntries(
      Object.entries(s.labels).flatMap(([l, v]): [string, string][] => {
        const tag = l.startsWith('custom:') ? l.slice(7) : (labels[l as never] ?? l);
        // As the Collector sends it: under both names.
        return [tag, seriesLabelName(tag, 'datadog')].map((name) => [name, folded(v ?? '')]);
      }),
    );
    if (!q.scope.every((t) => passes(t, tags))) continue;
    const own = Object.fromEntries(q.by.map((tag) => [tag, tags[tag] ?? 'N/A']));
    const group = groups.get(key(own)) ?? { tags: own, series: [] };
    group.series.push(s);
    groups.set(key(own), group);
  }
  return [...groups.values()].flatMap(({ tags, series }) => {
    const value = aggregate(q, series, view);
    return value === undefined ? [] : [{ tags, value }];
  });
}

function passes(test: DatadogTest, tags: Readonly<Record<string, string>>): boolean {
  if ('variable' in test) return true;
  const value = tags[test.tag];
  const any = test.values.some((v) => value !== undefined && glob(v, value));
  return test.not ? !any : any;
}

const glob = (pattern: string, value: string): boolean => {
  const text = pattern.replace(/^\*|\*$/g, '');
  const [open, closed] = [pattern.startsWith('*'), pattern.endsWith('*')];
  if (open && closed) return value.includes(text);
  if (closed) return value.startsWith(text);
  return open ? value.endsWith(text) : value === text;
};

const wide = (v: PointValue): Histogram => (typeof v === 'number' ? { count: v, sum: v, under: [] } : v);

function aggregate(q: DatadogMetric, all: readonly MemorySeries[], { at, windowMs, viewMs }: View): number | undefined {
  const [first] = all;
  if (!first) return undefined;
  const { type } = seriesOf(first.series);
  if (type === 'gauge') {
    const ofView = windowMs === viewMs;
    const values = all.flatMap((s) => {
      const points = s.points.filter((p) => p.at > at - windowMs && p.at <= at).map((p) => wide(p.value).count);
      if (points.length === 0) return [];
      return [ofView && viewMs > 0 ? mean(points) : (points.at(-1) ?? 0)];
    });
    if (values.length === 0) return undefined;
    return { sum: total(values), avg: mean(values), max: Math.max(...values), min: Math.min(...values) }[q.space];
  }
  const grown = all.map((s) => {
    const [a, b] = [at - windowMs, at].map((t) => wide(s.points.findLast((p) => p.at <= t)?.value ?? 0));
    if (!a || !b) throw new Error('no point');
    return { count: b.count - a.count, sum: b.sum - a.sum, under: b.under.map((n, i) => n - (a.under[i] ?? 0)) };
  });
  const count = total(grown.map((g) => g.count));
  const per = (n: number): number => (q.as === 'rate' ? n / (windowMs / 1000) : n);
  if (type === 'counter') return per(count);
  if (q.space === 'count') return per(count);
  const edges = first.edges ?? [];
  const under = edges.map((_, i) => total(grown.map((g) => g.under[i] ?? 0)));
  const [, side, bound] = /^count\(v: v(<=|>)([\d.]+)\)$/.exec(q.space) ?? [];
  if (bound !== undefined) {
    const below = under[edges.indexOf(Number(bound))] ?? Number.NaN;
    return side === '>' ? count - below : below;
  }
  if (q.space === 'histogram') return count;
  if (count === 0) return undefined;
  if (q.space === 'avg') return total(grown.map((g) => g.sum)) / count;
  return percentile(Number(q.space.slice(1)) / 100, edges, under, count);
}

const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const mean = (list: readonly number[]): number => total(list) / list.length;

/** The rank's place in its bucket, on a straight line. */
function percentile(share: number, edges: readonly number[], under: readonly number[], count: number): number {
  const rank = share * count;
  for (const [i, upper] of edges.entries()) {
    const [below, upTo] = [i === 0 ? 0 : (under[i - 1] ?? 0), under[i] ?? 0];
    if (upTo < rank) continue;
    const lower = i === 0 ? 0 : (edges[i - 1] ?? 0);
    return upTo === below ? lower : lower + (upper - lower) * ((rank - below) / (upTo - below));
  }
  return edges.at(-1) ?? Number.NaN;
}
