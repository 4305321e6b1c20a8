import type { RouteTotal } from '../../answer.ts';
import { isSet, type Test } from '../../remote/expression.ts';
import type { RowTally } from '../../remote/row-tally.ts';
import type { Asked } from './asked.ts';
import type { Bucket } from './client.ts';
import type { LogSearch } from './language.ts';
import { limits } from './limits.ts';

const percentiles = [
  ['median', 0.5],
  ['pc75', 0.75],
  ['pc90', 0.9],
  ['pc95', 0.95],
  ['pc98', 0.98],
  ['pc99', 0.99],
] as const;

/** Percentiles as Datadog computes them, of all requests and of each route; health checks left out. */
export async function latencies(
  { client, window }: Asked,
  query: (...tests: readonly Test[]) => string,
  search: LogSearch,
  tally: RowTally,
  route: string | undefined,
  noChecks: readonly Test[],
  timed: boolean,
): Promise<void> {
  if (!timed) return;
  const metric = search.field('duration');
  const known = query(...noChecks, isSet('duration'));
  const [whole] = await client.aggregate(
    known,
    window,
    [],
    [
      { aggregation: 'count' },
      { aggregation: 'max', metric },
      ...percentiles.map(([aggregation]) => ({ aggregation, metric })),
    ],
  );
  const number = (v: Bucket['computes'][number]): number | undefined => (typeof v === 'number' ? v : undefined);
  const count = number(whole?.computes[0]) ?? 0;
  // Each percentile is a request itself, so a step begins at it and one request ends there; equal ones are one step.
  const steps = percentiles.flatMap(([, q], i) => {
    const value = number(whole?.computes[i + 2]);
    const left = Math.min(count, Math.floor(count * (1 - q)) + 1);
    return value === undefined
      ? []
      : [
          { edge: value, left },
          { edge: value + 1, left: left - 1 },
        ];
  });
  const edges = steps.filter(({ edge }, i) => steps.slice(0, i).every((before) => before.edge < edge));
  const routes = new Map<string, Pick<RouteTotal, 'p50' | 'p99'>>();
  if (route !== undefined)
    for (const b of await client.aggregate(
      known,
      window,
      [{ facet: route, limit: limits.lines }],
      [
        { aggregation: 'median', metric },
        { aggregation: 'pc99', metric },
      ],
    ))
      routes.set(b.by[route] ?? '-', { p50: number(b.computes[0]), p99: number(b.computes[1]) });
  tally.latency(
    {
      timed: count,
      edges: edges.map((e) => e.edge),
      atLeast: edges.map((e) => e.left),
      longest: number(whole?.computes[1]) ?? 0,
    },
    routes,
  );
}
