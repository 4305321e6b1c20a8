import type { MetricData, MetricProducer, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { Family, Labels } from '../totals.ts';

/**
 * The families as metrics of OpenTelemetry, all cumulative. They are not counted by the SDK's instruments, because those would give every
 * series the start of the process: a counter that goes on after a restart keeps its own, and a reader of start times sees no reset.
 */
export async function producerOf(
  identity: Labels,
  families: () => readonly Family[],
  now: () => number,
): Promise<MetricProducer> {
  const [{ AggregationTemporality, DataPointType }, { ValueType }, { emptyResource }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/api'),
    import('@opentelemetry/resources'),
  ]);
  const time = (ms: number): [number, number] => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
  return {
    async collect() {
      const metrics = families().map(({ signal, series }): MetricData => {
        const counter = signal.type === 'counter';
        const whole = signal.unit.startsWith('{') || signal.unit === 'By';
        return {
          descriptor: {
            name: signal.name,
            unit: signal.unit,
            description: signal.description,
            valueType: whole ? ValueType.INT : ValueType.DOUBLE,
          },
          aggregationTemporality: AggregationTemporality.CUMULATIVE,
          ...(counter
            ? { dataPointType: DataPointType.SUM, isMonotonic: true }
            : { dataPointType: DataPointType.GAUGE }),
          dataPoints: series.map((s) => ({
            startTime: time(s.since),
            endTime: time(Math.max(now(), s.since)),
            attributes: { ...identity, ...s.labels },
            value: s.value,
          })),
        };
      });
      return {
        resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope: { name: 'vigia' }, metrics }] },
        errors: [],
      };
    },
  };
}

/** The exporter, and a call for each push: taken or not. Nothing is lost by one that was not: the next holds the same totals and more. */
export function tellingFailures(
  exporter: PushMetricExporter,
  failed: (reason: string) => void,
  taken: () => void,
): PushMetricExporter {
  return {
    export: (metrics, done) =>
      exporter.export(metrics, (result) => {
        if (result.code === 0) taken();
        else failed(result.error?.message ?? 'no reason given');
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
