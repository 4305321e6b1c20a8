import type { MemorySeries } from '../../src/boards/query/evaluate.ts';
import { type Condition, parseComposite, parseMetric } from '../../src/generate/datadog/alerts/parse.ts';
import { evaluateDatadog } from './datadog-evaluator.ts';

/** What of a monitor's document is read: its text alone. */
export interface MonitorText {
  readonly type: string;
  readonly query: string;
}

/** Whether each group alerts, by its tags' values, which is all that a composite knows its parts' groups by. */
type Groups = ReadonlyMap<string, boolean>;

/**
 * vigia's own reading of monitors, from the public documentation; not Datadog. A metric monitor sums its window before it calculates (as_count); a
 * composite is of the groups that all of its parts have, and alerts by their states alone. A group without data is in neither.
 */
export function alerting(
  monitor: MonitorText,
  all: ReadonlyMap<string, MonitorText>,
  data: readonly MemorySeries[],
  at: number,
): readonly string[] {
  const groups =
    monitor.type === 'composite'
      ? ofCondition(parseComposite(monitor.query), all, data, at)
      : ofMetric(monitor, data, at);
  return [...groups].filter(([, alerts]) => alerts).map(([group]) => group);
}

export function ofCondition(
  condition: Condition,
  all: ReadonlyMap<string, MonitorText>,
  data: readonly MemorySeries[],
  at: number,
): Groups {
  switch (condition.kind) {
    case 'monitor': {
      const part = all.get(condition.ref);
      if (!part || part.type === 'composite')
        throw new Error(`${condition.ref} is no monitor that a composite can have`);
      return ofMetric(part, data, at);
    }
    case 'not':
      return new Map([...ofCondition(condition.of, all, data, at)].map(([group, alerts]) => [group, !alerts]));
    default: {
      const right = ofCondition(condition.right, all, data, at);
      return new Map(
        [...ofCondition(condition.left, all, data, at)].flatMap(([group, alerts]) => {
          const other = right.get(group);
          if (other === undefined) return [];
          return [[group, condition.kind === '&&' ? alerts && other : alerts || other] as const];
        }),
      );
    }
  }
}

function ofMetric({ query }: MonitorText, data: readonly MemorySeries[], at: number): Groups {
  const { over, windowMs, formula, queries, is, threshold } = parseMetric(query);
  if (over !== 'sum') throw new Error(`${query}: only sums are in the subset`);
  const answers = evaluateDatadog({ formula, queries }, data, { at, windowMs, viewMs: windowMs });
  return new Map(
    answers.map(({ tags, value }) => [
      Object.values(tags).join(','),
      is === '>' ? value > threshold : value < threshold,
    ]),
  );
}
