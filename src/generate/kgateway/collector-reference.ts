import type { Cluster } from '../../contract/model.ts';

/** A policy's backendRef to the Collector: the Service's port, never the pod's. */
export function collectorReference({ collector }: Cluster): object {
  return { name: collector.service, namespace: collector.namespace, port: collector.port };
}
