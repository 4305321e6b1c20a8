import type { Cluster, Model } from '../../../src/contract/model.ts';
import { readContract } from '../../../src/contract/read.ts';
import { resolve } from '../../../src/contract/resolve.ts';

/** A contract's text, read and resolved as `vigia generate` does. */
export function modelOf(text: string): Model {
  const reading = readContract(text);
  if (!('contract' in reading) || reading.contract === undefined)
    throw new Error(`the test's contract is not valid: ${JSON.stringify(reading)}`);
  return resolve(reading.contract);
}

/** The only cluster of a contract. */
export function clusterOf(model: Model): Cluster {
  const [cluster] = model.clusters;
  if (cluster === undefined || model.clusters.length > 1) throw new Error('the contract has not exactly one cluster');
  return cluster;
}

/** The same for Collectors of another version. */
export function atVersion(model: Model, version: string): Model {
  const clusters = model.clusters.map((c) => ({ ...c, collector: { ...c.collector, version } }));
  return { ...model, clusters };
}
