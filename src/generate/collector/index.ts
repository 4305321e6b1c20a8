import type { Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { yamlFile } from '../yaml.ts';
import { collectorConfig } from './config.ts';

/** One configuration for each cluster whose Collector is ours to configure. */
export function generateCollector(model: Model): readonly Artefact[] {
  return model.clusters.map((cluster) => ({
    path: `collector-config/${cluster.name}.yaml`,
    content: yamlFile(
      [collectorConfig(cluster)],
      [
        `For ${cluster.collector.image}:${cluster.collector.version}. The pod must set MY_POD_IP and POD_NAME${
          cluster.collector.queue.persistent ? ', and QUEUE_DIR to a volume' : ''
        }.`,
      ],
    ),
  }));
}
