import type { Cluster } from '../../contract/model.ts';
import { env } from './env.ts';
import { secret } from './secrets.ts';

/** Makes Datadog's APM statistics of spans; before any sampling, or the statistics would be of the sample. */
export const apmConnector = 'datadog/connector';

/**
 * Datadog's exporter, one for all that goes there. A Collector of gateways is no host, so it is neither listed nor billed as one; the name only
 * keeps the series of two replicas apart. Counters arrive cumulative and the exporter makes deltas of them: the connector's own deltas come
 * several times a second, and Datadog keeps one point a second and series. `keep` because there are no start times to tell a first value by.
 * Sources: https://docs.datadoghq.com/opentelemetry/setup/collector_exporter/ and the exporter's README.
 */
export function datadogExporter(cluster: Cluster): object {
  const { datadog } = cluster.environment;
  if (datadog === undefined)
    throw new Error(`${cluster.name} sends to Datadog and its environment has no datadog settings`);
  return {
    api: { key: secret(datadog.apiKey), site: datadog.site },
    hostname: env('POD_NAME'),
    hostname_detection_timeout: '5s',
    host_metadata: { enabled: false },
    metrics: {
      histograms: { mode: 'distributions' },
      sums: { cumulative_monotonic_mode: 'to_delta', initial_cumulative_monotonic_value: 'keep' },
      resource_attributes_as_tags: false,
      instrumentation_scope_metadata_as_tags: false,
    },
    retry_on_failure: { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '0s' },
    sending_queue: {
      enabled: true,
      ...(cluster.collector.queue.persistent ? { storage: 'file_storage' } : {}),
      sizer: 'items',
      queue_size: cluster.collector.queue.persistent ? cluster.collector.queue.records : 50_000,
      // Their intake takes 3.2 MB of traces at once.
      batch: { flush_timeout: '10s', min_size: 100, max_size: 1000 },
    },
  };
}

/** Which of the three signals go to Datadog. */
export function datadogTakes({ environment: e }: Cluster): { metrics: boolean; logs: boolean; traces: boolean } {
  return { metrics: e.metrics.to === 'datadog', logs: e.logs.to === 'datadog', traces: e.traces.to === 'datadog' };
}

/** Statistics by kind of span, and for the services behind the gateway where it makes a span for each try. */
export const apmSettings = {
  traces: { compute_stats_by_span_kind: true, peer_tags_aggregation: true, bucket_interval: '10s' },
};
