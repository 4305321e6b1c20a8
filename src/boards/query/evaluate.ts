import type { SeriesId } from '../../signals/series.ts';
import type { BoardLabel } from '../board.ts';
import type { Filter, Query, Selection, Window } from './expression.ts';
import { labelsOf } from './shape.ts';

/** A counter's or gauge's value; of a histogram how many were at or below each edge, of all, and their sum. */
export type PointValue = number | Histogram;

export interface Histogram {
  readonly count: number;
  readonly sum: number;
  /** Cumulative, one for each edge of the series; those above the last are only in `count`. */
  readonly under: readonly number[];
}

/** One series in memory, its points in time order; counters and histograms cumulative from 0 before their first point. */
export interface MemorySeries {
  readonly series: SeriesId;
  readonly labels: Readonly<Partial<Record<BoardLabel, string>>>;
  /** Of a histogram, its edges in its unit. */
  readonly edges?: readonly number[];
  readonly points: readonly { readonly at: number; readonly value: PointValue }[];
}

/** When, and how long the windows are, ms. `objectives` answers queries for one, by gateway. */
export interface Moment {
  readonly at: number;
  readonly interval: number;
  readonly view: number;
  /** Every window is the whole view, and a gauge its average: what the greatest of a graph are ranked by. */
  readonly ranking?: boolean;
  readonly objective?: (query: Extract<Query, { readonly node: 'objective' }>) => readonly Answer[];
}

export interface Answer {
  readonly labels: Readonly<Partial<Record<BoardLabel, string>>>;
  /** The upper edge, of `buckets` alone; Infinity for the last. */
  readonly le?: number;
  readonly value: number;
}

/**
 * What a query means, by its definition: vigia's own reference, which the compiled queries are held to. Growth is exact, from the last point at or
 * before the window's begin to the last at or before its end, and a counter that falls has begun again at 0. Answers without a value are left out.
 * The greatest are the greatest of the whole view.
 */
export function evaluate(query: Query, data: readonly MemorySeries[], moment: Moment): readonly Answer[] {
  const by = labelsOf(query);
  let ranking = moment.ranking ?? false;
  return compute(query).sort((a, b) => compare(keyOf(by, a), keyOf(by, b)));

  function compute(q: Query): Answer[] {
    switch (q.node) {
      case 'rate':
        return grown(q).map((g) => ({ labels: g.labels, value: g.all.count / (length(q.window) / 1000) }));
      case 'increase':
        return grown(q).map((g) => ({ labels: g.labels, value: g.all.count }));
      case 'observations':
        return grown(q).map((g) => ({ labels: g.labels, value: g.all.count / (length(q.window) / 1000) }));
      case 'mean':
        return grown(q).flatMap((g) => (g.all.count > 0 ? [{ labels: g.labels, value: g.all.sum / g.all.count }] : []));
      case 'under':
        return grown(q).flatMap((g) => {
          const edge = g.edges.indexOf(q.bound);
          return g.all.count > 0 && edge >= 0
            ? [{ labels: g.labels, value: (g.all.under[edge] ?? 0) / g.all.count }]
            : [];
        });
      case 'quantile':
        return grown(q).flatMap((g) => {
          const value = quantileOf(q.q, g.edges, g.all);
          return value === undefined ? [] : [{ labels: g.labels, value }];
        });
      case 'buckets':
        return grown(q).flatMap((g) => [
          ...g.edges.map((le, i) => ({ labels: g.labels, le, value: g.all.under[i] ?? 0 })),
          { labels: g.labels, le: Number.POSITIVE_INFINITY, value: g.all.count },
        ]);
      case 'gauge':
        return grouped(q, (s) => (ranking ? average(s, moment.at - moment.view, moment.at) : last(s, moment.at))).map(
          ({ labels, values }) => ({
            labels,
            value: hows[q.how](values.map(plain)),
          }),
        );
      case 'ratio': {
        const of = new Map(compute(q.of).map((a) => [keyOf(by, a), a.value]));
        return compute(q.to).flatMap((a) =>
          a.value > 0 ? [{ ...a, value: (of.get(keyOf(by, a)) ?? 0) / a.value }] : [],
        );
      }
      case 'minus':
      case 'plus': {
        const [left, right] = [compute(q.left), compute(q.right)];
        const all = new Map([...left, ...right].map((a) => [keyOf(by, a), a]));
        const of = (side: readonly Answer[], key: string): number => side.find((a) => keyOf(by, a) === key)?.value ?? 0;
        return [...all].map(([key, a]) => ({
          ...a,
          value: of(left, key) + (q.node === 'plus' ? 1 : -1) * of(right, key),
        }));
      }
      case 'scale':
        return compute(q.of).map((a) => ({ ...a, value: a.value * q.factor }));
      case 'top': {
        ranking = true;
        const greatest = compute(q.of).sort((a, b) => b.value - a.value);
        ranking = moment.ranking ?? false;
        const keys = new Set(greatest.slice(0, q.limit).map((a) => keyOf(by, a)));
        return compute(q.of).filter((a) => keys.has(keyOf(by, a)));
      }
      case 'zero': {
        const of = compute(q.of);
        if (!q.universe) return of.length > 0 ? of : [{ labels: {}, value: 0 }];
        const there = new Set(of.map((a) => keyOf(by, a)));
        return [...of, ...compute(q.universe).flatMap((a) => (there.has(keyOf(by, a)) ? [] : [{ ...a, value: 0 }]))];
      }
      case 'objective':
        return [...(moment.objective?.(q) ?? [])];
    }
  }

  function length(window: Window): number {
    if (ranking) return moment.view;
    return typeof window === 'number' ? window : moment[window];
  }

  function grown(q: Selection & { readonly window: Window }) {
    return grouped(q, (s) => growth(s, moment.at - length(q.window), moment.at)).map(({ labels, values, edges }) => ({
      labels,
      edges,
      all: values.map(wide).reduce(add),
    }));
  }

  function grouped(q: Selection, value: (s: MemorySeries) => PointValue | undefined) {
    const groups = new Map<string, Group>();
    for (const s of data) {
      if (s.series !== q.series || !q.where.every((f) => holds(f, s.labels[f.label] ?? ''))) continue;
      const v = value(s);
      if (v === undefined) continue;
      const labels = Object.fromEntries(q.by.map((l) => [l, s.labels[l] ?? '']));
      const key = q.by.map((l) => s.labels[l] ?? '').join('\u0000');
      const group: Group = groups.get(key) ?? { labels, values: [], edges: s.edges ?? [] };
      group.values.push(v);
      groups.set(key, group);
    }
    return [...groups.values()];
  }
}

