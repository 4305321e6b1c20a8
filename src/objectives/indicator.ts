import { ofTheGateway, routed, toMend } from '../boards/parts.ts';
import type { Filter, Selection } from '../boards/query/expression.ts';
import type { Objective } from '../contract/model.ts';
import { routeText } from '../contract/route-text.ts';

/**
 * An objective as it is measured: `anyone` is what clients meet, whoever did it; `gateway` only what those who run the gateway have to mend.
 * Why these sides and statuses: docs/decisions/0008-dashboards-and-alerts.md.
 */
export interface Indicator {
  readonly blame: 'anyone' | 'gateway';
  /** What counts for the objective. */
  readonly valid: Selection;
  readonly bad: Bad;
}

/** Which of the valid ones are bad: those that a filter takes as well, or of a histogram those above an edge (seconds). */
export type Bad =
  | { readonly kind: 'side'; readonly sides: readonly string[] }
  | { readonly kind: 'slow'; readonly bound: number };

/** A client's own mistakes and a policy that does its work are neither good nor bad. */
export const setAside = ['client', 'policy'] as const;
/** Answers alone have a duration that was promised: what failed is the availability's, a WebSocket (101) lasts as long as it is used. */
export const noAnswer = ['0', '1xx', '5xx'] as const;

const sidesOf = (filter: typeof toMend): readonly string[] => ('is' in filter ? filter.is : []);
export const badSides = sidesOf(toMend);
export const gatewaySides = sidesOf(ofTheGateway);

/**
 * Availability twice, of requests that matched a route: on a public gateway scanners alone would spend any budget. Latency once: no signal says whose
 * time it was, so a latency that is the gateway's own can't be told from a backend's (docs/decisions/0008-dashboards-and-alerts.md has what it would take).
 */
export function indicators(objective: Objective, environment: string): readonly Indicator[] {
  const where: readonly Filter[] = [
    { label: 'environment', is: [environment] },
    { label: 'gateway', is: objective.gateways },
    ...(objective.routes.length === 0 ? [] : [{ label: 'route', contains: objective.routes.map(routeText) } as const]),
  ];
  const by = ['gateway'] as const;
  if (objective.indicator.kind === 'latency')
    return [
      {
        blame: 'anyone',
        valid: { series: 'duration', where: [...where, { label: 'statusClass', not: noAnswer }], by },
        bad: { kind: 'slow', bound: objective.indicator.thresholdMs / 1000 },
      },
    ];
  const valid: Selection = { series: 'requests', where: [...where, { label: 'side', not: setAside }, routed], by };
  return [
    { blame: 'anyone', valid, bad: { kind: 'side', sides: badSides } },
    { blame: 'gateway', valid, bad: { kind: 'side', sides: gatewaySides } },
  ];
}

/** The share of requests that may be bad; 1 - 0.999 is 0.0010000000000000009. */
export const budgetOf = ({ target }: Pick<Objective, 'target'>): number => Number((1 - target).toPrecision(12));
