import type { Objective } from '../contract/model.ts';
import { blamesGateway } from '../objectives/indicator.ts';
import type { Board, Panel, Row } from './board.ts';
import type { BoardContext } from './context.ts';
import { falling, rising } from './parts.ts';
import type { Query } from './query/expression.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** More on one board are neither read nor loaded. */
const panelsOnABoard = 48;

/** What was promised, what of it is left, and how fast it goes; as many boards as it takes, and none where the contract promises nothing. */
export function objectives(c: BoardContext): readonly Board[] {
  const pages: Row[][] = [];
  let room = 0;
  for (const row of c.objectives.map(rowOf)) {
    if (row.panels.length > room) {
      pages.push([]);
      room = panelsOnABoard;
    }
    pages.at(-1)?.push(row);
    room -= row.panels.length;
  }
  return pages.map(
    (rows, page): Board => ({
      id: page === 0 ? 'objectives' : `objectives-${page + 1}`,
      title: pages.length === 1 ? 'Objectives' : `Objectives, ${page + 1} of ${pages.length}`,
      description: 'What was promised, how much of each error budget is left, and how fast it is being spent.',
      scope: ['environment', 'gateway'],
      rows,
    }),
  );
}

const rowOf = (o: Objective): Row => ({
  title: `${o.name}: ${percent(o.target)} of requests ${good(o)} over ${days(o)}`,
  // Below each other: where both fall it is the platform's, where only the upper one does it is the backends'.
  panels: blamesGateway(o) ? [...endToEnd(o), ...byTheGateway(o)] : endToEnd(o),
});

const good = (o: Objective): string =>
  o.indicator.kind === 'availability' ? 'did not fail' : `were answered within ${o.indicator.thresholdMs} ms`;

/** What whoever asked has met. */
function endToEnd(o: Objective): readonly Panel[] {
  const slow = o.indicator.kind === 'latency';
  const drill = { board: slow ? 'routes' : 'fault', logs: slow ? {} : { failed: true as const } };
  const triage = slow ? {} : { triage: {} };
  return [
    {
      ...share(o),
      id: `${o.name}-good`,
      title: 'Good requests, by gateway',
      description: `Share of requests that ${good(o)} over ${days(o)}; ${percent(o.target)} was promised${o.description === undefined ? '' : ` (${o.description})`}. Red is a promise that is broken.`,
    },
    {
      ...left(o),
      id: `${o.name}-left`,
      title: 'Budget left',
      description: `Share of the error budget that is left of ${days(o)}, by gateway. A step down is an incident; a slope is a leak that no incident explains. Below a quarter: put risky changes off. Below nought: the objective is missed.`,
      drill: { board: drill.board },
    },
    {
      ...burn(o, hour, 14.4),
      id: `${o.name}-soon`,
      title: 'Burn rate over 1 h',
      description: `${faster(o)} High here and low beside it has only begun, or it is a blip; from 14.4 on somebody is paged.`,
      drill,
      ...triage,
    },
    {
      ...burn(o, 6 * hour, 6),
      id: `${o.name}-lasting`,
      title: 'Burn rate over 6 h',
      description: `${faster(o)} High here and low beside it is over already; high in both is going on; from 6 on somebody is paged.`,
      drill,
      ...triage,
    },
  ];
}

/** The same with only what the gateway did, or what happened between it and its neighbours, for those who run it. */
function byTheGateway(o: Objective): readonly Panel[] {
  const own = o.indicator.kind === 'latency' ? held(o.indicator.gatewayThresholdMs ?? 0, o) : failed(o);
  const { drill, triage } = own;
  return [
    {
      ...share(o, 'gateway'),
      id: `${o.name}-gateway-good`,
      title: own.title,
      description: own.good,
    },
    {
      ...left(o, 'gateway'),
      id: `${o.name}-gateway-left`,
      title: 'Budget left by the gateway',
      description: own.left,
      drill: { board: drill.board },
    },
    {
      ...burn(o, hour, 14.4, 'gateway'),
      id: `${o.name}-gateway-soon`,
      title: 'Burn rate by the gateway over 1 h',
      description: `${faster(o)} Only by what the gateway did. As high as the one above: the platform is the incident; from 14.4 on it is paged itself.`,
      drill,
      ...triage,
    },
    {
      ...burn(o, 6 * hour, 6, 'gateway'),
      id: `${o.name}-gateway-lasting`,
      title: 'Burn rate by the gateway over 6 h',
      description: `${faster(o)} Only by what the gateway did. Above nought for days without a page: ${own.smoulders}; from 6 on somebody is paged.`,
      drill,
      ...triage,
    },
  ];
}

