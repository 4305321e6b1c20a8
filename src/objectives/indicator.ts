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
 * Availability twice, of requests that matched a route: on a public gateway scanners alone would spend any budget. Latency twice where the contract
 * promises the gateway's own time, which is measured only then: of the requests that it can be told of, not of all (signals.handover).
 */
export function indicators(objective: Objective, environment: string): readonly Indicator[] {
  const where: readonly Filter[] = [
    { label: 'environment', is: [environment] },
    { label: 'gateway', is: objective.gateways },
    ...(objective.routes.length === 0 ? [] : [{ label: 'route', contains: objective.routes.map(routeText) } as const]),
  ];
  const by = ['gateway'] as const;
  if (objective.indicator.kind === 'latency') {
    const { thresholdMs, gatewayThresholdMs: own } = objective.indicator;
    const slow = (ms: number): Bad => ({ kind: 'slow', bound: ms / 1000 });
    const answers: Selection = { series: 'duration', where: [...where, { label: 'statusClass', not: noAnswer }], by };
    return [
      { blame: 'anyone', valid: answers, bad: slow(thresholdMs) },
      ...(own === undefined
        ? []
        : [{ blame: 'gateway', valid: { series: 'handover', where, by }, bad: slow(own) } as const]),
    ];
  }
  const valid: Selection = { series: 'requests', where: [...where, { label: 'side', not: setAside }, routed], by };
  return [
    { blame: 'anyone', valid, bad: { kind: 'side', sides: badSides } },
    { blame: 'gateway', valid, bad: { kind: 'side', sides: gatewaySides } },
  ];
}

/** Whether the gateway's own time is promised, so that it must be measured. */
export const promisesHandover = ({ indicator }: Pick<Objective, 'indicator'>): boolean =>
  indicator.kind === 'latency' && indicator.gatewayThresholdMs !== undefined;

/** Whether it can be asked what of it the gateway's people have to mend. */
export const blamesGateway = (o: Pick<Objective, 'indicator'>): boolean =>
  o.indicator.kind === 'availability' || promisesHandover(o);

/** The share of requests that may be bad; 1 - 0.999 is 0.0010000000000000009. */
export const budgetOf = ({ target }: Pick<Objective, 'target'>): number => Number((1 - target).toPrecision(12));
