import type { Objective } from '../contract/model.ts';
import type { Board, Panel, Row } from './board.ts';
import type { BoardContext } from './context.ts';
import { falling, rising } from './parts.ts';
import type { Query } from './query/expression.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** More on one board are neither read nor loaded: each is four panels. */
const perBoard = 12;

/** What was promised, what of it is left, and how fast it goes; as many boards as it takes, and none where the contract promises nothing. */
export function objectives(c: BoardContext): readonly Board[] {
  const pages = Math.ceil(c.objectives.length / perBoard);
  return Array.from({ length: pages }, (_, page): Board => {
    const shown = c.objectives.slice(page * perBoard, (page + 1) * perBoard);
    return {
      id: page === 0 ? 'objectives' : `objectives-${page + 1}`,
      title: pages === 1 ? 'Objectives' : `Objectives, ${page + 1} of ${pages}`,
      description: 'What was promised, how much of each error budget is left, and how fast it is being spent.',
      scope: ['environment', 'gateway'],
      rows: shown.map(row),
    };
  });
}

function row(o: Objective): Row {
  const measure = (kind: 'good' | 'burn' | 'left', window: number): Query => ({
    node: 'objective',
    objective: o.name,
    measure: kind,
    window,
  });
  const whole = o.windowDays * day;
  const whatIsGood =
    o.indicator.kind === 'availability' ? 'did not fail' : `were answered within ${o.indicator.thresholdMs} ms`;
  const slow = o.indicator.kind === 'latency';
  const burn = (id: string, title: string, window: number, page: number, meaning: string): Panel => ({
    id: `${o.name}-${id}`,
    kind: 'timeseries',
    title,
    description: `How many times faster than allowed the budget is spent, by gateway; at 1 it is gone exactly after ${o.windowDays} days. ${meaning}`,
    unit: 'factor',
    thresholds: rising(1, page),
    shown: [{ query: measure('burn', window), legend: ['gateway'] }],
    width: 6,
    height: 8,
    drill: { board: slow ? 'routes' : 'fault', logs: slow ? {} : { failed: true } },
    ...(slow ? {} : { triage: {} }),
  });
  return {
    title: `${o.name}: ${percent(o.target)} of requests ${whatIsGood} over ${o.windowDays} days`,
    panels: [
      {
        id: `${o.name}-good`,
        kind: 'bars',
        title: 'Good requests, by gateway',
        description: `Share of requests that ${whatIsGood} over ${o.windowDays} days; ${percent(o.target)} was promised${o.description === undefined ? '' : ` (${o.description})`}. Red is a promise that is broken.`,
        unit: 'share',
        thresholds: [
          { from: undefined, means: 'bad' },
          { from: o.target, means: 'good' },
        ],
        query: measure('good', whole),
        by: ['gateway'],
        limit: 50,
        width: 6,
        height: 8,
      },
      {
        id: `${o.name}-left`,
        kind: 'timeseries',
        title: 'Budget left',
        description: `Share of the error budget that is left of ${o.windowDays} days, by gateway. A step down is an incident; a slope is a leak that no incident explains. Below a quarter: put risky changes off. Below nought: the objective is missed.`,
        unit: 'share',
        max: 1,
        thresholds: falling(0.001, 0.25),
        shown: [{ query: measure('left', whole), legend: ['gateway'] }],
        width: 6,
        height: 8,
        drill: { board: slow ? 'routes' : 'fault' },
      },
      burn(
        'soon',
        'Burn rate over 1 h',
        hour,
        14.4,
        'High here and low beside it has only begun, or it is a blip; from 14.4 on somebody is paged.',
      ),
      burn(
        'lasting',
        'Burn rate over 6 h',
        6 * hour,
        6,
        'High here and low beside it is over already; high in both is going on; from 6 on somebody is paged.',
      ),
    ],
  };
}

/** 0.999 as `99.9 %`: as it was written, without what binary fractions add. */
const percent = (share: number): string => `${Number((share * 100).toPrecision(12))} %`;
