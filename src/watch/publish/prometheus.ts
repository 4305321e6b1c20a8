import type { Counter, Gauge, Registry } from 'prom-client';
import { labelName, metricName } from '../../signals/spelling.ts';
import type { OwnSignal } from '../../signals/verdicts.ts';
import { ownLabels } from '../../signals/verdicts.ts';
import type { Family, Labels } from '../totals.ts';

/** `/metrics`: the families as they stand, in Prometheus' text format. Loads prom-client. */
export async function exposition(
  signals: readonly OwnSignal[],
  identity: Labels,
  families: () => readonly Family[],
): Promise<{ readonly contentType: string; text(): Promise<string> }> {
  // A CommonJS package: bundled, its names are on the default export alone.
  const { Counter, Gauge, Registry } = (await import('prom-client')).default;
  const registry = new Registry();
  const made = new Map<string, Counter | Gauge>();
  for (const signal of signals) {
    const Metric = signal.type === 'counter' ? Counter : Gauge;
    made.set(
      signal.name,
      new Metric({
        name: metricName(signal, 'prometheus'),
        help: signal.description,
        labelNames: [...Object.keys(identity), ...signal.labels.map((id) => ownLabels[id].attribute)].map(spelled),
        registers: [registry],
      }),
    );
  }
  return { contentType: registry.contentType, text: () => render(registry, made, identity, families()) };
}

/** The library counts by itself; here it only writes, so each value is set anew. */
function render(
  registry: Registry,
  made: ReadonlyMap<string, Counter | Gauge>,
  identity: Labels,
  families: readonly Family[],
): Promise<string> {
  for (const metric of made.values()) metric.reset();
  for (const { signal, series } of families)
    for (const { labels, value } of series) {
      const all = Object.fromEntries(Object.entries({ ...identity, ...labels }).map(([k, v]) => [spelled(k), v]));
      made.get(signal.name)?.inc(all, value);
    }
  return registry.metrics();
}

const spelled = (attribute: string): string => labelName(attribute, 'prometheus');
