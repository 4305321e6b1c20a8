import type { Window } from './from-question.ts';

/** How long after a request its record may still be on its way to a store, ms. */
const lateMs = 120_000;

/** What a window that ends now can't have yet, in words. */
export const stillArriving = ({ to }: Window, now: number): readonly string[] =>
  to > now - lateMs ? ['records of the last two minutes may still be on their way'] : [];

const minute = 60_000;
const hour = 60 * minute;

/** Widths that every store has a unit for, epoch-aligned. */
const widths = [1, 2, 5, 10, 15, 30].map((m) => m * minute).concat([1, 2, 3, 6, 12, 24].map((h) => h * hour));

/** The width of time buckets: a minute up to three hours, as a file's are, then wider, so that a window has at most 180 of them. */
export const bucketWidth = ({ from, to }: Window): number => widths.find((w) => to - from <= 180 * w) ?? 24 * hour;

/** The window in `count` parts or fewer, cut at multiples of the bucket; without gaps or overlaps. */
export function slices({ from, to }: Window, bucketMs: number, count: number): readonly Window[] {
  const step = Math.max(bucketMs, Math.ceil((to - from) / Math.max(1, count) / bucketMs) * bucketMs);
  const parts: Window[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, Math.floor(start / bucketMs) * bucketMs + step);
    parts.push({ from: start, to: end });
    start = end;
  }
  return parts;
}

/** Two halves cut at a multiple of the bucket; undefined when it is one bucket. */
export function halves(window: Window, bucketMs: number): readonly [Window, Window] | undefined {
  const [first, second, ...more] = slices(window, bucketMs, 2);
  return first && second && more.length === 0
    ? [first, second]
    : first && second
      ? [first, { from: first.to, to: window.to }]
      : undefined;
}
