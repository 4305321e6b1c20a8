import { has } from '../../contract/kgateway-versions.ts';
import { kubernetesDuration } from '../../contract/kubernetes-duration.ts';
import type { Cluster, Gateway, Kgateway } from '../../contract/model.ts';
import { accessLog } from './access-log.ts';
import { gatewayApiGroup, type KubernetesObject, kgatewayApi, metadata } from './object.ts';
import { tracing } from './tracing.ts';

export type PolicyKind = 'ListenerPolicy' | 'HTTPListenerPolicy';

/** The kind that carries access logs and tracing: HTTPListenerPolicy before 2.2, deprecated after, gone from 2.5. */
export function policyKind(kgateway: Kgateway): PolicyKind {
  return has(kgateway.version, 'listenerPolicy') ? 'ListenerPolicy' : 'HTTPListenerPolicy';
}

/** The name of what vigia makes for a Gateway; its own, so that nothing of the team's is overwritten. */
export const telemetryName = (gateway: Gateway): string => `${gateway.name}-vigia`;

/**
 * One policy for each Gateway with all that the contract says of it: `accessLog` of two policies on one Gateway does not add up, the older
 * policy's list wins whole. HTTPListenerPolicy has the same settings at the top that ListenerPolicy has in `default.httpSettings`.
 */
export function listenerPolicy(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): readonly KubernetesObject[] {
  const settings = {
    ...optional('accessLog', nonEmpty(accessLog(gateway, cluster, kgateway))),
    ...optional('tracing', tracing(gateway, cluster, kgateway)),
    ...optional('idleTimeout', gateway.idleTimeoutMs && kubernetesDuration(gateway.idleTimeoutMs)),
    ...optional('streamIdleTimeout', gateway.streamIdleTimeoutMs && kubernetesDuration(gateway.streamIdleTimeoutMs)),
  };
  if (Object.keys(settings).length === 0) return [];
  const kind = policyKind(kgateway);
  return [
    {
      apiVersion: kgatewayApi,
      kind,
      metadata: metadata({ name: telemetryName(gateway), namespace: gateway.namespace, wave: 'policy' }),
      spec: {
        targetRefs: [{ group: gatewayApiGroup, kind: 'Gateway', name: gateway.name }],
        ...(kind === 'ListenerPolicy' ? { default: { httpSettings: settings } } : settings),
      },
    },
  ];
}

const optional = (key: string, value: unknown): object => (value === undefined ? {} : { [key]: value });

const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);
