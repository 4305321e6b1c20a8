import { has } from '../../contract/kgateway-versions.ts';
import type { Cluster, Gateway, Kgateway } from '../../contract/model.ts';
import { unreadStats } from '../unread-stats.ts';
import { telemetryName } from './listener-policy.ts';
import { type KubernetesObject, kgatewayApi, metadata } from './object.ts';

/**
 * What of a Gateway's Deployment telemetry needs: fewer stats, the environment on spans, labels on pods. It takes effect when the Gateway
 * names it (`spec.infrastructure.parametersRef`), and then its pods roll once.
 */
export function gatewayParameters(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): KubernetesObject {
  return {
    apiVersion: kgatewayApi,
    kind: 'GatewayParameters',
    metadata: metadata({ name: telemetryName(gateway), namespace: gateway.namespace, wave: 'policy' }),
    spec: {
      kube: {
        ...(has(kgateway.version, 'statsMatcher')
          ? { stats: { enabled: true, matcher: { exclusionList: unreadStats } } }
          : {}),
        podTemplate: { extraLabels: podLabels(gateway, cluster) },
        envoyContainer: { env: [{ name: 'OTEL_RESOURCE_ATTRIBUTES', value: resource(gateway, cluster, kgateway) }] },
      },
    },
  };
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const labelValue = /^[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** The environment and the gateway's fixed labels, as far as Kubernetes takes the text: PodMonitors carry the others exactly. */
function podLabels(gateway: Gateway, cluster: Cluster): Readonly<Record<string, string>> {
  const literals = gateway.labels.flatMap((l): [string, string][] =>
    l.from.kind === 'literal' && labelValue.test(l.name) && labelValue.test(l.from.value)
      ? [[l.name, l.from.value]]
      : [],
  );
  return { environment: cluster.environment.name, ...Object.fromEntries(literals) };
}

/**
 * Resource attributes of spans. kgateway 2.3 and newer puts service and pod before these; older ones leave the variable alone, so the pod
 * is named here.
 */
function resource(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): string {
  const own = has(kgateway.version, 'resourceAttributesFromEnvironment')
    ? []
    : [`k8s.namespace.name=${gateway.namespace}`, 'k8s.pod.name=$(POD_NAME)'];
  return [...own, `deployment.environment.name=${cluster.environment.name}`, `k8s.cluster.name=${cluster.name}`].join(
    ',',
  );
}
