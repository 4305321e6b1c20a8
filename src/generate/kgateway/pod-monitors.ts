import type { Cluster, Kgateway, Label } from '../../contract/model.ts';
import { flat } from '../../contract/reserved-labels.ts';
import { neededOnly } from '../../signals/needed.ts';
import type { ScrapedSeries } from '../../signals/scraped.ts';
import { collectorSelector } from './collector-service.ts';
import { type KubernetesObject, metadata } from './object.ts';

type Relabeling = Readonly<Record<string, unknown>>;

/** Where the generated Collector serves the signals and its own telemetry; its pods declare both as container ports. */
export const collectorPorts = { signals: 8889, own: 8888 } as const;

/**
 * How the Prometheus operator finds the proxies, the control plane and the Collector. Only where Prometheus itself scrapes the cluster:
 * elsewhere the Collector does. Envoy's port is not on the Service, so a ServiceMonitor can't work.
 */
export function podMonitors(cluster: Cluster, kgateway: Kgateway): readonly KubernetesObject[] {
  const { metrics, name: environment } = cluster.environment;
  if (metrics.to !== 'prometheus' || metrics.mode !== 'scrape') return [];
  const { collector } = cluster;
  const monitor = (target: string, spec: Readonly<Record<string, unknown>>): KubernetesObject => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: metadata({
      name: `vigia-${target}`,
      namespace: collector.namespace,
      wave: 'policy',
      labels: metrics.operatorLabels,
    }),
    spec,
  });
  const scrape = { path: '/metrics', interval: `${metrics.scrapeIntervalMs / 1_000}s` };
  const identity = [
    { action: 'replace', targetLabel: 'environment', replacement: literal(environment) },
    { action: 'replace', targetLabel: 'cluster', replacement: literal(cluster.name) },
  ];
  const kept = (origin: ScrapedSeries['origin']) =>
    metrics.scraped === 'all'
      ? {}
      : {
          metricRelabelings: neededOnly(origin).map(({ action, attribute, regex }) => ({
            action,
            sourceLabels: [attribute],
            regex,
          })),
        };
  const namespaces = [...new Set(cluster.gateways.map((g) => g.namespace))].sort();
  const monitors = [
    monitor('gateways', {
      namespaceSelector: { matchNames: namespaces },
      selector: { matchLabels: { kgateway: 'kube-gateway' } },
      podMetricsEndpoints: [
        {
          port: 'http-monitoring',
          ...scrape,
          relabelings: [...identity, gatewayId, ...labelled(cluster)],
          ...kept('envoy'),
        },
      ],
    }),
    monitor('control-plane', {
      namespaceSelector: { matchNames: [kgateway.namespace] },
      selector: { matchLabels: { kgateway: 'kgateway' } },
      // Its own `namespace` is the resource's and must win over the pod's.
      podMetricsEndpoints: [
        { port: 'metrics', ...scrape, honorLabels: true, relabelings: identity, ...kept('kgateway') },
      ],
    }),
  ];
  if (collector.mode === 'external') return monitors;
  return [
    ...monitors,
    monitor('collector', {
      namespaceSelector: { matchNames: [collector.namespace] },
      selector: { matchLabels: collectorSelector(collector) },
      podMetricsEndpoints: [
        // The signals name environment and cluster themselves.
        { portNumber: collectorPorts.signals, ...scrape },
        { portNumber: collectorPorts.own, ...scrape, relabelings: identity, ...kept('collector') },
      ],
    }),
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
