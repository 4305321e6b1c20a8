import { storedLabel } from '../../../boards/query/context.ts';
import type { Query } from '../../../boards/query/expression.ts';
import { labelsOf, selectionsOf } from '../../../boards/query/shape.ts';
import type { At } from './measured.ts';

/**
 * Whether a query's groups have the same tags on all sides: the signals call a backend `backend`, Envoy's statistics `envoy_cluster_name`, and
 * Datadog matches groups by tags alone, with no way to name them anew.
 */
export function meets(query: Query, { context, scope }: At): boolean {
  const compiled = { labels: context.labels, scope };
  return labelsOf(query).every((label) => {
    const tags = selectionsOf(query).map((s) => storedLabel(s.series, label, 'datadog', compiled));
    return new Set(tags).size <= 1;
  });
}
