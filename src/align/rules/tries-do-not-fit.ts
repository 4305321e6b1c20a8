import { routeName } from '../hops.ts';
import { never, spelled, told } from '../limit.ts';
import type { Finding, Rule } from '../rule.ts';

/**
 * The route's timeout holds for all tries and the pauses between them.
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/config/route/v3/route_components.proto#config-route-v3-retrypolicy (per_try_timeout)
 */
export const triesDoNotFit: Rule = {
  code: 'tries-do-not-fit',
  title: "A route's tries do not fit into its timeout",
  shows: 'The last tries are never made or never end: 504 UT response_timeout with fewer attempts than allowed.',
  causes: ['route-timeout', 'per-try-timeout'],
  find: ({ routes }) =>
    routes.flatMap((r): Finding[] => {
      if (r.tries < 2 || r.timeout.ms === never || r.perTry?.ms === never) return [];
      const all = r.tries * (r.perTry?.ms ?? r.timeout.ms);
      if (all <= r.timeout.ms) return [];
      const share = spelled(Math.max(1, Math.floor(r.timeout.ms / r.tries / 100) * 100));
      return [
        {
          rule: 'tries-do-not-fit',
          // Without a limit for each, tries after a refused or reset connection do fit.
          severity: r.perTry ? 'misaligned' : 'note',
          where: routeName(r),
          says: r.perTry
            ? `${r.tries} tries of ${told(r.perTry)} take up to ${spelled(all)}, the route may take ${told(r.timeout)}`
            : `${r.tries} tries without a limit for each; one that hangs uses up all of the route's ${told(r.timeout)}`,
          change: {
            do: `Set retry.perTryTimeout to ${share} or less, or fewer attempts, or a longer timeouts.request.`,
          },
        },
      ];
    }),
};
