import type { Cluster, Model } from '../../contract/model.ts';
import { signalIds, signals } from '../../signals/catalogue.ts';
import { metricName } from '../../signals/spelling.ts';
import type { Artefact } from '../artefact.ts';
import { yamlFile } from '../yaml.ts';
import { collectorConfig } from './config.ts';

/** One configuration for each cluster. */
export function generateCollector(model: Model): readonly Artefact[] {
  return model.clusters.map((cluster) => ({
    path: `collector-config/${cluster.name}.yaml`,
    content: yamlFile([collectorConfig(cluster, model.kgateway)], remark(cluster)),
  }));
}

/** What whoever runs it by hand must know. */
function remark({ collector, environment }: Cluster): readonly string[] {
  const path = environment.metrics.to;
  return [
    `For ${collector.image}:${collector.version}. The pod must set MY_POD_IP and POD_NAME${collector.queue.persistent ? ', and QUEUE_DIR to a volume' : ''}.`,
    `Metrics made of access logs, as ${path === 'datadog' ? 'Datadog' : 'Prometheus'} spells them: ${signalIds.map((id) => metricName(signals[id], path)).join(', ')}.`,
  ];
}
