import { gatewayName, routeName } from '../hops.ts';
import { below, never, spelled, told, waits } from '../limit.ts';
import { gatewaysOf } from '../paths.ts';
import type { Finding, Rule } from '../rule.ts';

/**
 * An ALB waits its idle timeout for the first byte of an answer. A route that may take as long is ended by the ALB, and Envoy takes that for a client that
 * left. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues
 */
export const loadBalancerGivesUp: Rule = {
  code: 'load-balancer-gives-up',
  title: 'The ALB gives up on an answer before the route does',
  shows:
    "The client gets the ALB's 504 with target_status_code -; Envoy logs 0 DC at just that duration, as if the client had left, and the backend works on.",
  causes: ['previous-hop-timeout'],
  find: (hops) =>
    hops.routes.flatMap((r) =>
      gatewaysOf(hops, r).flatMap((g): Finding[] => {
        const lb = g.loadBalancer;
        if (lb?.type !== 'alb' || r.timeout.ms < lb.idleTimeoutMs) return [];
        const shorter = spelled(below(lb.idleTimeoutMs));
        const longer =
          r.timeout.ms === never ? '' : `, or the ALB's idle_timeout.timeout_seconds above ${spelled(r.timeout.ms)}`;
        return [
          {
            rule: 'load-balancer-gives-up',
            severity: 'misaligned',
            where: routeName(r),
            says: `the route may take ${told(r.timeout)}, the ALB before ${gatewayName(g)} waits ${waits(lb)}`,
            change: { do: `Set timeouts.request of the route to ${shorter} or less${longer}.` },
          },
        ];
      }),
    ),
};
