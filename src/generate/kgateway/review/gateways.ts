import { map } from '../../../contract/draft/manifests.ts';
import type { Cluster } from '../../../contract/model.ts';
import { nearest } from '../../../nearest.ts';
import { telemetryName } from '../listener-policy.ts';
import type { Finding } from './finding.ts';
import { text, type World } from './world.ts';

/** Gateways of the contract that the manifests do not have, and those whose parameters are not the generated ones. */
export function* gatewaysThere(cluster: Cluster, world: World): Generator<Finding> {
  if (world.gateways.length === 0) return;
  const ids = world.gateways.map((g) => `${g.name}.${g.namespace}`);
  for (const gateway of cluster.gateways) {
    const found = world.gateways.find((g) => g.name === gateway.name && g.namespace === gateway.namespace);
    const where = `Gateway ${gateway.namespace}/${gateway.name}`;
    if (!found) {
      const guess = nearest(gateway.id, ids);
      yield {
        breaks: false,
        where,
        message: 'is in the contract and not among the manifests: its policy would reach nothing',
        hint: guess ? `did you mean ${guess}?` : `there are ${ids.join(', ')}`,
      };
      continue;
    }
    const ref = map(map(found.spec['infrastructure'])['parametersRef']);
    const named = text(ref['name']);
    if (named === telemetryName(gateway)) continue;
    yield {
      breaks: false,
      where,
      message: named
        ? `names GatewayParameters ${named}, so those of vigia (${telemetryName(gateway)}) do nothing`
        : `names no GatewayParameters, so those of vigia (${telemetryName(gateway)}) do nothing`,
      hint: named
        ? `copy spec.kube of ${telemetryName(gateway)} into ${named}`
        : `spec.infrastructure.parametersRef: {group: gateway.kgateway.dev, kind: GatewayParameters, name: ${telemetryName(gateway)}}`,
    };
  }
}
