import { routeName } from '../hops.ts';
import { told } from '../limit.ts';
import type { Finding, Rule } from '../rule.ts';

/** Who is asked should give up before who asks, or it works for nobody, and again on every retry. */
export const backendWorksOn: Rule = {
  code: 'backend-works-on',
  title: 'The backend goes on with requests that the gateway has given up',
  shows:
    '504 UT at the route timeout, while the backend finishes and logs a success: look for work that is done twice.',
  causes: ['route-timeout'],
  find: ({ routes, backends }) => {
    const byId = new Map(backends.map((b) => [b.id, b]));
    return routes.flatMap((r) =>
      r.backends.flatMap((id): Finding[] => {
        const limit = byId.get(id)?.requestTimeout;
        const whole = r.perTry && r.perTry.ms < r.timeout.ms ? r.perTry : r.timeout;
        if (limit === undefined || limit.ms <= whole.ms) return [];
        return [
          {
            rule: 'backend-works-on',
            severity: 'note',
            where: routeName(r),
            says: `${whole === r.perTry ? 'a try' : 'the route'} may take ${told(whole)}, Service ${id} works on a request for ${told(limit)}`,
            change: {
              do: "Set the server's own limit below the route's, or give the route as long as the server needs.",
            },
          },
        ];
      }),
    );
  },
};