const failed = (o: Objective) => ({
  title: 'Not failed by the gateway',
  good: `Share of requests that the gateway and what is between it and its neighbours did not fail over ${days(o)}. The gap to the share above is the backends’, and what nobody can be blamed for. Red: the platform alone has broken the promise.`,
  left: `What would be left of the error budget of ${days(o)} if nothing but the gateway had failed. It falls with the one above: mend it here. It stays where it is while that one falls: ask the backends’ teams.`,
  smoulders: 'idle timeouts, TLS or DNS between gateway and backends',
  drill: { board: 'fault', logs: { side: ['gateway', 'between'] } },
  triage: { triage: { side: ['gateway', 'between'] } },
});

const held = (ms: number, o: Objective) => ({
  title: 'Passed on in time by the gateway',
  good: `Share of requests that the gateway passed on within ${ms} ms once it had them whole, over ${days(o)}: authorizers, limits, the wait for a connection, connecting and TLS. Of answers at the first try alone; ${percent(o.target)} was promised. Red: the platform alone has broken the promise.`,
  left: `Share of the error budget of ${days(o)} that is left of the gateway’s own promise. It falls with the one above: mend it here. It stays where it is while that one falls: ask the backends’ teams.`,
  smoulders: 'an authorizer that is slow for some, pools that are too small, or connections that are never kept',
  drill: { board: 'routes', logs: {} },
  triage: {},
});

type Blame = 'gateway' | undefined;

const asked = (o: Objective, measure: 'good' | 'burn' | 'left', window: number, blame: Blame): Query => ({
  node: 'objective',
  objective: o.name,
  measure,
  window,
  ...(blame ? { blame } : {}),
});

const place = { width: 6, height: 8 } as const;

const share = (o: Objective, blame?: Blame) =>
  ({
    kind: 'bars',
    unit: 'share',
    // 99.46 % of a promised 99.5 % must not read as it.
    decimals: (percentOf(o.target).split('.')[1]?.length ?? 0) + 2,
    thresholds: [
      { from: undefined, means: 'bad' },
      { from: o.target, means: 'good' },
    ],
    query: asked(o, 'good', o.windowDays * day, blame),
    by: ['gateway'],
    limit: 50,
    ...place,
  }) as const;

const left = (o: Objective, blame?: Blame) =>
  ({
    kind: 'timeseries',
    unit: 'share',
    max: 1,
    thresholds: falling(0.001, 0.25),
    shown: [{ query: asked(o, 'left', o.windowDays * day, blame), legend: ['gateway'] }],
    ...place,
  }) as const;

const burn = (o: Objective, window: number, page: number, blame?: Blame) =>
  ({
    kind: 'timeseries',
    unit: 'factor',
    thresholds: rising(1, page),
    shown: [{ query: asked(o, 'burn', window, blame), legend: ['gateway'] }],
    ...place,
  }) as const;

const faster = (o: Objective): string =>
  `How many times faster than allowed the budget is spent, by gateway; at 1 it is gone exactly after ${days(o)}.`;

const days = ({ windowDays }: Objective): string => (windowDays === 1 ? 'a day' : `${windowDays} days`);

/** 0.999 as `99.9 %`: as it was written, without what binary fractions add. */
const percent = (share: number): string => `${percentOf(share)} %`;
const percentOf = (share: number): string => String(Number((share * 100).toPrecision(12)));
