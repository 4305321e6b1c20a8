import type { CustomLabel } from '../signals/series.ts';
import type { Panel, Threshold } from './board.ts';
import type { BoardContext } from './context.ts';
import { type Filter, increase, type Query, type QueryLabel, rate, ratio } from './query/expression.ts';

type RequestFilter = Filter<QueryLabel<'requests'>>;
type RequestLabel = QueryLabel<'requests'>;

/** Failed, or a client was refused: everything that has a side. */
export const failed: RequestFilter = { label: 'side', not: ['none'] };
/** What somebody who runs the platform has to mend. A client's own mistakes and a policy that does its work are not in it. */
export const toMend: RequestFilter = { label: 'side', is: ['gateway', 'between', 'backend', 'unknown'] };
/** The same as `toMend`, less what the backends did: what those who run the gateway are asked about. */
export const ofTheGateway: RequestFilter = { label: 'side', is: ['gateway', 'between'] };
/** Gone before a status was sent: Envoy logs it as status 0, and no counter of Envoy's has it. */
export const unanswered: RequestFilter = { label: 'status', is: ['0'] };

/**
 * Matched a route. Those that did not (NR, a 404 of the gateway) are scanners on any public gateway, a share of nights and never of anybody's
 * promise; when a route is gone they jump, so they have panels of their own and are in no share.
 */
export const routed: RequestFilter = { label: 'flag', not: ['NR'] };
export const unrouted: RequestFilter = { label: 'flag', is: ['NR'] };

/** Requests that meet the filter, as a share of those that matched a route, at each moment. */
export const share = (where: RequestFilter, by: readonly RequestLabel[] = []): Query =>
  ratio(rate('requests', { where: [where, routed], by }), rate('requests', { where: [routed], by }));

/** The same over the whole time shown. */
export const shareOfView = (where: RequestFilter, by: readonly RequestLabel[]): Query =>
  ratio(increase('requests', { where: [where, routed], by }), increase('requests', { where: [routed], by }));

/** How many requests met the filter in the time shown. */
export const counted = (where: RequestFilter, by: readonly RequestLabel[]): Query =>
  increase('requests', { where: [where], by });

/** Good below the first number, watch up to the second, bad from there. */
export const rising = (watch: number, bad: number): readonly Threshold[] => [
  { from: undefined, means: 'good' },
  { from: watch, means: 'watch' },
  { from: bad, means: 'bad' },
];

/** Bad below the first number, watch up to the second, good from there. */
export const falling = (watch: number, good: number): readonly Threshold[] => [
  { from: undefined, means: 'bad' },
  { from: watch, means: 'watch' },
  { from: good, means: 'good' },
];

/** The panels with widths that fill their lines of 24 columns, at most so many on one, for rows whose panels depend on the contract. */
export function filled(panels: readonly Panel[], most: number): readonly Panel[] {
  const lines = Math.ceil(panels.length / most);
  const each = Math.ceil(panels.length / lines);
  return panels.map((panel, i) => {
    const line = Math.floor(i / each);
    const many = Math.min(each, panels.length - line * each);
    return { ...panel, width: Math.floor(24 / many) + (i - line * each < 24 % many ? 1 : 0) };
  });
}

/** Any at all is bad. */
export const never: readonly Threshold[] = [
  { from: undefined, means: 'good' },
  { from: 0.000_001, means: 'bad' },
];

/** The contract's labels that metrics carry, as boards name them. */
export const customLabels = (c: BoardContext): readonly CustomLabel[] =>
  c.labels.map((l): CustomLabel => `custom:${l.name}`);

/** A share of failures that a day of ordinary traffic stays below, and one that nobody would call ordinary. */
export const failureShare = rising(0.001, 0.01);
