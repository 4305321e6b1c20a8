import type { Manifest } from '../contract/draft/manifests.ts';
import { fromCluster } from './from-cluster.ts';
import type { Io } from './io.ts';
import { openManifests } from './manifests.ts';
import { Misuse } from './misuse.ts';

/** A cluster's objects by --manifests, or by --from-cluster and --context; none when neither is given. `command` is the one they are of, for its errors. */
export async function objectsGiven(
  command: string,
  options: Record<string, unknown>,
  also: Parameters<typeof fromCluster>[2],
  io: Io,
): Promise<readonly Manifest[]> {
  const { manifests, context } = options as { manifests?: string; context?: string };
  const live = options['fromCluster'] === true;
  if (live && manifests !== undefined)
    throw new Misuse('--from-cluster and --manifests both say where the objects are', 'keep one of them');
  if (context !== undefined && !live)
    throw new Misuse('--context is for --from-cluster', `vigia ${command} --from-cluster --context NAME`);
  if (live) return (await fromCluster(context, io, also)).objects;
  return manifests === undefined ? [] : openManifests(manifests, '--manifests', io);
}
