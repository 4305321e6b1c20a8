import { envoyDefaults } from '../../envoy/timeouts.ts';
import { gatewayName } from '../hops.ts';
import { below, spelled, told, waits } from '../limit.ts';
import type { Finding, Rule } from '../rule.ts';

/**
 * An NLB forgets a flow that was quiet too long, and tells nobody; the next packet is answered with RST. Packets of TCP keep-alive count as traffic, but on
 * a TLS listener they end at the NLB. https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
 */
export const loadBalancerForgets: Rule = {
  code: 'load-balancer-forgets',
  title: 'The NLB forgets quiet connections that Envoy still holds',
  shows:
    'A client that comes back to such a connection is reset: its error says so, Envoy has no line. Of an answer that took too long in silence Envoy logs 0 DC.',
  causes: ['client-disconnected'],
  find: ({ gateways }) =>
    gateways.flatMap((g): Finding[] => {
      const lb = g.loadBalancer;
      if (lb?.type !== 'nlb' || g.idle.ms + envoyDefaults.drainTimeout < lb.idleTimeoutMs) return [];
      if (lb.protocol === 'tcp' && g.tcpKeepAlive && g.tcpKeepAlive.ms < lb.idleTimeoutMs) return [];
      const idle = spelled(below(lb.idleTimeoutMs));
      const probes = g.tcpKeepAlive ? `TCP keep-alive after ${told(g.tcpKeepAlive)}` : 'no TCP keep-alive';
      const probing = `, or tcpKeepalive.keepAliveTime below ${spelled(lb.idleTimeoutMs)} in a ListenerPolicy, which keeps long streams too`;
      return [
        {
          rule: 'load-balancer-forgets',
          severity: 'misaligned',
          where: gatewayName(g),
          says: `the NLB forgets a flow after ${lb.protocol === 'tls' ? '350s (fixed on a tls listener)' : waits(lb)}, Envoy keeps an idle connection ${told(g.idle)}, with ${probes}`,
          change: {
            do: `Set idleTimeout of the gateway ${g.name} to ${idle} (in vigia.yaml, if that has its ListenerPolicy made)${lb.protocol === 'tcp' ? probing : ''}.`,
          },
        },
      ];
    }),
};