interface Group {
  readonly labels: Answer['labels'];
  readonly values: PointValue[];
  readonly edges: readonly number[];
}

const keyOf = (by: readonly BoardLabel[], a: Answer): string =>
  [...by.map((l) => a.labels[l] ?? ''), a.le ?? ''].join('\u0000');

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether a label's value passes a filter. */
export function holds(filter: Filter, value: string): boolean {
  if ('is' in filter) return filter.is.includes(value);
  if ('not' in filter) return !filter.not.includes(value);
  return 'prefix' in filter ? value.startsWith(filter.prefix) : filter.contains.some((text) => value.includes(text));
}

const hows = {
  sum: (v: readonly number[]) => v.reduce((a, b) => a + b, 0),
  max: (v: readonly number[]) => Math.max(...v),
  min: (v: readonly number[]) => Math.min(...v),
  avg: (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length,
};

const wide = (v: PointValue): Histogram => (typeof v === 'number' ? { count: v, sum: v, under: [] } : v);
const plain = (v: PointValue): number => (typeof v === 'number' ? v : v.count);
const add = (a: Histogram, b: Histogram): Histogram => combine(a, b, 1);
const combine = (a: Histogram, b: Histogram, sign: 1 | -1): Histogram => ({
  count: a.count + sign * b.count,
  sum: a.sum + sign * b.sum,
  under: a.under.map((n, i) => n + sign * (b.under[i] ?? 0)),
});

const nothing: Histogram = { count: 0, sum: 0, under: [] };

function last(s: MemorySeries, at: number): PointValue | undefined {
  return s.points.findLast((p) => p.at <= at)?.value;
}

/** A gauge's average over (from, to]. */
function average(s: MemorySeries, from: number, to: number): number | undefined {
  const within = s.points.filter((p) => p.at > from && p.at <= to).map((p) => plain(p.value));
  return within.length === 0 ? undefined : hows.avg(within);
}

/** Growth over (from, to]; undefined for a series without a point in it. */
function growth(s: MemorySeries, from: number, to: number): Histogram | undefined {
  const within = s.points.filter((p) => p.at > from && p.at <= to);
  if (within.length === 0) return undefined;
  let before = wide(s.points.findLast((p) => p.at <= from)?.value ?? nothing);
  let total = nothing;
  for (const value of within.map((p) => wide(p.value))) {
    total = add(combine(value, value.count < before.count ? nothing : before, -1), total);
    before = value;
  }
  return total;
}

/** As PromQL's histogram_quantile: linear within the bucket, the last edge for what lies above it. */
function quantileOf(q: number, edges: readonly number[], h: Histogram): number | undefined {
  if (h.count === 0) return undefined;
  const rank = q * h.count;
  const i = h.under.findIndex((n) => n >= rank);
  if (i < 0) return edges.at(-1);
  const [start, end] = [i === 0 ? 0 : (edges[i - 1] ?? 0), edges[i] ?? 0];
  const below = i === 0 ? 0 : (h.under[i - 1] ?? 0);
  const inside = (h.under[i] ?? 0) - below;
  return inside === 0 ? start : start + (end - start) * ((rank - below) / inside);
}
