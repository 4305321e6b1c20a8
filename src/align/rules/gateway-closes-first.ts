import { envoyDefaults } from '../../envoy/timeouts.ts';
import { gatewayName } from '../hops.ts';
import { above, contract, spelled, told, waits } from '../limit.ts';
import type { Finding, Rule } from '../rule.ts';

/**
 * The load balancer sends on this hop, so it must close idle connections first.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html ("we recommend that you configure the idle
 * timeout of your application to be larger than the idle timeout configured for the load balancer")
 */
export const gatewayClosesFirst: Rule = {
  code: 'gateway-closes-first',
  title: 'Envoy closes idle connections before the ALB does',
  shows:
    "The ALB sends a request on a connection that Envoy is just closing: the client gets the ALB's 502 with target_status_code -, and Envoy has no line for it.",
  causes: [],
  find: ({ gateways }) =>
    gateways.flatMap((g): Finding[] => {
      const lb = g.loadBalancer;
      if (lb?.type !== 'alb' || g.idle.ms > lb.idleTimeoutMs) return [];
      // Until it has drained Envoy still answers, so this is close, but no request is lost of it.
      const close = g.idle.ms + envoyDefaults.drainTimeout > lb.idleTimeoutMs;
      const idle = spelled(above(lb.idleTimeoutMs));
      return [
        {
          rule: 'gateway-closes-first',
          severity: close ? 'note' : 'misaligned',
          where: gatewayName(g),
          says: `the ALB keeps an idle connection ${waits(lb)}, Envoy ${told(g.idle)}, which it closes ${spelled(envoyDefaults.drainTimeout)} after that`,
          change: {
            do:
              g.idle.from === contract
                ? `In vigia.yaml set idleTimeout of the gateway ${g.name} to ${idle} or more, and run \`vigia generate\`.`
                : `Set idleTimeout to ${idle} or more in ${g.idle.from}, or leave it out: Envoy's default is 1h.`,
          },
        },
      ];
    }),
};
