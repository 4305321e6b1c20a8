import type { Cluster, Kgateway } from '../../contract/model.ts';
import { signalToMetrics } from './connector.ts';
import { apmConnector, apmSettings, datadogExporter, datadogTakes } from './datadog.ts';
import { env } from './env.ts';
import { logExporters } from './exporters/logs.ts';
import { metricExporters } from './exporters/metrics.ts';
import { traceExporters } from './exporters/traces.ts';
import { labelsIn } from './labels.ts';
import { type Components, names } from './part.ts';
import { accessProcessors, memoryLimiter, metricProcessors, storeProcessors, traceProcessors } from './processors.ts';
import { scrapeReceiver } from './scrape.ts';
import { telemetry } from './telemetry.ts';
import { spellingOf } from './versions.ts';

/** A Collector's whole configuration, before it is spelled as YAML. */
export function collectorConfig(cluster: Cluster, kgateway: Kgateway): object {
  const spelling = spellingOf(cluster.collector.version);
  const labels = labelsIn(cluster);
  const takes = datadogTakes(cluster);
  const datadog: Components = takes.metrics || takes.logs || takes.traces ? { datadog: datadogExporter(cluster) } : {};
  const parts = {
    logs: logExporters(cluster),
    metrics: metricExporters(cluster, spelling),
    traces: traceExporters(cluster),
  };
  const to = (signal: keyof typeof parts) => [...names(parts[signal].exporters), ...(takes[signal] ? ['datadog'] : [])];
  const access = accessProcessors(labels);
  const store = storeProcessors(cluster, labels);
  const derived = metricProcessors(cluster, labels, spelling);
  const spans = traceProcessors(labels);
  const scraped = scrapeReceiver(cluster, kgateway);
  const pushed = pushedProcessors(cluster);
  const traced = to('traces').length > 0;
  const extensions: Components = {
    health_check: { endpoint: `${env('MY_POD_IP')}:13133` },
    ...(cluster.collector.queue.persistent ? { file_storage: fileStorage } : {}),
    ...parts.logs.extensions,
    ...parts.metrics.extensions,
  };
  const pipelines: Components = {
    'logs/access': {
      receivers: ['otlp'],
      processors: names(access),
      exporters: ['signal_to_metrics', 'forward/store'],
    },
    'logs/store': { receivers: ['forward/store'], processors: names(store), exporters: to('logs') },
    'metrics/access': { receivers: ['signal_to_metrics'], processors: names(derived), exporters: to('metrics') },
    ...(scraped
      ? { 'metrics/scraped': { receivers: ['prometheus'], processors: ['memory_limiter'], exporters: to('metrics') } }
      : {}),
    ...(pushed
      ? { 'metrics/pushed': { receivers: ['otlp'], processors: names(pushed), exporters: to('metrics') } }
      : {}),
    ...(traced ? tracePipelines(takes.traces, names(spans), to('traces')) : {}),
  };
  return {
    extensions,
    receivers: { otlp: otlpReceiver, ...(scraped ? { prometheus: scraped } : {}) },
    processors: { ...access, ...store, ...derived, ...pushed, ...(traced ? spans : {}) },
    connectors: {
      signal_to_metrics: signalToMetrics(cluster, labels),
      'forward/store': {},
      ...(takes.traces ? { [apmConnector]: apmSettings } : {}),
    },
    exporters: { ...parts.metrics.exporters, ...parts.logs.exporters, ...parts.traces.exporters, ...datadog },
    service: { extensions: names(extensions), telemetry: telemetry(), pipelines },
  };
}

/** Datadog's statistics are made of all spans and go out as metrics of their own, past the chain that makes counters cumulative. */
function tracePipelines(apm: boolean, processors: readonly string[], exporters: readonly string[]): Components {
  if (!apm) return { traces: { receivers: ['otlp'], processors, exporters } };
  return {
    traces: { receivers: ['otlp'], processors, exporters: [apmConnector, ...exporters] },
    'metrics/apm': { receivers: [apmConnector], exporters: ['datadog'] },
  };
}

/**
 * For metrics that `vigia watch` pushes; undefined where Prometheus scrapes: of two replicas one would go on showing an old value, so there it scrapes
 * `vigia watch` itself. Datadog keeps no resource attribute that tells two senders apart, so the point carries it.
 */
function pushedProcessors({ environment: { metrics } }: Cluster): Components | undefined {
  if (metrics.to === 'prometheus') return metrics.mode === 'scrape' ? undefined : { memory_limiter: memoryLimiter };
  const instance =
    'set(datapoint.attributes["instance"], resource.attributes["service.instance.id"]) where resource.attributes["service.instance.id"] != nil';
  return {
    memory_limiter: memoryLimiter,
    'transform/pushed': { error_mode: 'silent', metric_statements: [{ statements: [instance] }] },
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

const fileStorage = {
  directory: env('QUEUE_DIR'),
  create_directory: true,
  compaction: { on_start: true, directory: env('QUEUE_DIR') },
};
