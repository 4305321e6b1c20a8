import { clusterNames } from '../cluster-names.ts';
import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** One entry for a gateway on a cluster; names of objectives, routes and backends are given out once. */
export function* gatewaysAlike(contract: Contract): Generator<Finding> {
  const first = new Map<string, number>();
  for (const [i, g] of contract.gateways.entries()) {
    const told = new Set<number>();
    for (const cluster of clusterNames(g, contract)) {
      const key = `${g.name}.${g.namespace} on ${cluster}`;
      const before = first.get(key);
      if (before === undefined) first.set(key, i);
      else if (!told.has(before)) {
        told.add(before);
        yield {
          path: ['gateways', i, 'name'],
          message: before === i ? `names cluster ${cluster} twice` : `${key} is there already`,
          against: before === i ? undefined : ['gateways', before, 'name'],
        };
      }
    }
  }
  const lists = {
    objectives: contract.objectives.map((o) => o.name),
    routes: ids(contract.routes),
    backends: ids(contract.backends),
  };
  for (const [list, names] of Object.entries(lists))
    for (const [i, name] of names.entries()) {
      const before = names.indexOf(name);
      if (before < i)
        yield { path: [list, i, 'name'], message: `${name} is there already`, against: [list, before, 'name'] };
    }
}

const ids = (all: readonly { name: string; namespace: string }[]) => all.map((one) => `${one.namespace}/${one.name}`);
