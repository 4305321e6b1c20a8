import { edgesOf } from '../signals/edges.ts';
import type { SeriesId } from '../signals/series.ts';

/**
 * Series of one label set. Prometheus: a histogram has one for each edge, one for +Inf, a sum and a count. Datadog: a distribution is billed as five custom
 * metrics, and as ten once percentiles are switched on (https://docs.datadoghq.com/account_management/billing/custom_metrics/), which
 * `vigia apply` does for what boards ask percentiles of: all of ours.
 */
export function unitsOf(type: 'counter' | 'gauge' | 'histogram', id: SeriesId, to: 'datadog' | 'prometheus'): number {
  if (type !== 'histogram') return 1;
  return to === 'datadog' ? 10 : (edgesOf(id)?.length ?? 0) + 3;
}
