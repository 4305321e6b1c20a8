import type { Cluster } from '../../../contract/model.ts';
import { login } from '../auth.ts';
import { env } from '../env.ts';
import type { Part } from '../part.ts';
import type { Spelling } from '../versions.ts';

/** A quiet series must outlive a quiet day, or its counter starts again at nought and the first failure of the morning is not seen. */
export const quietSeries = '24h';

/** Where metrics go. */
export function metricExporters(cluster: Cluster, spelling: Spelling): Part {
  const { metrics } = cluster.environment;
  if (metrics.to === 'datadog') return { exporters: {} };
  if (metrics.mode === 'scrape')
    return {
      exporters: {
        prometheus: { endpoint: `${env('MY_POD_IP')}:8889`, metric_expiration: quietSeries, without_scope_info: true },
      },
    };
  const { settings, extensions } = login('metrics', metrics.auth, metrics.tenant);
  const http = {
    endpoint: metrics.url,
    ...(metrics.url?.startsWith('http:') ? { tls: { insecure: true } } : {}),
    ...settings,
  };
  return {
    extensions,
    exporters: {
      prometheus_remote_write: {
        ...(spelling.remoteWriteUnderHttp ? { http } : http),
        disable_scope_info: true,
        target_info: { enabled: false },
        // One request at a time: Prometheus refuses samples that come out of order.
        max_batch_request_parallelism: 1,
        remote_write_queue: { enabled: true, queue_size: 10_000 },
        retry_on_failure: { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '0s' },
      },
    },
  };
}
