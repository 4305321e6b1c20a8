import type { Cluster, Kgateway } from '../../contract/model.ts';
import type { ChartInput } from './values.ts';

/** A Kubernetes object as another generator printed it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** What other generators made of one cluster. */
export interface ClusterParts {
  /** The Collector's configuration, whole. */
  readonly collectorConfig: string;
  readonly policies: readonly KubernetesObject[];
  readonly monitors: readonly KubernetesObject[];
  /** Credentials that the Collector reads from its environment. */
  readonly secretEnv: readonly { readonly name: string; readonly secret: string; readonly key: string }[];
}

/** The values of one cluster: all that the contract decides, so that `-f` of one file is enough. */
export function clusterValues(cluster: Cluster, kgateway: Kgateway, parts: ClusterParts): ChartInput {
  const { collector, environment, gateways } = cluster;
  const { metrics } = environment;
  const namespaces = [...new Set(gateways.map((g) => g.namespace))].sort();
  const scraped = [...new Set([...namespaces, kgateway.namespace])].sort();
  const scrapes = metrics.to === 'datadog' || metrics.mode === 'remote-write';
  const podLabels = gateways.some((g) => g.labels.some((l) => l.from.kind === 'pod-label'));
  // Scraping is shared by number, and a volume belongs to a replica: both need a StatefulSet.
  const stateful = collector.queue.persistent || (scrapes && collector.replicas > 1);
  return {
    contractVersion: 1,
    cluster: cluster.name,
    environment: environment.name,
    namespace: collector.namespace,
    collector: {
      mode: collector.mode,
      workload: stateful ? 'StatefulSet' : 'Deployment',
      image: { repository: collector.image, tag: collector.version },
      replicas: collector.replicas,
      autoscaling: { enabled: collector.maxReplicas > collector.replicas, maxReplicas: collector.maxReplicas },
      resources: {
        requests: { cpu: collector.resources.cpu, memory: collector.resources.memory },
        limits: { memory: collector.resources.memory },
      },
      queue: {
        persistent: collector.queue.persistent,
        size: collector.queue.size,
        ...(collector.queue.storageClass === undefined ? {} : { storageClass: collector.queue.storageClass }),
      },
      service: { name: collector.service, port: collector.port },
      secretEnv: [...parts.secretEnv],
      serviceAccount: { annotations: { ...collector.serviceAccountAnnotations } },
      rbac: {
        namespaces: scrapes ? scraped : [],
        allPods: podLabels,
      },
      config: parts.collectorConfig,
    },
    grants: collector.mode === 'external' ? [] : namespaces.filter((n) => n !== collector.namespace),
    grantKind: kgateway.version === '2.1' ? 'HTTPListenerPolicy' : 'ListenerPolicy',
    policies: { objects: byName(parts.policies) },
    monitors: { objects: byName(parts.monitors) },
    ...(metrics.to === 'prometheus' ? { rules: { labels: { ...metrics.operatorLabels } } } : {}),
    standalone: {
      namespaces: scraped,
      ...(environment.logs.to === 'loki' ? { lokiInsteadOf: environment.logs.url } : {}),
    },
    ...(environment.grafana ? { dashboards: { folder: environment.grafana.folder } } : {}),
  };
}

const byName = (objects: readonly KubernetesObject[]): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    objects.map((o) => [
      `${o.kind}/${o.metadata.namespace ?? '-'}/${o.metadata.name}`,
      o as unknown as Record<string, unknown>,
    ]),
  );
