import type { Answer } from '../logs/answer.ts';
import type { Judged } from './judge.ts';
import type { Side } from './side.ts';
import type { AffectedRoute } from './triage.ts';

/** Routes that failed, worst first. Totals go by what the source groups by; signatures carry the route itself. */
export function affectedRoutes(failures: readonly Judged[], answer: Answer): readonly AffectedRoute[] {
  const totals = new Map(answer.routes.map((r) => [r.route, r]));
  const found = new Map<
    string,
    { failures: number; sides: Partial<Record<Side, number>>; causes: Map<string, number> }
  >();
  for (const { s, side, cause } of failures) {
    const name = groupName(s, answer.routeIs);
    if (name === undefined) continue;
    const entry = found.get(name) ?? {
      failures: 0,
      sides: {} as Partial<Record<Side, number>>,
      causes: new Map<string, number>(),
    };
    entry.failures += s.count;
    entry.sides[side] = (entry.sides[side] ?? 0) + s.count;
    entry.causes.set(cause.code, (entry.causes.get(cause.code) ?? 0) + s.count);
    found.set(name, entry);
  }
  return [...found]
    .map(([route, e]) => {
      const total = totals.get(route);
      const topCause = [...e.causes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? '';
      return {
        route,
        requests: total?.requests ?? e.failures,
        failures: e.failures,
        sides: e.sides,
        topCause,
        p50: total?.p50,
        p99: total?.p99,
      };
    })
    .sort((a, b) => b.failures - a.failures || (a.route < b.route ? -1 : 1));
}

/** What a route is in this answer; undefined for a request that had none. */
export function groupName(
  s: { route: string | null | undefined; backend: string | null | undefined; authority: string | null | undefined },
  routeIs: Answer['routeIs'],
): string | undefined {
  return (routeIs === 'route' ? s.route : routeIs === 'backend' ? s.backend : s.authority) ?? undefined;
}
