import type { Cluster, Model } from '../../contract/model.ts';
import { signals, signalsMade } from '../../signals/catalogue.ts';
import { metricName } from '../../signals/spelling.ts';
import type { Artefact } from '../artefact.ts';
import { yamlFile } from '../yaml.ts';
import { collectorConfig } from './config.ts';
import { credentials } from './secrets.ts';

/** One configuration for each cluster. */
export function generateCollector(model: Model): readonly Artefact[] {
  return model.clusters.map((cluster) => ({
    path: `collector-config/${cluster.name}.yaml`,
    content: yamlFile([collectorConfig(cluster, model.kgateway)], remark(cluster)),
  }));
}

/** What whoever runs it by hand must know. */
function remark(cluster: Cluster): readonly string[] {
  const { collector, environment } = cluster;
  const path = environment.metrics.to;
  const names = signalsMade(cluster)
    .map((id) => metricName(signals[id], path))
    .join(', ');
  return [
    `For ${collector.image}:${collector.version}. The pod must set MY_POD_IP and POD_NAME${collector.queue.persistent ? ', and QUEUE_DIR to a volume' : ''}.`,
    ...credentials(cluster).map(({ variable, ref }) =>
      ref.kind === 'secret' ? `${variable}: key ${ref.key} of Secret ${ref.name}.` : `${variable}: a credential.`,
    ),
    `Metrics made of access logs, as ${path === 'datadog' ? 'Datadog' : 'Prometheus'} spells them: ${names}.`,
  ];
}
