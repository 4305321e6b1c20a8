import { clusterOf } from '../contract/draft/cluster-name.ts';
import { type Manifest, readManifests } from '../contract/draft/manifests.ts';
import type { DraftCluster } from '../contract/draft/write.ts';
import type { Io, Ran } from './io.ts';
import { Failed } from './misuse.ts';

/** What is read of a cluster: the Gateways must be there, the rest fills in what it can. */
const kinds: readonly (readonly [resource: string, where: readonly string[]])[] = [
  ['gateways.gateway.networking.k8s.io', ['-A']],
  ['httproutes.gateway.networking.k8s.io', ['-A']],
  ['gatewayparameters.gateway.kgateway.dev', ['-A']],
  ['services', ['-A']],
  ['ingresses.networking.k8s.io', ['-A']],
  ['deployments.apps', ['-n', 'kgateway-system']],
];

/** More of a cluster, by what is asked of it. */
const grpcRoutes: (typeof kinds)[number] = ['grpcroutes.gateway.networking.k8s.io', ['-A']];
/** What sets timeouts there. */
const policies: typeof kinds = [
  grpcRoutes,
  ['listenerpolicies.gateway.kgateway.dev', ['-A']],
  ['httplistenerpolicies.gateway.kgateway.dev', ['-A']],
  ['trafficpolicies.gateway.kgateway.dev', ['-A']],
  ['backendconfigpolicies.gateway.kgateway.dev', ['-A']],
];

/** The objects of a cluster, by kubectl's own JSON: its credentials, its context, read only. */
export async function fromCluster(
  context: string | undefined,
  io: Io,
  also?: 'policies' | 'routes',
): Promise<{ readonly objects: readonly Manifest[]; readonly cluster: DraftCluster }> {
  const global = [...(context === undefined ? [] : [`--context=${context}`]), '--request-timeout=30s'];
  const kubectl = async (args: readonly string[]): Promise<Ran> => {
    const ran = await io.run('kubectl', [...args, ...global]);
    if (ran) return ran;
    throw new Failed(
      'kubectl is not on the PATH, and --from-cluster asks the cluster through it',
      'where it is: kubectl get gateways,httproutes,gatewayparameters,services,ingresses -A -o json > cluster.json; then vigia init --from-manifests cluster.json',
    );
  };
  const objects: Manifest[] = [];
  for (const [i, [resource, where]] of [
    ...kinds,
    ...(also ? { policies, routes: [grpcRoutes] }[also] : []),
  ].entries()) {
    const ran = await kubectl(['get', resource, ...where, '-o', 'json']);
    if (ran.status === 0) objects.push(...readManifests(ran.stdout, resource).objects);
    else if (i === 0)
      throw new Failed(
        `kubectl get ${resource}: ${firstLine(ran.stderr)}`,
        'which cluster: kubectl config get-contexts, then --context NAME',
      );
    else io.stderr.write(`vigia: without ${resource}: ${firstLine(ran.stderr)}\n`);
  }
  const named = context ?? (await kubectl(['config', 'current-context'])).stdout.trim();
  return { objects, cluster: clusterOf(named) };
}

const firstLine = (text: string) => text.trim().split('\n').at(-1) ?? 'no words from it';
