import type { Answer } from '../logs/answer.ts';
import type { Signature } from '../logs/signature.ts';
import type { Named } from './group.ts';
import { holdsTraffic } from './traffic.ts';
import type { Verdict } from './triage.ts';

/** Fewer than this say nothing about a rate or a spread. */
const few = 10;
/** A rate is low up to this share of all requests, and of those of each route. */
const low = 0.1;

/**
 * Background noise: what strangers, clients and rules cause all day and nobody has to mend now, so that it must not lead a report. Told by
 * three things, and only `failure` verdicts are ever told so:
 *
 * 1. what it is: the client's or a policy's side, or a path that no route matches (scanners);
 * 2. a low rate: at most a tenth of all requests, and of the requests of each route it met ten times; a log of failures only can't show it;
 * 3. an even spread: over at least half of the time the log covers, and no tenth of that time holds both more than a third of it and three
 *    times what that stretch's share of the requests explains; fewer than ten of it, or a log of less than ten buckets, can't show it.
 *
 * What can't be shown is neither for nor against it, but one of 2 and 3 must be shown. A burst of any of these is an incident until somebody
 * knows better.
 */
export function isBackground(
  v: Pick<Verdict, 'kind' | 'side' | 'cause' | 'count'>,
  signatures: readonly Signature[],
  routes: readonly Named[],
  answer: Answer,
): boolean {
  if (v.kind !== 'failure' || !(strangers(v) || v.cause === 'no-route')) return false;
  const rate = lowRate(v.count, routes, answer);
  const spread = rate === false ? false : evenSpread(v.count, signatures, answer);
  return rate !== false && spread !== false && (rate ?? spread ?? false);
}

/** Whoever asks or whoever set the rule decides about these, not the people of gateway or backend. */
export const strangers = (v: Pick<Verdict, 'side'>): boolean => v.side === 'client' || v.side === 'policy';

function lowRate(count: number, routes: readonly Named[], answer: Answer): boolean | undefined {
  if (!holdsTraffic(answer)) return undefined;
  const totals = new Map(answer.routes.map((r) => [r.route, r.requests]));
  return (
    count <= low * answer.requests && routes.every((r) => r.count < few || r.count <= low * (totals.get(r.name) ?? 0))
  );
}

function evenSpread(count: number, signatures: readonly Signature[], answer: Answer): boolean | undefined {
  const first = answer.timeline[0]?.time;
  const last = answer.timeline.at(-1)?.time;
  if (first === undefined || last === undefined || count < few) return undefined;
  const whole = last - first + answer.bucketMs;
  if (whole < few * answer.bucketMs) return undefined;
  const times = signatures.flatMap((s) => s.time ?? []);
  if (times.length === 0) return undefined;
  const active = times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b)) + answer.bucketMs;
  if (2 * active < whole) return false;
  const tenth = (time: number) => Math.floor((10 * (time - first)) / whole);
  const requests = new Array<number>(10).fill(0);
  for (const t of answer.timeline) requests[tenth(t.time)] = (requests[tenth(t.time)] ?? 0) + t.requests;
  const found = new Array<number>(10).fill(0);
  for (const s of signatures) if (s.time !== null) found[tenth(s.time)] = (found[tenth(s.time)] ?? 0) + s.count;
  const explained = (i: number) => (holdsTraffic(answer) ? (3 * (requests[i] ?? 0)) / answer.requests : 0);
  return found.every((n, i) => 3 * n <= count || n <= explained(i) * count);
}
