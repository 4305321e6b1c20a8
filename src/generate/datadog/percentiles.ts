import type { Artefact } from '../artefact.ts';

/** `p99:metric{...}` and `count(v: v<=0.25):metric{...}`. */
const asksForPercentiles = /(?:\bp\d{1,2}(?:\.\d{1,2})?|count\(v: v(?:<=|>)[\d.]+\)):([A-Za-z][\w.]*)/g;

/**
 * Datadog answers percentiles and thresholds of a distribution only after they were switched on for that metric; before, such a query has no data and no error.
 * They double what the metric is billed for, so: those that something generated asks for, and no other. One document for each metric of an environment,
 * as the API takes it (https://docs.datadoghq.com/api/latest/metrics/#create-a-tag-configuration). No tag is left out (an exclusion of nothing): an
 * OpenTelemetry metric's name may be other programs' too, and a list of tags would take theirs away.
 */
export function metricsWithPercentiles(asking: readonly Artefact[]): readonly Artefact[] {
  const found = new Map<string, string>();
  for (const { path, content } of asking) {
    const [, environment] = /^(?:dashboards|alerts)\/datadog\/([^/]+)\//.exec(path) ?? [];
    for (const [, metric = ''] of content.matchAll(asksForPercentiles))
      found.set(`dashboards/datadog/${environment}/metrics/${metric}.json`, metric);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, metric]) => ({ path, content: document(metric) }));
}

const document = (id: string): string =>
  `${JSON.stringify(
    {
      // No part of the request: it says whose file this is.
      meta: { tags: ['managed-by:vigia'] },
      data: {
        type: 'manage_tags',
        id,
        attributes: { metric_type: 'distribution', include_percentiles: true, exclude_tags_mode: true, tags: [] },
      },
    },
    null,
    2,
  )}\n`;
