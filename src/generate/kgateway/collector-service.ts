import type { Cluster, Collector } from '../../contract/model.ts';
import type { PolicyKind } from './listener-policy.ts';
import { gatewayApiGroup, type KubernetesObject, kgatewayApi, metadata } from './object.ts';

/**
 * Which pods are the Collector. `operator`: the OpenTelemetry operator's own labels
 * (https://github.com/open-telemetry/opentelemetry-operator/blob/main/internal/manifests/manifestutils/labels.go); else the chart's.
 */
export function collectorSelector(collector: Collector): Readonly<Record<string, string>> {
  return collector.mode === 'operator'
    ? {
        'app.kubernetes.io/component': 'opentelemetry-collector',
        'app.kubernetes.io/instance': `${collector.namespace}.${collector.service}`,
      }
    : { 'app.kubernetes.io/name': collector.service, 'app.kubernetes.io/part-of': 'vigia' };
}

/**
 * The Service that gateways send to, with its namespace. It is made here and not with the Collector's release on purpose: a Service without
 * pods loses telemetry, a missing one makes kgateway replace all routes of a Gateway by a 500. `appProtocol` is what makes Envoy speak HTTP/2
 * to it; the port's name does not count. An external Collector has its own.
 */
export function collectorService({ collector }: Cluster): readonly KubernetesObject[] {
  if (collector.mode === 'external') return [];
  const { namespace, service, port } = collector;
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: metadata({ name: namespace, wave: 'namespace', kept: true }),
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata({ name: service, namespace, wave: 'service', kept: true }),
      spec: {
        selector: collectorSelector(collector),
        ports: [{ name: 'otlp-grpc', port, targetPort: 4317, protocol: 'TCP', appProtocol: 'grpc' }],
      },
    },
  ];
}

/** Lets the policies of other namespaces point at the Collector's Service. */
export function collectorGrant({ collector, gateways }: Cluster, from: PolicyKind): readonly KubernetesObject[] {
  const namespaces = [...new Set(gateways.map((g) => g.namespace))].filter((n) => n !== collector.namespace).sort();
  if (namespaces.length === 0) return [];
  return [
    {
      apiVersion: `${gatewayApiGroup}/v1beta1`,
      kind: 'ReferenceGrant',
      metadata: metadata({
        name: `${collector.service}-gateways`,
        namespace: collector.namespace,
        wave: 'grant',
        kept: true,
      }),
      spec: {
        from: namespaces.map((namespace) => ({ group: kgatewayApi.split('/')[0], kind: from, namespace })),
        to: [{ group: '', kind: 'Service', name: collector.service }],
      },
    },
  ];
}
