import type { Manifest } from '../../../contract/draft/manifests.ts';
import type { Model } from '../../../contract/model.ts';
import { manifestFiles } from '../index.ts';
import type { Finding } from './finding.ts';
import { gatewaysThere } from './gateways.ts';
import { references } from './references.ts';
import { rivals } from './rivals.ts';
import { worldOf } from './world.ts';

/**
 * What would break or undo the generated manifests, alone and among the cluster's own. The same finding of several clusters is told once;
 * those that break come first.
 */
export function review(model: Model, given: readonly Manifest[] | undefined): readonly Finding[] {
  const files = manifestFiles(model);
  const all = model.clusters.flatMap((cluster) => {
    const own = files.filter((f) => f.path.startsWith(`kgateway/${cluster.name}/`)).flatMap((f) => f.objects);
    const world = worldOf(given ?? [], own);
    return [...references(world), ...rivals(world), ...(given ? gatewaysThere(cluster, world) : [])];
  });
  const once = [...new Map(all.map((f) => [JSON.stringify(f), f])).values()];
  return [...once.filter((f) => f.breaks), ...once.filter((f) => !f.breaks)];
}
