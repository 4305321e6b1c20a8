import type { BoardLabel } from '../../src/boards/board.ts';
import type { MemorySeries } from '../../src/boards/query/evaluate.ts';
import {
  type Filter,
  minus,
  plus,
  type Query,
  ratio,
  type Selection,
  scale,
  top,
  type Window,
  zero,
} from '../../src/boards/query/expression.ts';
import { edgesOf } from '../../src/signals/edges.ts';
import { type SeriesId, seriesOf } from '../../src/signals/series.ts';

/** Queries that no board asks: any series, labels and values of the data, any nesting. The same number always makes the same query. */
export function randomQuery(seed: number, data: readonly MemorySeries[]): Query {
  let state = seed + 1;
  const next = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 13), 0x5bd1e995) + 0x9e3779b9) >>> 0;
    return (state >>> 8) % below;
  };
  const one = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[next(list.length)] as T;

  const ids = [...new Set(data.map((s) => s.series))];
  const id: SeriesId = one(ids);
  const own = data.filter((s) => s.series === id);
  // Labels that every series of that name has.
  const labels = (Object.keys(own[0]?.labels ?? {}) as BoardLabel[]).filter(
    (l) => l !== 'custom:apart' && own.every((s) => s.labels[l] !== undefined),
  );
  const by = labels.filter(() => next(3) === 0).slice(0, 3);
  const filter = (): Filter => {
    const label = one(labels);
    const value = (): string => one(own).labels[label] ?? '';
    return one<() => Filter>([
      () => ({ label, is: [value()] }),
      () => ({ label, is: [value(), value(), 'not-there'] }),
      () => ({ label, not: [value()] }),
      () => ({ label, not: [value(), 'not-there'] }),
      () => ({ label, prefix: value().slice(0, 1 + next(4)) }),
      () => ({ label, contains: [value().slice(-2)] }),
      () => ({ label, contains: [value().slice(-2), value().slice(0, 2)] }),
    ])();
  };
  const window: Window = one(['interval', 'view', 120_000, 600_000] as const);
  const selection = (): Selection => ({ series: id, by, where: Array.from({ length: next(3) }, filter) });
  const leaf = (): Query => {
    const { type } = seriesOf(id);
    const some = selection();
    if (type === 'gauge') return { node: 'gauge', how: one(['sum', 'max', 'min', 'avg'] as const), ...some };
    if (type === 'counter') return { node: one(['rate', 'increase'] as const), window, ...some };
    const edges = edgesOf(id) ?? [1];
    return one<() => Query>([
      () => ({ node: 'quantile', q: one([0.5, 0.9, 0.99]), window, ...some }),
      () => ({ node: 'mean', window, ...some }),
      () => ({ node: 'under', bound: one(edges), window, ...some }),
      () => ({ node: 'observations', window, ...some }),
    ])();
  };
  const like = (query: Query): Query => ({ ...query, ...selection() }) as Query;
  const first = leaf();
  const made = one<() => Query>([
    () => first,
    () => ratio(first, like(first)),
    () => minus(first, like(first)),
    () => plus(first, scale(2, like(first))),
    () => scale(0.5, minus(first, like(first))),
    () => (by.length === 0 ? zero(first) : zero(first, { ...first, where: [] } as Query)),
    () => ratio(plus(first, like(first)), like(first)),
    () => minus(first, minus(like(first), like(first))),
  ])();
  return by.length > 0 && next(4) === 0 ? top(1 + next(4), made) : made;
}
