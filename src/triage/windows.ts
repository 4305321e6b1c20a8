import type { Answer } from '../logs/answer.ts';
import type { Signature } from '../logs/signature.ts';
import { holdsTraffic } from './traffic.ts';
import type { Window } from './triage.ts';

const minute = 60_000;

/**
 * The stretches of time in which a cause was active. Buckets with any of it are joined when the silence between them is short against how
 * often it happens: within bursts it comes every bucket, so a few empty ones end a window; a sporadic cause gets one window over its span.
 * Silence is measured in minutes and, where the log holds what went well too, in requests, and ends a window only when it is long in both:
 * at night, when hardly anybody asks, two hours without one are no end.
 */
export function windowsOf(
  signatures: readonly Signature[],
  {
    bucketMs,
    timeline,
    first,
    last,
    ...all
  }: Pick<Answer, 'bucketMs' | 'timeline' | 'first' | 'last' | 'requests' | 'signatures'>,
): readonly Window[] {
  const counts = new Map<number, number>();
  for (const s of signatures) if (s.time !== null) counts.set(s.time, (counts.get(s.time) ?? 0) + s.count);
  const buckets = [...counts].sort((a, b) => a[0] - b[0]);
  const times = buckets.map(([time]) => time);
  const minutes = endingSilence(times, 5 * bucketMs);
  const requests = requestsBefore(times, timeline);
  const asked = holdsTraffic(all) ? endingSilence(requests, 0) : Number.NEGATIVE_INFINITY;
  // A wide bucket reaches beyond the log: what is said of it need not. Health checks, which no total counts, may lie beyond it altogether.
  const begin = Math.floor((first ?? Number.NEGATIVE_INFINITY) / minute) * minute;
  const end = Math.floor((last ?? Number.POSITIVE_INFINITY) / minute) * minute + minute;
  const windows: { from: number; to: number; count: number }[] = [];
  for (const [i, [time, count]] of buckets.entries()) {
    const open = windows.at(-1);
    const past = time + bucketMs;
    const from = begin < past ? Math.max(time, begin) : time;
    const to = end > time ? Math.min(past, end) : past;
    const ended = !open || (time - open.to > minutes && (requests[i] ?? 0) - (requests[i - 1] ?? 0) > asked);
    if (!ended) {
      open.to = to;
      open.count += count;
    } else windows.push({ from, to, count });
  }
  return windows;
}

/** The clock of somebody who counts requests: how many had come before each of the times, both sorted. */
function requestsBefore(times: readonly number[], timeline: Answer['timeline']): readonly number[] {
  let before = 0;
  let next = 0;
  return times.map((time) => {
    for (let point = timeline[next]; point !== undefined && point.time < time; point = timeline[++next])
      before += point.requests;
    return before;
  });
}

/** Ten times the usual step between active buckets, and at least so much. */
function endingSilence(at: readonly number[], least: number): number {
  const gaps = at
    .slice(1)
    .map((t, i) => t - (at[i] ?? t))
    .sort((a, b) => a - b);
  return Math.max(least, 10 * (gaps[Math.floor(gaps.length * 0.75)] ?? 0));
}
