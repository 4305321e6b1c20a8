import type { Gateway, Label } from '../contract/model.ts';

/** The contract's labels that metrics have and requests carry, so that they multiply series; those that are fixed for a gateway do not. */
export function customLabels(gateways: readonly Gateway[]): readonly Label[] {
  const all = gateways.flatMap((g) => g.labels).filter((l) => l.on.metrics && l.from.kind !== 'literal');
  return [...new Map(all.filter((l) => l.from.kind !== 'pod-label').map((l) => [l.name, l])).values()];
}

/** As many values it may have at most: those allowed, `other`, and absent; undefined where whoever runs the cluster sets it. */
export function valuesOf({ bound, other, absent }: Label): number | undefined {
  if (bound.kind === 'values') return new Set([...bound.values, other, absent]).size;
  return bound.kind === 'buckets' ? bound.count + 1 : undefined;
}
