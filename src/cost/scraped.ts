import type { Cluster } from '../contract/model.ts';
import { type ScrapedId, type ScrapedSeries, scraped } from '../signals/scraped.ts';
import { unitsOf } from './units.ts';
import type { Workload } from './workload.ts';

/**
 * What one Envoy exposes of a backend that has failed and been tried again, of the kind that kgateway asks for (`usedonly`), and beside its backends, with two
 * listeners: counters and gauges, and histograms, each with twenty buckets. Seen on an Envoy 1.40 with its defaults, where a backend that only works has 26 and
 * three (test/real/boards/spelling.test.ts).
 */
export const envoyExposes = { backend: { plain: 40, histograms: 6 }, beside: { plain: 90, histograms: 9 } } as const;

/** Envoy's own series, which each pod of a gateway has. */
export interface ScrapedCost {
  readonly kept: 'needed' | 'all';
  readonly perBackend: number;
  readonly perPod: number;
  readonly series: number;
  /** With the other setting of `metrics.scraped`. */
  readonly otherwise: number;
}

export function scrapedOf(cluster: Cluster, { proxied, pods }: Workload): ScrapedCost {
  const { to, scraped: kept } = cluster.environment.metrics;
  const counted = (which: 'needed' | 'all') => {
    const { perBackend, perPod } = which === 'needed' ? needed(to) : all(to);
    return { perBackend, perPod, series: perBackend * proxied + perPod * pods };
  };
  return { kept, ...counted(kept), otherwise: counted(kept === 'needed' ? 'all' : 'needed').series };
}

function needed(to: 'datadog' | 'prometheus'): { perBackend: number; perPod: number } {
  let perBackend = 0;
  let perPod = 0;
  for (const [id, series] of Object.entries(scraped) as [ScrapedId, ScrapedSeries][]) {
    if (series.origin !== 'envoy') continue;
    const units = unitsOf(series.type, id, to);
    if ('backend' in series.labels) perBackend += units;
    else perPod += units;
  }
  return { perBackend, perPod };
}

function all(to: 'datadog' | 'prometheus'): { perBackend: number; perPod: number } {
  // Percentiles of what nobody asks stay off; Prometheus has every bucket.
  const histogram = to === 'datadog' ? 5 : unitsOf('histogram', 'upstreamTime', to);
  const of = ({ plain, histograms }: { readonly plain: number; readonly histograms: number }) =>
    plain + histograms * histogram;
  return { perBackend: of(envoyExposes.backend), perPod: of(envoyExposes.beside) };
}
