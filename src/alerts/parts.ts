import type { BoardContext } from '../boards/context.ts';
import { type Filter, increase, type QueryLabel, rate, ratio } from '../boards/query/expression.ts';
import type { ScrapedId } from '../signals/scraped.ts';
import type { Alert, Condition, Drill } from './alert.ts';
import { born, grows, restarts, stands } from './drill.ts';

export const minute = 60_000;

/** What an alert says of itself; condition, drills and what no data means come from the kind of alert. */
export type Said = Omit<Alert, 'name' | 'condition' | 'drills' | 'noData' | 'forMs'> & {
  /** Without the prefix. */
  readonly name: string;
  readonly forMs?: number;
};

export const prefix = 'EnvoyGateway';

export const alert = (said: Said, condition: Condition, drills: readonly Drill[], noData: Alert['noData']): Alert => ({
  ...said,
  name: `${prefix}${said.name}`,
  forMs: said.forMs ?? 0,
  condition,
  drills,
  noData,
});

type RequestFilter = Filter<QueryLabel<'requests'>>;

export interface ShareOf {
  /** The primary flag. */
  readonly flag: string;
  readonly sides?: readonly string[];
  readonly above: number;
  readonly windowMs?: number;
  /** Fewer requests than this in the window tell nothing. */
  readonly requests?: number;
  /** Not by backend where the gateway alone answers. */
  readonly by?: readonly QueryLabel<'requests'>[];
}

/** A share of a backend's requests ended with a flag. The share is 0 where the flag has never been seen; too few requests tell nothing. */
export function flagged(
  c: BoardContext,
  said: Said,
  { flag, sides, above, windowMs = 5 * minute, requests = 20, by = ['cluster', 'gateway', 'backend'] }: ShareOf,
): Alert {
  const here: RequestFilter = { label: 'environment', is: [c.environment.name] };
  const where: readonly RequestFilter[] = [
    here,
    { label: 'flag', is: [flag] },
    ...(sides ? [{ label: 'side', is: sides } as const] : []),
  ];
  const condition: Condition = {
    query: ratio(
      rate('requests', { where, by, window: windowMs }),
      rate('requests', { where: [here], by, window: windowMs }),
    ),
    is: 'above',
    threshold: above,
    traffic: { query: increase('requests', { where: [here], by, window: windowMs }), above: requests },
  };
  const place = placeOf(c);
  const good = { ...place, backend: 'b', route: 'r', status: '200', flag: '-', side: 'none' };
  const bad = { ...good, status: '503', flag, side: sides?.[0] ?? 'backend' };
  const other = { ...good, status: '503', flag: 'XX', side: 'unknown' };
  const course = (share: number, perMinute = 6000) => [
    grows('requests', good, perMinute * (1 - share)),
    grows('requests', bad, perMinute * share),
  ];
  const half = Math.round(above * 0.5 * 1e6) / 1e6;
  // The second is below the gate though nothing but failures arrives.
  const few = (requests / (windowMs / minute)) * 0.6;
  return alert(
    said,
    condition,
    [
      { name: 'more than the share', series: course(Math.min(1, above * 1.5)), fires: true },
      { name: 'less than the share', series: course(half), fires: false },
      { name: 'the flag was never seen', series: [grows('requests', good, 6000)], fires: false },
      { name: 'another flag', series: [grows('requests', good, 10), grows('requests', other, 6000)], fires: false },
      { name: 'too few requests', series: [grows('requests', bad, few)], fires: false },
      { name: 'no series at all', series: [], fires: false },
      {
        name: 'the Collector starts again',
        series: [restarts('requests', good, 6000), restarts('requests', bad, 6000 * half)],
        fires: false,
      },
    ],
    'nothing happened',
  );
}

/** Something happened that should never happen: a counter grew, or appeared. */
export function happened<S extends ScrapedId>(
  c: BoardContext,
  said: Said,
  series: S,
  by: readonly QueryLabel<S>[],
  {
    windowMs = 10 * minute,
    where = [],
    labels = {},
  }: { windowMs?: number; where?: readonly Filter<QueryLabel<S>>[]; labels?: Readonly<Record<string, string>> } = {},
): Alert {
  const here = { label: 'environment', is: [c.environment.name] } as unknown as Filter<QueryLabel<S>>;
  const one = {
    ...placeOf(c),
    ...Object.fromEntries(by.filter((l) => !(l in placeOf(c))).map((l) => [l, 'x'])),
    ...labels,
  };
  return alert(
    said,
    {
      query: increase(series, { where: [here, ...where], by, window: windowMs }),
      births: true,
      is: 'above',
      threshold: 0,
    },
    [
      { name: 'it goes on', series: [grows(series, one, 1)], fires: true },
      { name: 'the first time, so the series appears', series: [born(series, one, 1)], fires: true },
      { name: 'once, long ago', series: [stands(series, one, 3)], fires: false },
      { name: 'never, so there is no series', series: [], fires: false },
      { name: 'the program starts again', series: [restarts(series, one, 0, 5)], fires: false },
      {
        name: 'in another environment',
        series: [grows(series, { ...one, environment: 'elsewhere' }, 1)],
        fires: false,
      },
    ],
    'nothing happened',
  );
}

/** A gauge that stands where it should not. */
export function level(
  said: Said,
  condition: Condition,
  series: ScrapedId,
  labels: Readonly<Record<string, string>>,
  [bad, good]: readonly [bad: number, good: number],
  noData: Alert['noData'] = 'nothing happened',
): Alert {
  return alert(
    said,
    condition,
    [
      { name: 'it stands too far', series: [stands(series, labels, bad)], fires: true },
      { name: 'it stands well', series: [stands(series, labels, good)], fires: false },
      { name: 'no series', series: [], fires: false },
    ],
    noData,
  );
}

/** Where a drill happens. */
export const placeOf = (c: BoardContext) => ({
  environment: c.environment.name,
  cluster: c.clusters[0] ?? 'c',
  gateway: c.gateways[0] ?? 'g',
  instance: 'i',
});

export const inEnvironment = (c: BoardContext) => ({ label: 'environment' as const, is: [c.environment.name] });
