import { durationBuckets } from '../../contract/duration-buckets.ts';
import type { Cluster, Label } from '../../contract/model.ts';
import { fields } from '../../envoy/fields.ts';
import { type Signal, signals, signalsMade } from '../../signals/catalogue.ts';
import { derived, flagsCounted, identityLabels, labels, type SignalLabel, sourceOf } from '../../signals/labels.ts';
import { handoverMs, hasHandover } from './handover.ts';
import { isOnRecord, metricKey } from './labels.ts';
import { attribute } from './ottl.ts';

interface Key {
  readonly key: string;
  readonly default_value?: string;
}

/**
 * The signals as the connector that makes metrics of records wants them. Its lists of attributes are allow-lists, and each has a default,
 * because it does not count a record that lacks one. Metrics of the same name, unit and description become one metric.
 */
export function signalToMetrics(cluster: Cluster, custom: readonly Label[]): object {
  const onMetrics = custom.filter((l) => l.on.metrics);
  const fixed = {
    include_resource_attributes: [
      ...identityLabels.map((id) => keyOf(labels[id])),
      ...onMetrics.filter((l) => !isOnRecord(l)).map((l) => ({ key: l.name, default_value: l.absent })),
    ],
  };
  const own = onMetrics.filter(isOnRecord).map((l) => ({ key: metricKey(l), default_value: l.absent }));
  // silent: a value that is `-` is no error, it only does not count in a sum of such values.
  return {
    error_mode: 'silent',
    logs: signalsMade(cluster).flatMap((id) => {
      const signal: Signal = signals[id];
      return definitions(signal, cluster).map((d) => ({
        ...d,
        ...fixed,
        attributes: [...d.attributes, ...(signal.onDemand ? [] : own)],
      }));
    }),
  };
}

function definitions(signal: Signal, cluster: Cluster): readonly (object & { readonly attributes: readonly Key[] })[] {
  const { name, unit, description } = signal;
  const head = { name, unit, description };
  const attributes = signal.labels.filter((id) => id !== 'nthFlag' && id !== 'flagName').map((id) => keyOf(labels[id]));
  const sum = (value: string) => ({ sum: { value, monotonic: true } });
  switch (signal.value.kind) {
    case 'requests':
      return [{ ...head, attributes, ...sum('1') }];
    case 'flags':
      // Without a default: only a record that has an n-th flag is counted for it.
      return Array.from({ length: flagsCounted }, (_, i) => ({
        ...head,
        attributes: [{ key: derived.nthFlag(i + 1) }, ...attributes],
        ...sum('1'),
      }));
    case 'sum':
      return [{ ...head, attributes, ...sum(`Int(${attribute(fields[signal.value.field].name)})`) }];
    case 'distribution': {
      const value = `Double(${attribute(fields[signal.value.field].name)}) / ${signal.value.divideBy.toFixed(1)}`;
      const histogram = { buckets: durationBuckets, value };
      return [{ ...head, attributes, ...{ histogram } }];
    }
    case 'handover': {
      const value = `(${handoverMs}) / ${signal.value.divideBy.toFixed(1)}`;
      const histogram = { buckets: durationBuckets, value };
      return [{ ...head, attributes, ...{ conditions: [hasHandover(cluster)], histogram } }];
    }
  }
}

function keyOf(label: SignalLabel): Key {
  return { key: sourceOf(label), default_value: label.absent };
}
