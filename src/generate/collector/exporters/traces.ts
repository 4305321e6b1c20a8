import type { Cluster } from '../../../contract/model.ts';
import type { Part } from '../part.ts';
import { queued } from '../queue.ts';
import { secret } from '../secrets.ts';

/** Where traces go; none when the contract says so. */
export function traceExporters(cluster: Cluster): Part {
  const { traces } = cluster.environment;
  if (traces.to !== 'otlp') return { exporters: {} };
  const { endpoint, protocol, insecure, headers } = traces;
  return {
    exporters: {
      [`${protocol === 'grpc' ? 'otlp_grpc' : 'otlp_http'}/traces`]: {
        endpoint,
        ...(insecure ? { tls: { insecure: true } } : {}),
        ...(headers.length > 0 ? { headers: Object.fromEntries(headers.map((h) => [h.name, secret(h.value)])) } : {}),
        compression: 'gzip',
        ...queued(cluster.collector, { min: 2000, max: 4000 }),
      },
    },
  };
}
