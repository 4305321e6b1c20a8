import type { LoadBalancer } from '../model.ts';
import type { Contract } from '../schema/index.ts';

/** Durations named as the Model has them. */
export function resolveLoadBalancer(lb: NonNullable<Contract['gateways'][number]['loadBalancer']>): LoadBalancer {
  const common = { idleTimeoutMs: lb.idleTimeout, deregistrationDelayMs: lb.deregistrationDelay };
  return lb.type === 'alb'
    ? { type: 'alb', ...common, clientKeepAliveMs: lb.clientKeepAlive }
    : { type: 'nlb', ...common, protocol: lb.protocol, proxyProtocol: lb.proxyProtocol };
}
