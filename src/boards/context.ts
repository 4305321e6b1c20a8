import type { Environment, Kgateway, Label, Model, Objective } from '../contract/model.ts';
import { isRecorded } from './recorded.ts';

/** What a board may depend on: one environment of the contract. */
export interface BoardContext {
  /** The contract's name. */
  readonly contract: string;
  readonly environment: Environment;
  readonly kgateway: Kgateway;
  /** Names, in the contract's order. */
  readonly clusters: readonly string[];
  /** Gateway ids of the environment. */
  readonly gateways: readonly string[];
  /** The contract's labels that are on metrics of at least one gateway here. */
  readonly labels: readonly Label[];
  /** Those that hold in this environment, their gateways narrowed to it. */
  readonly objectives: readonly Objective[];
  readonly runbooks: string | undefined;
  /** What boards ask for without route and backend is recorded by rules (recorded.ts). */
  readonly recorded: boolean;
}

/** The context of each environment that has a cluster, in the contract's order. */
export function boardContexts(model: Model): readonly BoardContext[] {
  return model.environments.flatMap((environment): BoardContext[] => {
    const clusters = model.clusters.filter((c) => c.environment.name === environment.name);
    if (clusters.length === 0) return [];
    const here = clusters.flatMap((c) => c.gateways);
    const gateways = [...new Set(here.map((g) => g.id))];
    const carried = new Set(here.flatMap((g) => g.labels.filter((l) => l.on.metrics).map((l) => l.name)));
    return [
      {
        contract: model.name,
        environment,
        kgateway: model.kgateway,
        clusters: clusters.map((c) => c.name),
        gateways,
        labels: model.labels.filter((l) => carried.has(l.name)),
        objectives: model.objectives
          .filter((o) => o.environments.includes(environment.name))
          .map((o) => ({ ...o, gateways: o.gateways.filter((g) => gateways.includes(g)) }))
          .filter((o) => o.gateways.length > 0),
        runbooks: model.links.runbooks,
        recorded: environment.metrics.to === 'prometheus' && isRecorded(model),
      },
    ];
  });
}
