import { loadBalancerOf } from '../../contract/draft/load-balancer.ts';
import type { Manifest } from '../../contract/draft/manifests.ts';
import { readKubernetesDuration } from '../../contract/kubernetes-duration.ts';
import type { Gateway } from '../../contract/model.ts';
import type { Before } from '../hops.ts';
import { contract } from '../limit.ts';

/**
 * What stands before a gateway: by the annotations that the AWS Load Balancer Controller reads where the Gateway, its Service and Ingress are among the
 * objects, else by the contract. What no annotation says is AWS's default, as in the contract.
 */
export function loadBalancer(
  gateway: Gateway,
  object: Manifest | undefined,
  objects: readonly Manifest[],
): Before | undefined {
  const live = object && loadBalancerOf(object, objects);
  if (!live) return gateway.loadBalancer && { ...gateway.loadBalancer, from: contract };
  const ms = (key: string, standard: number) => readKubernetesDuration(live[key]) ?? standard;
  const common = { deregistrationDelayMs: ms('deregistrationDelay', 300_000), from: 'its annotations' };
  return live['type'] === 'alb'
    ? {
        type: 'alb',
        idleTimeoutMs: ms('idleTimeout', 60_000),
        clientKeepAliveMs: ms('clientKeepAlive', 3_600_000),
        ...common,
      }
    : {
        type: 'nlb',
        idleTimeoutMs: ms('idleTimeout', 350_000),
        protocol: live['protocol'] === 'tls' ? 'tls' : 'tcp',
        proxyProtocol: live['proxyProtocol'] === true,
        ...common,
      };
}
