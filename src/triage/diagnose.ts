import { type FieldId, fieldIds, fields } from '../envoy/fields.ts';
import type { Answer } from '../logs/answer.ts';
import { quantiles } from '../logs/buckets.ts';
import type { Signature } from '../logs/signature.ts';
import { affectedRoutes } from './affected-routes.ts';
import { type Judged, type Judgement, judge } from './judge.ts';
import { populationOf } from './population.ts';
import { type Side, sides } from './side.ts';
import { type Point, type Triage, triageVersion } from './triage.ts';
import { verdictsOf } from './verdicts.ts';

/** What to look at of everything that went wrong. */
export interface Focus {
  /** Keeps signatures whose status fits; plain 4xx answers of backends count as failures when asked for so. */
  readonly status: ((status: number | null | undefined) => boolean) | undefined;
  readonly side: Side | undefined;
  /** The filters in the user's words. */
  readonly words: readonly string[];
  /** The conditions on requests, failed or not, to follow "all requests in the window"; '' without any. */
  readonly conditions: string;
}

export const everythingWrong: Focus = { status: undefined, side: undefined, words: [], conditions: '' };

/** Whose fault: pure over what a source answered. Sides add up to the failures; nothing healthy is reported. */
export function diagnose(answer: Answer, focus: Focus = everythingWrong): Triage {
  const population = populationOf(answer);
  const judged: Judged[] = [];
  for (const s of answer.signatures) {
    const judgement = judge(s, population);
    if (judgement && wanted(s, judgement, focus))
      judged.push({ ...judgement, kind: focus.status && judgement.kind === 'aside' ? 'failure' : judgement.kind, s });
  }
  const total = (kind: Judgement['kind']) => judged.reduce((sum, j) => (j.kind === kind ? sum + j.s.count : sum), 0);
  const failures = judged.filter((j) => j.kind === 'failure');
  const bySide = Object.fromEntries(
    sides.map((side) => [side, failures.reduce((sum, j) => (j.side === side ? sum + j.s.count : sum), 0)]),
  ) as Record<Side, number>;
  const verdicts = verdictsOf(judged, answer, population);
  const [p50, p90, p99] = quantiles(answer.latency, [0.5, 0.9, 0.99]);
  return {
    version: triageVersion,
    first: answer.first,
    last: answer.last,
    totals: {
      requests: answer.requests,
      failures: total('failure'),
      background: verdicts.reduce((sum, v) => (v.background ? sum + v.count : sum), 0),
      withoutRoute: verdicts.reduce((sum, v) => (v.kind === 'failure' ? sum + v.withoutRoute : sum), 0),
      masked: total('masked'),
      aside: total('aside'),
      healthChecks:
        answer.signatures.reduce((sum, s) => (s.healthCheck ? sum + s.count : sum), 0) +
        judged.reduce((sum, j) => (j.kind === 'health-check' && !j.s.healthCheck ? sum + j.s.count : sum), 0),
      sides: bySide,
    },
    verdicts,
    routes: affectedRoutes(failures, answer),
    routeIs: answer.routeIs,
    timeline: { bucketMs: answer.bucketMs, points: pointsOf(failures, answer) },
    latency: { p50, p90, p99, counts: answer.latency },
    samples: answer.samples,
    coverage: gapsOf(answer.fields),
    precision: answer.precision,
    reading: answer.reading,
    filters: focus.words,
    ratesAreOf: focus.status || focus.side ? `all requests in the window${focus.conditions}` : undefined,
  };
}

function wanted(s: Signature, j: Judgement, focus: Focus): boolean {
  if (focus.status && !focus.status(s.status)) return false;
  return !focus.side || j.side === focus.side;
}

function pointsOf(failures: readonly Judged[], answer: Answer): readonly Point[] {
  const points = new Map<number, { requests: number; sides: Partial<Record<Side, number>> }>();
  for (const t of answer.timeline) points.set(t.time, { requests: t.requests, sides: {} });
  for (const { s, side } of failures) {
    if (s.time === null) continue;
    const point = points.get(s.time);
    if (point) point.sides[side] = (point.sides[side] ?? 0) + s.count;
  }
  return [...points].sort((a, b) => a[0] - b[0]).map(([time, p]) => ({ time, ...p }));
}

/** Fields with a question of their own that not one line carried. */
export function gapsOf(carried: readonly FieldId[]): Triage['coverage'] {
  return fieldIds.flatMap((field) => {
    const { lost, operator } = fields[field] as { lost?: string; operator: string };
    return lost !== undefined && !carried.includes(field) ? [{ field, operator, question: lost }] : [];
  });
}
