import type { Contract } from './schema/index.ts';

/** The clusters a gateway's entry stands for: named, or all of its environments', or all there are. */
export function clusterNames(gateway: Contract['gateways'][number], contract: Contract): readonly string[] {
  if (gateway.clusters) return gateway.clusters;
  return Object.entries(contract.clusters)
    .filter(([, c]) => gateway.environments?.includes(c.environment) ?? true)
    .map(([name]) => name);
}
