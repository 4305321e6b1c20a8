import type { Signature } from '../logs/signature.ts';
import type { Window } from './triage.ts';

/**
 * The stretches of time in which a cause was active. Buckets with any of it are joined when the silence between them is short against how
 * often it happens: within bursts it comes every bucket, so a few empty ones end a window; a sporadic cause gets one window over its span.
 */
export function windowsOf(signatures: readonly Signature[], bucketMs: number): readonly Window[] {
  const counts = new Map<number, number>();
  for (const s of signatures) if (s.time !== null) counts.set(s.time, (counts.get(s.time) ?? 0) + s.count);
  const buckets = [...counts].sort((a, b) => a[0] - b[0]);
  const first = buckets[0];
  const last = buckets.at(-1);
  if (!first || !last) return [];
  const silence = silenceThatEnds(
    buckets.map(([time]) => time),
    bucketMs,
  );
  const windows: { from: number; to: number; count: number }[] = [];
  for (const [time, count] of buckets) {
    const open = windows.at(-1);
    if (open && time - open.to <= silence) {
      open.to = time + bucketMs;
      open.count += count;
    } else windows.push({ from: time, to: time + bucketMs, count });
  }
  return windows;
}

/** Ten times the usual gap between active buckets, at least five buckets. */
function silenceThatEnds(times: readonly number[], bucketMs: number): number {
  const gaps = times
    .slice(1)
    .map((t, i) => t - (times[i] ?? t))
    .sort((a, b) => a - b);
  const usual = gaps[Math.floor(gaps.length * 0.75)] ?? bucketMs;
  return Math.max(5 * bucketMs, 10 * usual);
}
