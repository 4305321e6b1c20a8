import type { Collector } from '../model.ts';
import type { Contract } from '../schema/index.ts';
import { merge } from './merge.ts';

/** A cluster's Collector: the contract's, with what the cluster sets differently. */
export function resolveCollector(
  top: Contract['collector'],
  own: Contract['clusters'][string]['collector'],
): Collector {
  const c = merge(top, own);
  const resources = merge(top.resources, own?.resources);
  const queue = merge(top.queue, own?.queue);
  return {
    mode: c.mode,
    version: c.version,
    image: c.image,
    namespace: c.namespace,
    service: c.service,
    port: c.port,
    replicas: c.replicas,
    maxReplicas: c.maxReplicas ?? c.replicas,
    resources: { cpu: resources.cpu, memory: resources.memory },
    queue: {
      persistent: queue.persistent,
      size: queue.size,
      storageClass: queue.storageClass,
      records: queue.records,
    },
    serviceAccountAnnotations: c.serviceAccountAnnotations,
  };
}
