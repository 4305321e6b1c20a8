import { latencyBucket, latencyBuckets } from '../buckets.ts';

/**
 * A histogram of latencyBucket counts from how many requests lasted at least each edge (ms, ascending): what lies between two edges is spread
 * evenly over the whole milliseconds there, and what is beyond the last over as much again as `longest` says. Counts at the edges stay exact.
 */
export function spread(
  timed: number,
  edges: readonly number[],
  atLeast: readonly number[],
  longest: number,
): Float64Array {
  const counts = new Float64Array(latencyBuckets);
  let low = 0;
  let left = timed;
  for (const [i, edge] of edges.entries()) {
    const beyond = Math.min(left, atLeast[i] ?? 0);
    evenly(counts, low, edge, left - beyond);
    low = edge;
    left = beyond;
  }
  evenly(counts, low, Math.max(low + 1, Math.floor(longest) + 1), left);
  return counts;
}

/** Whole requests at whole milliseconds of [low, high): a few are put at the middles of equal parts. */
function evenly(counts: Float64Array, low: number, high: number, requests: number): void {
  const whole = Math.round(requests);
  if (whole <= 0) return;
  const steps = Math.min(whole, Math.max(1, Math.ceil(high - low)), 256);
  for (let i = 0; i < steps; i++) {
    const share = Math.floor(((i + 1) * whole) / steps) - Math.floor((i * whole) / steps);
    const at = latencyBucket(Math.floor(low + ((i + 0.5) * (high - low)) / steps));
    counts[at] = (counts[at] ?? 0) + share;
  }
}
