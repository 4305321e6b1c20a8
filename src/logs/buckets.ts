/**
 * Edges in milliseconds that split failures' durations: coarse decades, and a narrow band around each timeout seen in the wild (2.5 % below,
 * because Envoy's timers fire up to 2 % early, and 5 % above), so that "all at 60 s" stays visible in a count. A bucket is [edge, next edge).
 */
export const durationEdges: readonly number[] = withBands(
  [0, 1, 5, 10, 50, 100, 250, 500],
  [
    1e3, 2e3, 3e3, 5e3, 10e3, 15e3, 20e3, 30e3, 45e3, 60e3, 90e3, 120e3, 180e3, 300e3, 350e3, 600e3, 900e3, 1800e3,
    3600e3,
  ],
);

/** Edges in milliseconds of an upstream connection's age when the request was sent: fresh, then around the keep-alives of common servers. */
export const ageEdges: readonly number[] = [
  0, 50, 250, 950, 1900, 4500, 9500, 18_000, 28_000, 55_000, 70_000, 110_000, 340_000, 590_000, 3_500_000,
];

function withBands(coarse: readonly number[], centres: readonly number[]): readonly number[] {
  return [...coarse, ...centres.flatMap((c) => [c * 0.975, c * 1.05])];
}

/** The index of the bucket that holds the value: edges[i] <= value < edges[i + 1]; values below the first edge fall in bucket 0. */
export function bucketOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The same of a value that may be unset or not carried. */
export function bucketIn(edges: readonly number[], value: number | null | undefined): number | null | undefined {
  return value === undefined || value === null ? value : bucketOf(edges, value);
}

/** Sub-buckets of a power of two in a latency histogram: 32, so a bucket is at most 1/32 wide and its middle at most 1.6 % off. */
const SUB = 32;

/** Buckets of a latency histogram: enough for every 32-bit millisecond. */
export const latencyBuckets = 1024;

/** Log-linear bucket of a latency in whole milliseconds: exact below 64, then 32 buckets a power of two. */
export function latencyBucket(ms: number): number {
  const value = ms < 0 ? 0 : ms > 0xffff_ffff ? 0xffff_ffff : Math.floor(ms);
  if (value < 2 * SUB) return value;
  const shift = 31 - Math.clz32(value) - 5;
  return shift * SUB + Math.floor(value / 2 ** shift);
}

/** The middle of a latency bucket, in milliseconds. */
export function latencyOf(bucket: number): number {
  if (bucket < 2 * SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  const low = (bucket - shift * SUB) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}

/**
 * The q-quantiles (0..1, the least first) of a histogram of latencyBucket counts, in milliseconds; none when it is empty. Several at once, because it
 * has a thousand buckets, most of them empty.
 */
export function quantiles(counts: ArrayLike<number>, qs: readonly number[]): readonly (number | undefined)[] {
  let total = 0;
  let past = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (count === 0) continue;
    total += count;
    past = i + 1;
  }
  const found: number[] = [];
  let seen = 0;
  for (let i = 0; i < past && found.length < qs.length; i++) {
    const count = counts[i] as number;
    if (count === 0) continue;
    seen += count;
    while (found.length < qs.length && seen >= Math.max(1, Math.ceil((qs[found.length] as number) * total)))
      found.push(latencyOf(i));
  }
  return found;
}
