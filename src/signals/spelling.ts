import type { Signal } from './catalogue.ts';
import type { Series } from './series.ts';

/** How a signal reaches the store that is asked for it. */
export type Path = 'prometheus' | 'datadog';

/**
 * A signal's name in the store. Prometheus: dots become underscores, the unit and `_total` are appended, units in braces vanish, as the
 * Collector's exporters translate (seen in a real Prometheus, `test/real/pipeline.test.ts`); remote write and scrape are alike. Datadog keeps
 * the name. A histogram is `<name>_bucket`, `_sum` and `_count` in Prometheus and a distribution of that name in Datadog.
 */
export function metricName(
  signal: Pick<Signal, 'name' | 'unit'> & { readonly type: 'counter' | 'gauge' | 'histogram' },
  path: Path,
): string {
  if (path === 'datadog') return signal.name;
  const suffixes = [units[signal.unit] ?? '', signal.type === 'counter' ? 'total' : ''].filter((s) => s !== '');
  return [underscored(signal.name), ...suffixes].join('_');
}

/** A label's name in the store. */
export const labelName = (attribute: string, path: Path): string =>
  path === 'datadog' ? attribute : underscored(attribute);

/** OpenTelemetry's units as Prometheus spells them. */
const units: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', By: 'bytes' };

const underscored = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_');

/** How a series reaches the store that is asked: scraped by Prometheus itself, pushed to it by a Collector, or sent to Datadog by a Collector. */
export type SeriesPath = 'scrape' | 'remote-write' | 'datadog';

/**
 * A series' name in the store; a histogram's is what `_bucket`, `_sum` and `_count` are appended to in Prometheus. What a program exposes to a scrape
 * is stored as it is; a Collector that scraped it hands it on under the same name, and where it writes remotely appends `_total` to every counter that
 * does not end so (seen on an Envoy, a Collector and a Prometheus, test/real/boards/spelling.test.ts).
 */
export function seriesName(series: Series, path: SeriesPath): string {
  if (series.origin === 'access-log')
    return metricName(
      { ...series, type: series.type === 'histogram' ? 'histogram' : 'counter' },
      path === 'datadog' ? path : 'prometheus',
    );
  if (path === 'remote-write' && series.type === 'counter' && !series.name.endsWith('_total'))
    return `${series.name}_total`;
  return series.name;
}

/**
 * Labels that the Collector sets once more, under the signals' name, on what it scrapes for Datadog: groups meet there by their tags' names alone,
 * and no query can give them another. Prometheus renames in the query, so nothing is added for it.
 */
export const datadogTwins: Readonly<Record<string, string>> = { envoy_cluster_name: 'backend' };

/** A label's name in the store, from its attribute at the source. */
export const seriesLabelName = (attribute: string, path: SeriesPath): string =>
  path === 'datadog' ? (datadogTwins[attribute] ?? labelName(attribute, path)) : labelName(attribute, 'prometheus');
