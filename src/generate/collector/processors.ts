import type { Cluster, Label } from '../../contract/model.ts';
import { accessGroups, resourceGroup } from './access.ts';
import { env } from './env.ts';
import { quietSeries } from './exporters/metrics.ts';
import { labelGroups } from './labels.ts';
import { metricGroups, type Writer } from './metrics.ts';
import { type Group, groups } from './ottl.ts';
import type { Components } from './part.ts';
import { podLabels } from './pod-labels.ts';
import { dropConditions } from './sampling.ts';
import { storeGroups } from './store.ts';
import { traceGroups } from './traces.ts';
import type { Spelling } from './versions.ts';

export const memoryLimiter = { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 };

/** What every record goes through before metrics are made of it. */
export function accessProcessors(labels: readonly Label[]): Components {
  const pods = podLabels(labels);
  const decode = [...labelGroups(labels), ...accessGroups()];
  return {
    memory_limiter: memoryLimiter,
    // Before the connector and by this processor: it hands on from one goroutine, so that points stay in order (nothing is lost of parallel
    // connections), and the connector makes one point a series of thousands of records instead of 16. The time bounds what a crash loses.
    batch: { send_batch_size: 8192, timeout: '200ms' },
    // The pod's name must be there before its labels can be asked for.
    ...(pods
      ? { 'transform/resource': transform('log_statements', groups(resourceGroup())), k8s_attributes: pods }
      : {}),
    'transform/access': transform('log_statements', groups(...(pods ? [] : [resourceGroup()]), ...decode)),
  };
}

/** What a record goes through after metrics were made, before it is stored. */
export function storeProcessors(cluster: Cluster, labels: readonly Label[]): Components {
  const drop = dropConditions(cluster.accessLog.sampling);
  return {
    ...(drop.length > 0 ? { 'filter/sampling': { error_mode: 'silent', log_conditions: drop } } : {}),
    'transform/store': transform('log_statements', storeGroups(cluster, labels)),
  };
}

/** From the connector's deltas to what the store takes. */
export function metricProcessors(cluster: Cluster, labels: readonly Label[], spelling: Spelling): Components {
  const { metrics } = cluster.environment;
  const scraped = metrics.to === 'prometheus' && metrics.mode === 'scrape';
  const pushed: Writer = metrics.to === 'datadog' ? 'datadog' : { name: 'vigia-collector', instance: env('POD_NAME') };
  const writer = scraped ? 'scraped' : pushed;
  return {
    'transform/signals': transform('metric_statements', metricGroups(labels, writer)),
    [spelling.deltaToCumulative]: { max_stale: quietSeries, max_streams: 100_000 },
    // A scrape takes the last value; a push would write every series with every batch. Datadog keeps one point in ten seconds well.
    ...(scraped ? {} : { interval: { interval: metrics.to === 'datadog' ? '10s' : '15s' } }),
  };
}

/** What a span goes through. */
export function traceProcessors(labels: readonly Label[]): Components {
  return {
    memory_limiter: memoryLimiter,
    'transform/traces': transform('trace_statements', traceGroups(labels)),
  };
}

type Kind = 'log_statements' | 'metric_statements' | 'trace_statements';

/** silent: a value that is `-` is no error, and a statement that can't be applied to it changes nothing. */
const transform = (kind: Kind, list: readonly Group[]): object => ({ error_mode: 'silent', [kind]: list });
