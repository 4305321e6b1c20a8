import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse, stringify } from 'yaml';
import { seriesIds, seriesOf } from '../../../src/signals/series.ts';
import { cluster } from '../../lab/bootstrap.ts';
import { type JsonObject, typed } from '../../lab/json.ts';
import type { Site } from '../../lab/scenario.ts';

/** Nothing listens there. */
const closedPort = 9;

const filter = (name: string, type: string, config: JsonObject): JsonObject => ({
  name: `envoy.filters.http.${name}`,
  typed_config: typed(`filters.http.${type}`, config),
});

/** An authorizer and a limiter that are down, and filters that let requests through then: no scenario of the lab does, and it is counted. */
export const failingOpen = (backend: number, send: (port: number) => Promise<unknown>): Site => ({
  endpoints: [backend],
  filters: [
    filter('ext_authz', 'ext_authz.v3.ExtAuthz', {
      failure_mode_allow: true,
      http_service: { server_uri: { uri: 'http://auth.example.com', cluster: 'auth_gone', timeout: '0.5s' } },
    }),
    filter('ratelimit', 'ratelimit.v3.RateLimit', {
      domain: 'lab',
      timeout: '0.5s',
      rate_limit_service: {
        transport_api_version: 'V3',
        grpc_service: { envoy_grpc: { cluster_name: 'limits_gone' } },
      },
    }),
  ],
  action: { rate_limits: [{ actions: [{ generic_key: { descriptor_value: 'all' } }] }] },
  moreClusters: [cluster('auth_gone', [closedPort]), cluster('limits_gone', [closedPort], {}, true)],
  run: send,
});

/** As every kgateway proxy has it: listeners and clusters from a control plane, which is away here. */
export const controlPlane: JsonObject = {
  dynamic_resources: {
    ads_config: {
      api_type: 'GRPC',
      transport_api_version: 'V3',
      grpc_services: [{ envoy_grpc: { cluster_name: 'control_plane' } }],
    },
    lds_config: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '1s' },
    cds_config: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '1s' },
  },
};
export const controlPlaneCluster = cluster('control_plane', [closedPort], {}, true);

export interface Page {
  readonly port: number;
  close(): void;
}

/** kgateway's control plane needs a cluster: its series as the catalogue has them, made up, so that their way through a Collector is seen. */
export async function kgatewayPage(): Promise<Page> {
  const lines = seriesIds.flatMap((id) => {
    const { origin, name, type, labels } = seriesOf(id);
    if (origin !== 'kgateway') return [];
    const own = Object.entries(labels).filter(([l]) => !['environment', 'cluster', 'instance'].includes(l));
    const of = (suffix = '', more = ''): string =>
      `${name}${suffix}{${[...own.map(([l, attribute]) => `${attribute}="${l}"`), more].filter((t) => t !== '').join(',')}} 1`;
    if (type !== 'histogram') return [`# TYPE ${name} ${type}`, of()];
    return [`# TYPE ${name} histogram`, of('_bucket', 'le="1"'), of('_bucket', 'le="+Inf"'), of('_sum'), of('_count')];
  });
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(`${lines.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

interface Config {
  receivers: Record<string, { config: { scrape_configs: Record<string, unknown>[] } }>;
  processors: Record<string, Record<string, unknown>>;
  exporters: Record<string, unknown>;
  service: { pipelines: Record<string, { receivers?: string[]; exporters: string[] }> };
}

/**
 * The generated configuration where there is no Kubernetes: pods to scrape are named instead of found. Two stores that
 * are away, one of them with a queue of one record, make the Collector count what it counts only then, and so does a limit
 * of series that the traffic is above. `seen` is a file of the metrics as any exporter is handed them.
 */
export function withoutKubernetes(
  text: string,
  targets: { readonly envoy: string; readonly kgateway: string },
  seen: string,
  /** What Datadog's environments do to each program's series, by job: they go to `needed` beside the rest, which is kept whole. */
  relabels: ReadonlyMap<string, unknown>,
  needed: string,
): string {
  const config = parse(text) as Config;
  for (const job of config.receivers['prometheus']?.config.scrape_configs ?? []) {
    const envoy = job['job_name'] === 'envoy';
    if (job['kubernetes_sd_configs'] === undefined) continue;
    delete job['kubernetes_sd_configs'];
    const all = job['relabel_configs'] as Record<string, unknown>[];
    job['relabel_configs'] = all.filter((r) => r['source_labels'] === undefined);
    job['static_configs'] = [
      { targets: [envoy ? targets.envoy : targets.kgateway], ...(envoy ? { labels: { gateway: 'edge.lab' } } : {}) },
    ];
    if (envoy) job['metrics_path'] = '/stats/prometheus';
  }
  const jobs = config.receivers['prometheus']?.config.scrape_configs ?? [];
  const asDatadog = jobs.map((job) => ({ ...job, metric_relabel_configs: relabels.get(String(job['job_name'])) }));
  config.receivers['prometheus/needed'] = { config: { scrape_configs: asDatadog } };
  const away = { endpoint: `http://127.0.0.1:${closedPort}`, retry_on_failure: { enabled: false } };
  config.exporters['otlp_http/away'] = away;
  config.exporters['otlp_http/full'] = { ...away, sending_queue: { queue_size: 1, num_consumers: 1, sizer: 'items' } };
  for (const name of ['logs/store', 'metrics/access'])
    config.service.pipelines[name]?.exporters.push('otlp_http/away', 'otlp_http/full');
  config.exporters['file/seen'] = { path: seen };
  config.exporters['file/needed'] = { path: needed };
  config.service.pipelines['metrics/access']?.exporters.push('file/seen');
  config.service.pipelines['metrics/needed'] = { receivers: ['prometheus/needed'], exporters: ['file/needed'] };
  const accumulating = config.processors['deltatocumulative'];
  if (accumulating) accumulating['max_streams'] = 300;
  return stringify(config);
}
