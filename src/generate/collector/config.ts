import type { Cluster } from '../../contract/model.ts';
import { accessGroups, resourceGroup } from './access.ts';
import { signalToMetrics } from './connector.ts';
import { env } from './env.ts';
import { logExporters } from './exporters/logs.ts';
import { metricExporters, quietSeries } from './exporters/metrics.ts';
import { traceExporters } from './exporters/traces.ts';
import { labelGroups, labelsIn } from './labels.ts';
import { metricGroups, type Writer } from './metrics.ts';
import { type Group, groups } from './ottl.ts';
import { dropConditions } from './sampling.ts';
import { storeGroups } from './store.ts';
import { telemetry } from './telemetry.ts';
import { type Spelling, spellingOf } from './versions.ts';

type Components = Readonly<Record<string, object>>;

/** A Collector's whole configuration, before it is spelled as YAML. */
export function collectorConfig(cluster: Cluster): object {
  const spelling = spellingOf(cluster.collector.version);
  const labels = labelsIn(cluster);
  const stores = logExporters(cluster);
  const metrics = metricExporters(cluster, spelling);
  const traces = traceExporters(cluster);
  const derived = metricChain(cluster, spelling);
  const drop = dropConditions(cluster.accessLog.sampling);
  const storing = {
    ...(drop.length > 0 ? { 'filter/sampling': filter(drop) } : {}),
    'transform/store': transform('log_statements', storeGroups(cluster.accessLog, labels)),
  };
  const processors: Components = {
    memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
    // Before the connector and by this processor: it hands on from one goroutine, so that points stay in order (nothing is lost of parallel
    // connections), and the connector makes one point a series of 2000 records instead of 16.
    batch: { send_batch_size: 2048, timeout: '200ms' },
    'transform/access': transform('log_statements', groups(resourceGroup(), ...labelGroups(labels), ...accessGroups())),
    ...storing,
    ...derived,
  };
  const extensions: Components = {
    health_check: { endpoint: `${env('MY_POD_IP')}:13133` },
    ...(cluster.collector.queue.persistent
      ? {
          file_storage: {
            directory: env('QUEUE_DIR'),
            create_directory: true,
            compaction: { on_start: true, directory: env('QUEUE_DIR') },
          },
        }
      : {}),
    ...stores.extensions,
    ...metrics.extensions,
  };
  return {
    extensions,
    receivers: { otlp: otlpReceiver },
    processors,
    connectors: { signal_to_metrics: signalToMetrics(labels), 'forward/store': {} },
    exporters: { ...metrics.exporters, ...stores.exporters, ...traces.exporters },
    service: {
      extensions: Object.keys(extensions),
      telemetry: telemetry(),
      pipelines: {
        'logs/access': {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'batch', 'transform/access'],
          exporters: ['signal_to_metrics', 'forward/store'],
        },
        'logs/store': {
          receivers: ['forward/store'],
          processors: Object.keys(storing),
          exporters: Object.keys(stores.exporters),
        },
        'metrics/access': {
          receivers: ['signal_to_metrics'],
          processors: Object.keys(derived),
          exporters: Object.keys(metrics.exporters),
        },
        ...(Object.keys(traces.exporters).length > 0
          ? {
              traces: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: Object.keys(traces.exporters) },
            }
          : {}),
      },
    },
  };
}

/** Connections are renewed every minute, so that a new replica gets its share of gateways that never hang up. */
const otlpReceiver = {
  protocols: {
    grpc: {
      endpoint: `${env('MY_POD_IP')}:4317`,
      max_recv_msg_size_mib: 8,
      keepalive: { server_parameters: { max_connection_age: '60s', max_connection_age_grace: '10s' } },
    },
  },
};

/** From the connector's deltas to what the store takes. */
function metricChain(cluster: Cluster, spelling: Spelling): Components {
  const { metrics } = cluster.environment;
  const pushed: Writer | undefined =
    metrics.to === 'prometheus' && metrics.mode === 'remote-write'
      ? { name: 'vigia-collector', instance: env('POD_NAME') }
      : undefined;
  return {
    'transform/signals': transform('metric_statements', metricGroups(labelsIn(cluster), pushed)),
    [spelling.deltaToCumulative]: { max_stale: quietSeries, max_streams: 100_000 },
    // A scrape takes the last value; a push would write every series with every batch.
    ...(pushed ? { interval: { interval: '15s' } } : {}),
  };
}

const transform = (kind: 'log_statements' | 'metric_statements', list: readonly Group[]): object => ({
  error_mode: 'silent',
  [kind]: list,
});

/** The older form of the conditions is understood by every version. */
const filter = (conditions: readonly string[]): object => ({ error_mode: 'silent', log_conditions: conditions });
