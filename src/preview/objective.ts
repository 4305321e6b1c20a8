import { holds, type MemorySeries } from '../boards/query/evaluate.ts';
import type { Query } from '../boards/query/expression.ts';
import type { Objective } from '../contract/model.ts';
import { type Bad, budgetOf, type Indicator, indicators } from '../objectives/indicator.ts';

type ObjectiveQuery = Extract<Query, { readonly node: 'objective' }>;

/** Requests that count for an objective, and those of them that were bad: sums up to each time, of one gateway. */
interface Kept {
  readonly gateway: string;
  readonly valid: Float64Array;
  readonly bad: Float64Array;
}

/** An objective by whom it blames, from the series of a recorded log: as the recording rules would have it, for windows that the log is long enough for. */
export class RecordedObjective {
  private readonly kept: ReadonlyMap<Indicator['blame'], readonly Kept[]>;
  private readonly budget: number;

  constructor(objective: Objective, environment: string, all: readonly MemorySeries[], times: readonly number[]) {
    this.budget = budgetOf(objective);
    this.kept = new Map(indicators(objective, environment).map((i) => [i.blame, keep(i, all, times)]));
  }

  /** By gateway, the answer over the `steps` up to the time of that index; gateways without a request in it are left out. */
  at(
    { measure, blame }: Pick<ObjectiveQuery, 'measure' | 'blame'>,
    index: number,
    steps: number,
  ): readonly { gateway: string; value: number }[] {
    return (this.kept.get(blame ?? 'anyone') ?? []).flatMap(({ gateway, valid, bad }) => {
      const grown = (sums: Float64Array): number => (sums[index] ?? 0) - (sums[index - steps] ?? 0);
      const requests = grown(valid);
      if (requests <= 0) return [];
      const share = grown(bad) / requests;
      const value = { good: 1 - share, burn: share / this.budget, left: 1 - share / this.budget }[measure];
      return [{ gateway, value }];
    });
  }
}

function keep({ valid, bad }: Indicator, all: readonly MemorySeries[], times: readonly number[]): readonly Kept[] {
  const found = new Map<string, Kept>();
  for (const series of all) {
    if (series.series !== valid.series || !valid.where.every((f) => holds(f, series.labels[f.label] ?? ''))) continue;
    const gateway = series.labels.gateway ?? '';
    const kept = found.get(gateway) ?? {
      gateway,
      valid: new Float64Array(times.length),
      bad: new Float64Array(times.length),
    };
    found.set(gateway, kept);
    const [first] = series.points;
    const offset = first === undefined ? times.length : times.indexOf(first.at);
    for (const [i, { value }] of series.points.entries()) {
      const at = offset + i;
      kept.valid[at] = (kept.valid[at] ?? 0) + (typeof value === 'number' ? value : value.count);
      kept.bad[at] = (kept.bad[at] ?? 0) + badOf(bad, series, value);
    }
  }
  return [...found.values()];
}

function badOf(bad: Bad, { labels, edges }: MemorySeries, value: MemorySeries['points'][number]['value']): number {
  if (bad.kind === 'side') return typeof value === 'number' && bad.sides.includes(labels.side ?? '') ? value : 0;
  const edge = edges?.indexOf(bad.bound) ?? -1;
  return typeof value === 'number' || edge < 0 ? 0 : value.count - (value.under[edge] ?? 0);
}
