import type { Cluster, Kgateway, Label } from '../../contract/model.ts';
import { flat } from '../../contract/reserved-labels.ts';
import { type KubernetesObject, metadata } from './object.ts';

type Relabeling = Readonly<Record<string, unknown>>;

/**
 * How the Prometheus operator finds the proxies and the control plane. Only where Prometheus itself scrapes the cluster: elsewhere the
 * Collector does. Envoy's port is not on the Service, so a ServiceMonitor can't work.
 */
export function podMonitors(cluster: Cluster, kgateway: Kgateway): readonly KubernetesObject[] {
  const { metrics } = cluster.environment;
  if (metrics.to !== 'prometheus' || metrics.mode !== 'scrape') return [];
  const interval = `${metrics.scrapeIntervalMs / 1_000}s`;
  const made = (name: string) =>
    metadata({ name, namespace: cluster.collector.namespace, wave: 'policy', labels: metrics.operatorLabels });
  const identity = [
    { action: 'replace', targetLabel: 'environment', replacement: literal(cluster.environment.name) },
    { action: 'replace', targetLabel: 'cluster', replacement: literal(cluster.name) },
  ];
  return [
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: made('vigia-gateways'),
      spec: {
        namespaceSelector: { matchNames: [...new Set(cluster.gateways.map((g) => g.namespace))].sort() },
        selector: { matchLabels: { kgateway: 'kube-gateway' } },
        podMetricsEndpoints: [
          {
            port: 'http-monitoring',
            path: '/metrics',
            interval,
            relabelings: [...identity, gatewayId, ...labelled(cluster)],
          },
        ],
      },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: made('vigia-control-plane'),
      spec: {
        namespaceSelector: { matchNames: [kgateway.namespace] },
        selector: { matchLabels: { kgateway: 'kgateway' } },
        // Its own `namespace` is the resource's and must win over the pod's.
        podMetricsEndpoints: [
          { port: 'metrics', path: '/metrics', interval, honorLabels: true, relabelings: identity },
        ],
      },
    },
  ];
}

const name = '__meta_kubernetes_pod_label_gateway_networking_k8s_io_gateway_name';
const namespace = '__meta_kubernetes_namespace';

/** `<name>.<namespace>`, as on the signals made from access logs. */
const gatewayId: Relabeling = {
  action: 'replace',
  sourceLabels: [name, namespace],
  separator: '.',
  targetLabel: 'gateway',
};

/** The contract's labels that a scrape can know: fixed ones by gateway, and those of the pods. */
function labelled(cluster: Cluster): readonly Relabeling[] {
  const names = [...new Set(cluster.gateways.flatMap((g) => g.labels.filter((l) => l.on.metrics).map((l) => l.name)))];
  return names.flatMap((label) => {
    const carriers = cluster.gateways.flatMap((g) => {
      const own = g.labels.find((l) => l.name === label && l.on.metrics);
      return own ? [{ gateway: g.id, label: own }] : [];
    });
    return carriers.flatMap(({ gateway, label: own }) => relabelings(own, gateway));
  });
}

function relabelings(label: Label, gateway: string): readonly Relabeling[] {
  const targetLabel = flat(label.name);
  const on = { action: 'replace', targetLabel };
  const of = (source: string, value: string): Relabeling => ({
    ...on,
    sourceLabels: ['gateway', source],
    separator: ';',
    regex: `${escaped(gateway)};${value}`,
  });
  if (label.from.kind === 'literal')
    return [{ ...on, sourceLabels: ['gateway'], regex: escaped(gateway), replacement: literal(label.from.value) }];
  if (label.from.kind !== 'pod-label') return [];
  const source = `__meta_kubernetes_pod_label_${label.from.label.replace(/[^A-Za-z0-9_]/g, '_')}`;
  const { bound } = label;
  return [
    { ...of(source, '(.*)'), replacement: bound.kind === 'values' ? literal(label.other) : '$1' },
    { ...of(source, ''), replacement: literal(label.absent) },
    ...(bound.kind === 'values'
      ? [{ ...of(source, `(${bound.values.map(escaped).join('|')})`), replacement: '$1' }]
      : []),
  ];
}

/** A fixed replacement: `$` would begin a group. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** A text as a regular expression (RE2) that matches it alone. */
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
