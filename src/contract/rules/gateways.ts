import { clusterNames } from '../cluster-names.ts';
import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** Combinations of a gateway's own keys that can't be. */
export function* gateways(contract: Contract): Generator<Finding> {
  for (const [i, g] of contract.gateways.entries()) {
    const at = (...keys: string[]) => ['gateways', i, ...keys];
    if (g.clusters && g.environments)
      yield {
        path: at('environments'),
        message: 'clusters and environments both say where it is',
        against: at('clusters'),
        hint: 'keep one of them',
      };
    else if (clusterNames(g, contract).length === 0 && known(g.environments, contract))
      yield {
        path: at('name'),
        message: `${g.name} is on no cluster`,
        hint: 'its environments have no cluster in the contract',
      };
    if (g.waypoint && g.loadBalancer)
      yield { path: at('loadBalancer'), message: 'a waypoint has no load balancer before it', against: at('waypoint') };
    const lb = g.loadBalancer;
    if (lb?.type === 'nlb' && lb.protocol === 'tls' && lb.idleTimeout !== 350_000)
      yield {
        path: at('loadBalancer', 'idleTimeout'),
        message: 'a tls listener of an NLB closes idle connections after 350s, and nothing changes that',
        against: at('loadBalancer', 'protocol'),
      };
  }
}

/** An environment that nobody has, in the gateway or in a cluster, is told as that. */
function known(environments: readonly string[] | undefined, contract: Contract): boolean {
  const used = [...(environments ?? []), ...Object.values(contract.clusters).map((c) => c.environment)];
  return used.every((name) => Object.hasOwn(contract.environments, name));
}
