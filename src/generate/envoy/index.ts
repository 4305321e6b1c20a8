import type { Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { yamlFile } from '../yaml.ts';
import { fragment } from './fragment.ts';

/** One file for each gateway of each cluster, for Envoys that kgateway does not run. */
export function generateEnvoy({ clusters, kgateway }: Model): readonly Artefact[] {
  return clusters.flatMap((cluster) =>
    cluster.gateways.map((gateway) => ({
      path: `envoy/${cluster.name}/${gateway.id}.yaml`,
      content: yamlFile(
        [fragment(gateway, cluster, kgateway)],
        [
          'Parts of an Envoy bootstrap: http_connection_manager into each HttpConnectionManager, clusters into static_resources.clusters,',
          `stats_config beside them. Start Envoy with --service-cluster ${gateway.id} and --service-node <pod>.${gateway.namespace}:`,
          'the node is what names the pod in the access log.',
        ],
      ),
    })),
  );
}
