import { type Side, sides } from '../../triage/side.ts';
import type { Triage, Verdict } from '../../triage/triage.ts';
import { wholeTime } from './whole-time.ts';

/** More buckets than pixels help nobody; the script joins them further to fit the screen and the zoom. */
const most = 3000;
const lanes = 10;
const multiples = [1, 2, 3, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];

/** What the timeline's script draws. Times are epoch ms; bucket i starts at `start + i * step`. */
export interface TimelineData {
  readonly start: number;
  readonly step: number;
  readonly buckets: number;
  /** Requests, failed or not, of each bucket. */
  readonly requests: readonly number[];
  /** Sparse: [bucket, failures] of each side that has any, in the order they are stacked. */
  readonly sides: readonly { readonly side: Side; readonly at: readonly (readonly [number, number])[] }[];
  /** When the first verdicts were active: [from, to) pairs. */
  readonly lanes: readonly {
    readonly rank: number;
    readonly cause: string;
    readonly side: Side;
    readonly windows: readonly (readonly [number, number])[];
  }[];
}

/** The timeline in at most a few thousand equal buckets, silent ones included; undefined without times. */
export function timelineData(t: Triage, failures: readonly Verdict[]): TimelineData | undefined {
  const whole = wholeTime(t);
  const { points, bucketMs } = t.timeline;
  const first = points[0];
  const last = points.at(-1);
  if (!whole || !first || !last) return undefined;
  const wanted = (last.time - first.time) / bucketMs / most;
  const step = bucketMs * (multiples.find((m) => m >= wanted) ?? Math.ceil(wanted / 1440) * 1440);
  const start = Math.floor(first.time / step) * step;
  const buckets = Math.floor((last.time - start) / step) + 1;
  const requests = new Array<number>(buckets).fill(0);
  const bySide = new Map<Side, Map<number, number>>();
  for (const p of points) {
    const at = Math.floor((p.time - start) / step);
    requests[at] = (requests[at] ?? 0) + p.requests;
    for (const side of sides) {
      const n = p.sides[side] ?? 0;
      if (n === 0) continue;
      const counts = bySide.get(side) ?? new Map<number, number>();
      bySide.set(side, counts.set(at, (counts.get(at) ?? 0) + n));
    }
  }
  return {
    start,
    step,
    buckets,
    requests,
    sides: sides.flatMap((side) => {
      const counts = bySide.get(side);
      return counts ? [{ side, at: [...counts].sort((a, b) => a[0] - b[0]) }] : [];
    }),
    lanes: failures
      .filter((v) => v.windows.length > 0)
      .slice(0, lanes)
      .map((v) => ({
        rank: failures.indexOf(v) + 1,
        cause: v.cause,
        side: v.side,
        windows: v.windows.slice(0, 500).map((w): readonly [number, number] => [w.from, w.to]),
      })),
  };
}
