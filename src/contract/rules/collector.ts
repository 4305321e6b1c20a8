import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** The oldest Collector whose names and keys vigia knows and has run. */
const oldest = [0, 155, 0] as const;

/** Collectors: a version that is known, and an autoscaler that has room. */
export function* collectors(contract: Contract): Generator<Finding> {
  yield* one(['collector'], contract.collector, contract.collector);
  for (const [name, c] of Object.entries(contract.clusters))
    if (c.collector)
      yield* one(['clusters', name, 'collector'], c.collector, { ...contract.collector, ...c.collector });
}

type Sizes = { version?: string | undefined; replicas?: number | undefined; maxReplicas?: number | undefined };

function* one(path: readonly string[], own: Sizes, merged: Sizes): Generator<Finding> {
  const [, minor = 0] = (own.version ?? '0.155.0').split('.').map(Number);
  if (minor < oldest[1])
    yield {
      path: [...path, 'version'],
      message: `${own.version} is older than ${oldest.join('.')}, the oldest whose configuration vigia writes`,
    };
  const { replicas = 1, maxReplicas } = merged;
  if (maxReplicas !== undefined && maxReplicas < replicas)
    yield {
      path: [...path, own.maxReplicas === undefined ? 'replicas' : 'maxReplicas'],
      message: `maxReplicas ${maxReplicas} is below replicas ${replicas}`,
    };
}
