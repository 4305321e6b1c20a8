import { latencyOf } from '../../logs/buckets.ts';

/** Bins a decade: the most at which every bin above 1 ms holds a whole millisecond, so none is empty by arithmetic. */
const perDecade = 6;

/** A latency's place on the chart's axis: bin 0 is less than a millisecond, then six bins a decade. */
export const placeOf = (ms: number): number => (ms < 1 ? 0.5 : 1 + perDecade * Math.log10(ms) + 1e-9);

export interface LatencyBins {
  /** Requests of each bin. */
  readonly counts: readonly number[];
  /** Places and labels of the whole decades. */
  readonly ticks: readonly (readonly [number, number])[];
}

/** A histogram of latencyBucket counts in bins of equal width on a logarithmic axis, to the end of the last decade used; undefined when empty. */
export function latencyBins(counts: readonly number[]): LatencyBins | undefined {
  const bins: number[] = [];
  for (const [bucket, n] of counts.entries()) {
    if (n === 0) continue;
    const bin = Math.floor(placeOf(latencyOf(bucket)));
    while (bins.length <= bin) bins.push(0);
    bins[bin] = (bins[bin] ?? 0) + n;
  }
  if (bins.length === 0) return undefined;
  // To the end of a decade, so that the axis has one.
  while (bins.length < 1 + perDecade || (bins.length - 1) % perDecade !== 0) bins.push(0);
  const ticks: (readonly [number, number])[] = [];
  for (let decade = 0; 1 + perDecade * decade <= bins.length; decade++)
    ticks.push([1 + perDecade * decade, 10 ** decade]);
  return { counts: bins, ticks };
}

/** The bin's least latency in ms, and the least one beyond it. */
export function edgesOf(bin: number): readonly [number, number] {
  const edge = (i: number) => (i <= 0 ? 0 : Math.ceil(10 ** ((i - 1) / perDecade) - 1e-9));
  return [edge(bin), edge(bin + 1)];
}
