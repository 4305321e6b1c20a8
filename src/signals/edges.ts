import { durationBuckets } from '../contract/duration-buckets.ts';
import type { SeriesId } from './series.ts';

/**
 * Envoy's own edges, in ms: kgateway sets no others. Read from a running Envoy by test/real/boards.
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/config/metrics/v3/stats.proto#config-metrics-v3-histogrambucketsettings
 */
const envoyEdges = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
] as const;

/** The edges of a histogram, in its unit; undefined for one whose program decides them itself. */
export function edgesOf(id: SeriesId): readonly number[] | undefined {
  if (id === 'duration' || id === 'handover') return durationBuckets;
  return id === 'upstreamTime' ? envoyEdges : undefined;
}
