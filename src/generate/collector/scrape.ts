import type { Cluster, Kgateway } from '../../contract/model.ts';
import { neededOnly, type SeriesRule } from '../../signals/needed.ts';
import type { ScrapedSeries } from '../../signals/scraped.ts';
import { datadogTwins } from '../../signals/spelling.ts';
import { env } from './env.ts';

type Relabel = Readonly<Record<string, unknown>>;

/**
 * Envoy's own statistics, kgateway's control plane and the Collector itself, where no Prometheus scrapes the cluster: for a `scrape` environment
 * the PodMonitors do it. Ports and labels are kgateway's own (its chart and proxy template), as in the PodMonitors.
 */
export function scrapeReceiver(cluster: Cluster, kgateway: Kgateway): object | undefined {
  const { metrics } = cluster.environment;
  if (metrics.to === 'prometheus' && metrics.mode === 'scrape') return undefined;
  const every = metrics.to === 'prometheus' ? `${metrics.scrapeIntervalMs / 1000}s` : '30s';
  const gateways = [...new Set(cluster.gateways.map((g) => g.namespace))].sort();
  const relabeled = (origin: ScrapedSeries['origin']): Relabel => {
    const rules = [
      ...(metrics.scraped === 'needed' ? neededOnly(origin).map(toRelabel) : []),
      ...(metrics.to === 'datadog' && origin === 'envoy' ? twins : []),
    ];
    return rules.length > 0 ? { metric_relabel_configs: rules } : {};
  };
  const config = {
    scrape_configs: [
      {
        ...job('envoy', every, gateways),
        relabel_configs: [
          keep('__meta_kubernetes_pod_label_kgateway', 'kube-gateway'),
          keep('__meta_kubernetes_pod_container_port_name', 'http-monitoring'),
          ...shard(cluster.collector.replicas),
          {
            source_labels: [
              '__meta_kubernetes_pod_label_gateway_networking_k8s_io_gateway_name',
              '__meta_kubernetes_namespace',
            ],
            separator: '.',
            target_label: 'gateway',
          },
          ...identity(cluster),
        ],
        ...relabeled('envoy'),
      },
      {
        ...job('kgateway', every, [kgateway.namespace]),
        honor_labels: true,
        relabel_configs: [
          keep('__meta_kubernetes_pod_label_kgateway', 'kgateway'),
          keep('__meta_kubernetes_pod_container_port_name', 'metrics'),
          ...shard(cluster.collector.replicas),
          ...identity(cluster),
        ],
        ...relabeled('kgateway'),
      },
      {
        job_name: 'vigia-collector',
        scrape_interval: every,
        static_configs: [{ targets: [`${env('MY_POD_IP')}:8888`] }],
        relabel_configs: [{ target_label: 'instance', replacement: env('POD_NAME') }, ...identity(cluster)],
        ...relabeled('collector'),
      },
    ],
  };
  return { config };
}

const toRelabel = ({ action, attribute, regex }: SeriesRule): Relabel => ({
  action,
  source_labels: [attribute],
  // A single dollar would be read as a variable of the Collector's environment.
  regex: regex.replaceAll('$', '$$$$'),
});

/** A series without the label gets no other: an empty one is none. */
const twins: readonly Relabel[] = Object.entries(datadogTwins).map(([label, twin]) => ({
  source_labels: [label],
  target_label: twin,
}));

const job = (name: string, interval: string, namespaces: readonly string[]) => ({
  job_name: name,
  scrape_interval: interval,
  metrics_path: '/metrics',
  kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: namespaces } }],
});

const keep = (label: string, value: string): Relabel => ({ action: 'keep', source_labels: [label], regex: value });

/**
 * Each pod is scraped by one replica: the one whose number (`collector-0`, so a StatefulSet) the pod's address hashes to. Replicas that
 * autoscaling adds have higher numbers and scrape nothing.
 */
function shard(replicas: number): readonly Relabel[] {
  if (replicas <= 1) return [];
  return [
    { action: 'hashmod', source_labels: ['__address__'], modulus: replicas, target_label: '__tmp_shard' },
    { target_label: '__tmp_self', replacement: env('POD_NAME') },
    // Doubled: a single dollar would be read as a variable of the Collector's environment.
    { source_labels: ['__tmp_self'], regex: '.*-(\\d+)', target_label: '__tmp_self', replacement: '$$1' },
    { action: 'keepequal', source_labels: ['__tmp_shard'], target_label: '__tmp_self' },
  ];
}

const identity = (cluster: Cluster): readonly Relabel[] => [
  { target_label: 'environment', replacement: cluster.environment.name.replaceAll('$', '$$$$') },
  { target_label: 'cluster', replacement: cluster.name.replaceAll('$', '$$$$') },
];
