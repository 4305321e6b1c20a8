import type { Answer } from '../logs/answer.ts';
import type { Signature } from '../logs/signature.ts';
import { type OwnSignal, verdictSignals } from '../signals/verdicts.ts';
import { judge } from '../triage/judge.ts';
import { populationOf } from '../triage/population.ts';
import type { Kind } from '../triage/side.ts';
import type { Labels, Totals } from './totals.ts';

/** How a source names what did not fit its own bounds. */
const folded = '(other)';

const counters: Readonly<Partial<Record<Kind, OwnSignal>>> = {
  failure: verdictSignals.failures,
  masked: verdictSignals.masked,
};

/** A window of time, half-open, epoch ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Adds what triage says of one window to the counters, and makes the gauges those of this window. The judgements are triage's own
 * (`diagnose` sums the same ones up), signature by signature, because a verdict lists only its first routes. Returns how many requests went
 * under `other` for want of room.
 */
export function countWindow(answer: Answer, window: Window, totals: Totals): number {
  const at = { since: window.from, now: window.to };
  const population = populationOf(answer);
  let overflow = 0;
  totals.clear(verdictSignals.windowFailures);
  const newest = new Map<string, { readonly labels: Labels; count: number }>();
  for (const s of answer.signatures) {
    const judgement = judge(s, population);
    const counter = judgement && counters[judgement.kind];
    if (!counter) continue;
    const told = { side: judgement.side, cause: judgement.cause.code, confidence: judgement.match.confidence };
    if (totals.add(counter, { ...told, ...namesOf(s) }, s.count, at)) overflow += s.count;
    if (judgement.kind !== 'failure') continue;
    const key = Object.values(told).join(' ');
    const known = newest.get(key) ?? { labels: told, count: 0 };
    known.count += s.count;
    newest.set(key, known);
  }
  for (const { labels, count } of newest.values()) totals.set(verdictSignals.windowFailures, labels, count, window.to);
  overflow += countRequests(answer, at, totals);
  totals.set(verdictSignals.windowRequests, {}, answer.requests, window.to);
  totals.set(verdictSignals.windowEnd, {}, window.to / 1000, window.to);
  return overflow;
}

/**
 * Names that the gateway's own configuration has. The host that a client asked for groups requests in a report where a format names nothing
 * better, and is no label: a client could make up as many as it likes.
 */
const namesOf = (s: Signature): Labels => ({ route: name(s.route), backend: name(s.backend) });

const name = (given: string | null | undefined): string => (given === folded ? 'other' : (given ?? '-'));

function countRequests(answer: Answer, at: { readonly since: number; readonly now: number }, totals: Totals): number {
  if (answer.routeIs !== 'route') {
    totals.add(verdictSignals.requests, {}, answer.requests, at);
    return 0;
  }
  let overflow = 0;
  for (const { route, requests } of answer.routes)
    if (totals.add(verdictSignals.requests, { route: name(route) }, requests, at)) overflow += requests;
  return overflow;
}
