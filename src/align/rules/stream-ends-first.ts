import { gatewayName, routeName } from '../hops.ts';
import { never, spelled, told } from '../limit.ts';
import { gatewaysOf } from '../paths.ts';
import type { Finding, Rule } from '../rule.ts';

/**
 * A stream without a byte either way is ended by stream_idle_timeout (5 minutes), whatever the route's timeout.
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/faq/configuration/timeouts#stream-timeouts
 */
export const streamEndsFirst: Rule = {
  code: 'stream-ends-first',
  title: 'Envoy ends a silent stream before the route is up',
  shows:
    'An answer that takes longer to begin, or a stream that is quiet as long, ends with SI: 408, or 504 before the answer began.',
  causes: ['stream-idle-timeout'],
  find: (hops) =>
    hops.routes.flatMap((r) =>
      gatewaysOf(hops, r).flatMap((g): Finding[] => {
        const silent = r.streamIdle ?? g.streamIdle;
        if (silent.ms >= r.timeout.ms) return [];
        const open = r.timeout.ms === never;
        return [
          {
            rule: 'stream-ends-first',
            // Who switches the timeout off wants streams; that they send something now and then is usual.
            severity: open ? 'note' : 'misaligned',
            where: routeName(r),
            says: `the route may take ${told(r.timeout)}, a silent stream ${told(silent)} on ${gatewayName(g)}`,
            change: {
              do: open
                ? 'Let what streams send something more often than that, or set timeouts.streamIdle in a TrafficPolicy for the route (0s for none).'
                : `Set timeouts.streamIdle to ${spelled(r.timeout.ms)} or more in a TrafficPolicy for the route.`,
            },
          },
        ];
      }),
    ),
};
