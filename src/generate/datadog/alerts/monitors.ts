import type { Alert, Condition } from '../../../alerts/alert.ts';
import { families, familyNames } from '../../../alerts/index.ts';
import type { BoardLabel } from '../../../boards/board.ts';
import type { BoardContext } from '../../../boards/context.ts';
import { storedLabel } from '../../../boards/query/context.ts';
import { type DatadogContext, datadogQuery } from '../../../boards/query/datadog.ts';
import { minus, type Query, scale } from '../../../boards/query/expression.ts';
import { duration } from '../../../boards/query/promql-text.ts';
import { labelsOf, selectionsOf } from '../../../boards/query/shape.ts';
import type { Model } from '../../../contract/model.ts';
import { burnMonitors } from './burn.ts';
import { lintMonitors } from './lint.ts';
import { message, priority } from './message.ts';
import type { Monitor } from './monitor.ts';
import { marks, plain } from './words.ts';

/** An environment's monitors, linted. */
export function monitors(model: Model, context: BoardContext): readonly Monitor[] {
  const made = [
    ...familyNames.flatMap((name) => families[name](context)).map((alert) => metricMonitor(alert, model, context)),
    ...context.objectives.flatMap((o) => burnMonitors(o, model, context)),
  ];
  const [problem] = lintMonitors(made, context.environment.name, context.labels);
  if (problem !== undefined) throw new Error(problem);
  return made;
}

function metricMonitor(alert: Alert, model: Model, context: BoardContext): Monitor {
  const at: DatadogContext = {
    scope: [],
    labels: context.labels,
    use: 'monitor',
    place: { board: 'alerts', panel: alert.name },
  };
  const { query, is, threshold } = comparable(alert.condition, alert.noData);
  const { queries, formula, windowMs } = datadogQuery(query, at);
  const inlined = formula.replace(/\bq\d+\b/g, (name) => queries.find((q) => q.name === name)?.query ?? name);
  // A gauge has no window of its own: it must stand so for as long as the alert waits.
  const over = windowMs === undefined ? (is === 'above' ? 'min' : 'max') : query.node === 'quantile' ? 'avg' : 'sum';
  const last = `last_${duration(windowMs ?? Math.max(alert.forMs, 300_000))}`;
  const [first] = selectionsOf(query);
  const by = labelsOf(query);
  const tag = (label: string): string => storedLabel(first?.series ?? 'requests', label as BoardLabel, 'datadog', at);
  const tags = Object.fromEntries(
    (['cluster', 'gateway', 'backend'] as const).flatMap((label) => (by.includes(label) ? [[label, tag(label)]] : [])),
  );
  const text = plain(alert.description)
    .replace(/^\{value\} of/, `More than ${threshold100(alert)} of`)
    .replaceAll('{value}', '{{value}}')
    .replace(/\{label:(\w+)\}/g, (_, label: string) => `{{${tag(label)}.name}}`);
  return {
    id: alert.name,
    document: {
      type: 'query alert',
      name: `${alert.name} in ${context.environment.name}`,
      query: `${over}(${last}):${inlined} ${is === 'above' ? '>' : '<'} ${threshold}`,
      message: message(alert, { text, severity: alert.severity, named: [], tags }, model, context),
      tags: [...marks(context, alert.name), `severity:${alert.severity}`],
      priority: priority[alert.severity],
      options: {
        thresholds: { critical: threshold },
        on_missing_data: alert.noData === 'cannot tell' ? 'show_and_notify_no_data' : 'default',
        require_full_window: false,
        new_group_delay: 60,
        include_tags: true,
      },
    },
  };
}

const threshold100 = ({ condition: { threshold } }: Alert): string => `${Number((threshold * 100).toPrecision(3))} %`;

/**
 * A monitor compares one number, so a share with a gate becomes the failures beyond that share: more than the gate's own would be, and ten at least.
 * Where nobody can tell without data, that itself is told, and needs no gate.
 */
function comparable(
  { query, is, threshold, traffic }: Condition,
  noData: Alert['noData'],
): Pick<Condition, 'query' | 'is' | 'threshold'> {
  if (query.node === 'zero' && noData === 'cannot tell') return { query: query.of, is, threshold };
  if (query.node !== 'ratio' || !traffic) return { query, is, threshold };
  return {
    query: minus(counted(query.of), scale(threshold, counted(query.to))),
    is,
    threshold: Math.max(10, Math.round(threshold * traffic.above)),
  };
}

function counted(query: Query): Query {
  if (query.node === 'rate') return { ...query, node: 'increase' };
  if (query.node === 'minus' || query.node === 'plus')
    return { ...query, left: counted(query.left), right: counted(query.right) };
  return query;
}
