import { type Side, sides } from '../triage/side.ts';
import type { Triage, Verdict } from '../triage/triage.ts';
import { count, percent, plural } from '../triage/words.ts';

/** A report's verdicts as it is read: what to look into, what goes on all day, and what is no failure at all. */
export interface Parts {
  readonly incidents: readonly Verdict[];
  readonly background: readonly Verdict[];
  readonly rest: readonly Verdict[];
}

export function partsOf(t: Triage): Parts {
  const failures = t.verdicts.filter((v) => v.kind === 'failure');
  return {
    incidents: failures.filter((v) => !v.background),
    background: failures.filter((v) => v.background),
    rest: t.verdicts.filter((v) => v.kind !== 'failure'),
  };
}

/** Failures of each side without the background noise. */
export function incidentSides(t: Triage): Readonly<Record<Side, number>> {
  const { incidents } = partsOf(t);
  const of = (side: Side) => incidents.reduce((sum, v) => (v.side === side ? sum + v.count : sum), 0);
  return Object.fromEntries(sides.map((side) => [side, of(side)])) as Record<Side, number>;
}

/** Sides that have failures: the most to look into first, then the most noise. */
export function rankedSides(t: Triage): readonly Side[] {
  const incidents = incidentSides(t);
  return sides
    .filter((side) => t.totals.sides[side] > 0)
    .sort((a, b) => incidents[b] - incidents[a] || t.totals.sides[b] - t.totals.sides[a]);
}

/** `12 failures among 345 requests (3.5 %)`; where only some failures were asked for, what the rate is of is said. */
export function sum(t: Triage): string {
  const { failures, requests } = t.totals;
  if (failures === 0) return `No ${t.ratesAreOf ? 'such failures' : 'failures'} among ${plural(requests, 'request')}`;
  const rate = percent(failures, requests);
  return t.ratesAreOf
    ? `${plural(failures, 'such failure')}, ${rate} of ${t.ratesAreOf} (${count(requests)})`
    : `${plural(failures, 'failure')} among ${plural(requests, 'request')} (${rate})`;
}

/** How the sum divides into what to look into and background noise; '' when there is no noise. */
export function division(t: Triage): string {
  const { failures, background } = t.totals;
  if (background === 0) return '';
  return background === failures
    ? 'all of it background noise'
    : `${count(failures - background)} to look into, ${count(background)} background`;
}

/** What makes background noise, for the reader who meets the word. */
export const backgroundWords = 'at a low, even rate, from clients, policies or unknown paths';

/** The names of a list that are not shown: `and 12 more`. */
export const andMore = (names: number, shown: number): string =>
  names > shown ? `and ${count(names - shown)} more` : '';

/** How many of so many requests had no route (or backend); '' when all had one, and where the log names neither. */
export function without(t: Triage, n: number, of: number): string {
  if (n === 0 || t.routeIs === 'authority') return '';
  return n === of ? `no ${t.routeIs} was chosen` : `${count(n)} with no ${t.routeIs}`;
}
