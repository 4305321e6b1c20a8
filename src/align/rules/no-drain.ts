import { gatewayName } from '../hops.ts';
import { spelled } from '../limit.ts';
import type { Finding, Rule } from '../rule.ts';

/**
 * A pod that ends must go on answering until the load balancer has noticed. kgateway's preStop hook fails readiness and sleeps; the kubelet kills when the
 * grace period is over, hook or not. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow
 */
export const noDrain: Rule = {
  code: 'no-drain',
  title: "The gateway's pods end while the load balancer still sends to them",
  shows:
    "Each rollout of the gateway: the ALB's 502 and 504 with target_status_code -, resets behind an NLB; Envoy has no line.",
  causes: ['draining'],
  find: ({ gateways }) =>
    gateways.flatMap((g): Finding[] => {
      const { drain } = g;
      if (!drain || !g.loadBalancer || g.listener !== undefined) return [];
      const delayMs = g.loadBalancer.deregistrationDelayMs;
      const finding = (says: string, change: string, severity: Finding['severity'] = 'misaligned'): Finding => ({
        rule: 'no-drain',
        severity,
        where: gatewayName(g),
        says,
        change: { do: change },
      });
      if (!drain.enabled)
        return [
          finding(
            `gracefulShutdown is not enabled (${drain.from})`,
            'Set podTemplate.gracefulShutdown.enabled: true in the GatewayParameters, and terminationGracePeriodSeconds above its sleep.',
          ),
        ];
      if (drain.graceMs > drain.sleepMs)
        return delayMs >= drain.sleepMs
          ? []
          : [
              finding(
                `the load balancer ends connections of a leaving target after ${spelled(delayMs)}, the pod would answer for ${spelled(drain.sleepMs)} (${drain.from})`,
                'Set deregistration_delay.timeout_seconds to no less than gracefulShutdown.sleepTimeSeconds.',
                'note',
              ),
            ];
      return [
        finding(
          `the pod sleeps ${spelled(drain.sleepMs)} before it ends and is killed after ${spelled(drain.graceMs)} (${drain.from})`,
          `Set podTemplate.terminationGracePeriodSeconds above ${drain.sleepMs / 1_000} and what the longest request takes.`,
        ),
      ];
    }),
};
