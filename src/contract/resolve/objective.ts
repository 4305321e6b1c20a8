import type { Objective } from '../model.ts';
import type { Contract } from '../schema/index.ts';

type Entry = Contract['objectives'][number];

/** An objective with every default; `ids` makes gateway ids of references, all of them of none. */
export function resolveObjective(
  o: Entry,
  environments: readonly string[],
  ids: (refs: readonly string[] | undefined) => readonly string[],
): Objective {
  return {
    name: o.name,
    description: o.description,
    environments: o.environments ?? environments,
    gateways: ids(o.gateways),
    routes: o.routes ?? [],
    indicator: indicatorOf(o),
    // Through a decimal string: 99.9 / 100 is 0.9990000000000001.
    target: Number((o.target / 100).toPrecision(12)),
    windowDays: o.window,
    minRequestsPerHour: o.minRequestsPerHour,
    notify: o.notify,
  };
}

const indicatorOf = (o: Entry): Objective['indicator'] =>
  o.kind === 'latency'
    ? { kind: 'latency', thresholdMs: o.under, gatewayThresholdMs: o.gatewayUnder }
    : { kind: 'availability' };

/** Whether the objective is also about that gateway's own time. */
export const promisesHandover = (o: Objective, environment: string, gateway: string): boolean =>
  o.indicator.kind === 'latency' &&
  o.indicator.gatewayThresholdMs !== undefined &&
  o.environments.includes(environment) &&
  o.gateways.includes(gateway);
