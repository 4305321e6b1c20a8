import type { SignalId } from '../../signals/catalogue.ts';
import type { CustomLabel, LabelOf, SeriesId, SeriesLabel } from '../../signals/series.ts';

/** The labels that a query may name on a series. */
export type QueryLabel<S extends SeriesId = SeriesId> = LabelOf<S> | (S extends SignalId ? CustomLabel : never);

/**
 * One test of a label. `is`, `not` and `contains` take any of the values; `prefix` and `contains` are all the patterns that both vendors have, so
 * there is no regular expression. A label that a series lacks reads as the empty text: `not` holds for it, `is` does not.
 */
export type Filter<L extends string = SeriesLabel | CustomLabel> =
  | { readonly label: L; readonly is: readonly string[] }
  | { readonly label: L; readonly not: readonly string[] }
  | { readonly label: L; readonly prefix: string }
  | { readonly label: L; readonly contains: readonly string[] };

/**
 * How far back each point looks. `interval`: the board's own resolution (`$__rate_interval`; Datadog's rollup). `view`: the whole time that the
 * board shows (`$__range`; a scalar). A number: that many milliseconds, for rules, whose windows must not move.
 */
export type Window = 'interval' | 'view' | number;

export interface Selection {
  readonly series: SeriesId;
  readonly where: readonly Filter[];
  readonly by: readonly (SeriesLabel | CustomLabel)[];
}

/**
 * A query over series: never a vendor's string. Compiled to PromQL (promql.ts) and to Datadog (datadog.ts), which must give the same answer
 * within what artefacts can: Datadog counts exactly, `increase` extrapolates; a quantile is exact to its bucket.
 */
export type Query =
  /** A counter's growth per second. */
  | ({ readonly node: 'rate'; readonly window: Window } & Selection)
  /** A counter's growth over the window. */
  | ({ readonly node: 'increase'; readonly window: Window } & Selection)
  /** A gauge, its series brought together by `how`. */
  | ({ readonly node: 'gauge'; readonly how: 'sum' | 'max' | 'min' | 'avg' } & Selection)
  /** A quantile of a histogram, in the series' unit; `q` from 0 to 1. */
  | ({ readonly node: 'quantile'; readonly q: number; readonly window: Window } & Selection)
  /** The mean of a histogram. */
  | ({ readonly node: 'mean'; readonly window: Window } & Selection)
  /** The share of a histogram at or below `bound`, which must be one of its edges (in its unit). */
  | ({ readonly node: 'under'; readonly bound: number; readonly window: Window } & Selection)
  /** Observations per second of a histogram: its count's rate. */
  | ({ readonly node: 'observations'; readonly window: Window } & Selection)
  /** A histogram's buckets over time, for a heat map. */
  | ({ readonly node: 'buckets'; readonly window: Window } & Selection)
  /**
   * `of / to`, both by the same labels. Nothing of `of` where there is some of `to` is 0, because a counter that never counted has no series;
   * where `to` is 0 there is no answer.
   */
  | { readonly node: 'ratio'; readonly of: Query; readonly to: Query }
  /** `left - right` and `left + right`; a missing side counts as 0 where the other has a value. */
  | { readonly node: 'minus' | 'plus'; readonly left: Query; readonly right: Query }
  | { readonly node: 'scale'; readonly factor: number; readonly of: Query }
  /**
   * Of an objective of the contract, `by` gateway: the good share over `window`, how many times faster than allowed its budget burns over
   * `window`, or the share of the budget that is left over the objective's own window. With `blame` only what those who run the gateway have to mend
   * is bad, which an objective of latency tells where it promises the gateway's own time. Prometheus answers from recorded series.
   */
  | {
      readonly node: 'objective';
      readonly objective: string;
      readonly measure: 'good' | 'burn' | 'left';
      readonly blame?: 'gateway';
      /** Milliseconds; one of the recorded windows. */
      readonly window: number;
    }
  /** The `limit` greatest; over a `view` window they are the greatest of the whole view. */
  | { readonly node: 'top'; readonly limit: number; readonly of: Query }
  /** 0 where `of` has no value but `universe`, by the same labels, has one; without a universe (ungrouped only) 0 always. */
  | { readonly node: 'zero'; readonly of: Query; readonly universe?: Query };

interface Options<S extends SeriesId> {
  readonly where?: readonly Filter<QueryLabel<S>>[];
  readonly by?: readonly QueryLabel<S>[];
  readonly window?: Window;
}

const select = <S extends SeriesId>(series: S, o: Options<S>): Selection => ({
  series,
  where: (o.where ?? []) as readonly Filter[],
  by: (o.by ?? []) as readonly (SeriesLabel | CustomLabel)[],
});
const windowed = <S extends SeriesId>(series: S, o: Options<S>) => ({
  ...select(series, o),
  window: o.window ?? ('interval' as const),
});

export const rate = <S extends SeriesId>(series: S, o: Options<S> = {}): Query => ({
  node: 'rate',
  ...windowed(series, o),
});
export const increase = <S extends SeriesId>(series: S, o: Options<S> = {}): Query => ({
  node: 'increase',
  ...windowed(series, { window: 'view', ...o }),
});
export const gauge = <S extends SeriesId>(
  series: S,
  how: 'sum' | 'max' | 'min' | 'avg',
  o: Omit<Options<S>, 'window'> = {},
): Query => ({ node: 'gauge', how, ...select(series, o) });
export const quantile = <S extends SeriesId>(series: S, q: number, o: Options<S> = {}): Query => ({
  node: 'quantile',
  q,
  ...windowed(series, o),
});
export const mean = <S extends SeriesId>(series: S, o: Options<S> = {}): Query => ({
  node: 'mean',
  ...windowed(series, o),
});
export const under = <S extends SeriesId>(series: S, bound: number, o: Options<S> = {}): Query => ({
  node: 'under',
  bound,
  ...windowed(series, o),
});
export const observations = <S extends SeriesId>(series: S, o: Options<S> = {}): Query => ({
  node: 'observations',
  ...windowed(series, o),
});
export const buckets = <S extends SeriesId>(series: S, o: Options<S> = {}): Query => ({
  node: 'buckets',
  ...windowed(series, o),
});
export const ratio = (of: Query, to: Query): Query => ({ node: 'ratio', of, to });
export const minus = (left: Query, right: Query): Query => ({ node: 'minus', left, right });
export const plus = (left: Query, right: Query): Query => ({ node: 'plus', left, right });
export const scale = (factor: number, of: Query): Query => ({ node: 'scale', factor, of });
export const top = (limit: number, of: Query): Query => ({ node: 'top', limit, of });
export const zero = (of: Query, universe?: Query): Query => ({ node: 'zero', of, ...(universe ? { universe } : {}) });
