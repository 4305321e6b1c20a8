import type { Signal } from './catalogue.ts';

/** How a signal reaches the store that is asked for it. */
export type Path = 'prometheus' | 'datadog';

/**
 * A signal's name in the store. Prometheus: dots become underscores, the unit and `_total` are appended, units in braces vanish, as the
 * Collector's exporters translate (seen in a real Prometheus, `test/real/pipeline.test.ts`); remote write and scrape are alike. Datadog keeps
 * the name. A histogram is `<name>_bucket`, `_sum` and `_count` in Prometheus and a distribution of that name in Datadog.
 */
export function metricName(signal: Signal, path: Path): string {
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
