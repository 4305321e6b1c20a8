import type { BoardLabel } from '../../src/boards/board.ts';
import { type Answer, evaluate, type MemorySeries, type Moment } from '../../src/boards/query/evaluate.ts';
import type { Query } from '../../src/boards/query/expression.ts';
import { labelsOf, leaves } from '../../src/boards/query/shape.ts';
import { moment, stretch } from './traffic/data.ts';

/** One answer, its labels in the query's order. */
export interface Told {
  readonly key: string;
  readonly value: number;
}

export const told = (
  query: Query,
  answers: readonly Answer[],
  spell: (v: string) => string = (v) => v,
): readonly Told[] =>
  answers.map((a) => ({
    key: [
      ...labelsOf(query).map((l: BoardLabel) => spell(a.labels[l] ?? '')),
      ...(a.le === undefined ? [] : [String(a.le)]),
    ].join(' | '),
    value: a.value,
  }));

/** How a window of the query is extrapolated; 1 where only shares of growth are told. Throws where parts of it differ. */
export function stretched(query: Query): number {
  switch (query.node) {
    case 'rate':
    case 'increase':
    case 'observations':
    case 'buckets':
      return stretch(typeof query.window === 'number' ? query.window : moment[query.window]);
    case 'scale':
    case 'top':
    case 'zero':
      return stretched(query.of);
    case 'minus':
    case 'plus': {
      const [a, b] = [stretched(query.left), stretched(query.right)];
      if (a !== b) throw new Error('two windows in one sum');
      return a;
    }
    case 'ratio':
      return stretched(query.of) / stretched(query.to);
    default:
      return 1;
  }
}

/** What a query is expected to give, and for the greatest of a graph who may be among them. */
export interface Expected {
  readonly told: readonly Told[];
  /** Which of several equals is among the greatest is nobody's promise: those above the cut must be, those at it may be. */
  readonly greatest?: { readonly must: ReadonlySet<string>; readonly may: ReadonlySet<string>; readonly limit: number };
}

/** By the definition of queries, `spell` being what the store makes of values. */
export function expectedOf(
  query: Query,
  data: readonly MemorySeries[],
  { spell = (v) => v, objective }: { readonly spell?: (v: string) => string } & Pick<Moment, 'objective'> = {},
): Expected {
  const now: Moment = { ...moment, ...(objective ? { objective } : {}) };
  if (query.node !== 'top') return { told: told(query, evaluate(query, data, now), spell) };
  const ranks = told(query, evaluate(query.of, data, { ...now, ranking: !ofView(query) }), spell);
  const cut = ranks.map((r) => r.value).sort((a, b) => b - a)[query.limit - 1] ?? Number.NEGATIVE_INFINITY;
  const near = (value: number): boolean => Math.abs(value - cut) <= 1e-9 * Math.max(1, Math.abs(cut));
  return {
    told: told(query, evaluate(query.of, data, now), spell),
    greatest: {
      must: new Set(ranks.filter((r) => r.value > cut && !near(r.value)).map((r) => r.key)),
      may: new Set(ranks.filter((r) => near(r.value)).map((r) => r.key)),
      limit: query.limit,
    },
  };
}

/** What differs, in words; empty when nothing does. Numbers are equal to nine digits. */
export function differences({ told: all, greatest }: Expected, got: readonly Told[]): readonly string[] {
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  const mine = new Map(got.map((t) => [t.key, t.value]));
  const truth = new Map(all.map((t) => [t.key, t.value]));
  const must = all.filter((t) => greatest?.must.has(t.key) ?? true);
  const odd = got.filter(
    (t) => !truth.has(t.key) || !(greatest === undefined || greatest.must.has(t.key) || greatest.may.has(t.key)),
  );
  return [
    ...(mine.size === got.length ? [] : ['two answers of one key']),
    ...(greatest && got.length > greatest.limit ? [`${got.length} answers, not ${greatest.limit}`] : []),
    ...must.flatMap(({ key, value }) => (mine.has(key) ? [] : [`${key}: nothing, not ${value}`])),
    ...odd.map((t) => `${t.key}: ${t.value}, not nothing`),
    ...got.flatMap(({ key, value }) => {
      const wanted = truth.get(key);
      return wanted === undefined || close(wanted, value) ? [] : [`${key}: ${value}, not ${wanted}`];
    }),
  ];
}

/** Whether it is about the whole time shown. */
export const ofView = (query: Query): boolean => leaves(query).some((q) => 'window' in q && q.window === 'view');
