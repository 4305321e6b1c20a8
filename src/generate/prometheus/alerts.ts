import type { Alert } from '../../alerts/alert.ts';
import { families, familyNames } from '../../alerts/index.ts';
import { labelSets, takers } from '../../alerts/routing.ts';
import type { BoardLabel } from '../../boards/board.ts';
import { storedLabel } from '../../boards/query/context.ts';
import { promql } from '../../boards/query/promql.ts';
import { selector } from '../../boards/query/promql-selector.ts';
import { duration } from '../../boards/query/promql-text.ts';
import { labelsOf, selectionsOf, unitsOf } from '../../boards/query/shape.ts';
import { type At, links } from './at.ts';
import { type AlertingRule, type Group, template } from './rule.ts';

/** The alerts that do not depend on an objective, a group for each family. */
export const alertGroups = (at: At): readonly Group[] =>
  familyNames.map((name) => ({
    name: `vigia-${at.context.environment.name}-${name}`,
    interval: '1m',
    rules: families[name](at.context).flatMap((alert) => alertRules(alert, at)),
  }));

/** One rule, or one for each set of labels that is routed by. */
export function alertRules(alert: Alert, at: At): readonly AlertingRule[] {
  const { environment } = at.context;
  const by = labelsOf(alert.condition.query);
  const [first] = selectionsOf(alert.condition.query);
  const stored = (label: string): string => storedLabel(first?.series ?? 'requests', label as BoardLabel, at.path, at);
  const annotations = {
    summary: alert.summary,
    description: template(alert.description, printed[unitsOf(alert.condition.query)[0] ?? ''] ?? 'humanize', stored),
    ...links(at, { ...alert, triage: alert.triage, labels: by, stored }),
  };
  return labelSets(takers(at.model.notifications, environment.name, alert.severity)).map((labels) => ({
    alert: alert.name,
    expr: expression(alert, at),
    ...(alert.forMs > 0 ? { for: duration(alert.forMs) } : {}),
    ...(alert.keepFiringMs === undefined ? {} : { keep_firing_for: duration(alert.keepFiringMs) }),
    labels: { severity: alert.severity, environment: environment.name, ...labels },
    annotations,
  }));
}

const printed: Readonly<Record<string, string>> = {
  share: 'humanizePercentage',
  seconds: 'humanizeDuration',
  days: 'printf "%.0f"',
};

function expression({ condition, name }: Alert, at: At): string {
  const { query, is, threshold, traffic, births } = condition;
  const place = { ...at, place: { board: 'alerts', panel: name } };
  const compared = `(${births ? born(condition, place) : promql(query, place)}) ${is === 'above' ? '>' : '<'} ${threshold}`;
  return traffic ? `${compared}\nand\n(${promql(traffic.query, place)}) > ${traffic.above}` : compared;
}

/** Growth, and of a series that was not there when the window began the value it came with: `increase` sees nothing of that. */
function born({ query }: Alert['condition'], at: At): string {
  if (query.node !== 'increase' || typeof query.window !== 'number') throw new Error('births are those of an increase');
  const of = selector(query, at);
  const window = duration(query.window);
  const names = query.by.map((l) => storedLabel(query.series, l, at.path, at)).join(', ');
  return `sum by (${names}) ((increase(${of}[${window}]) > 0) or (last_over_time(${of}[${window}]) unless ${of} offset ${window}))`;
}
