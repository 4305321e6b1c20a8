import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** Where signals go, and what that needs. */
export function* stores(contract: Contract): Generator<Finding> {
  for (const [name, e] of Object.entries(contract.environments)) {
    const at = (...keys: string[]) => ['environments', name, ...keys];
    for (const signal of ['metrics', 'logs', 'traces'] as const)
      if (e[signal].to === 'datadog' && !e.datadog)
        yield {
          path: at(signal, 'to'),
          message: `datadog, but environments.${name}.datadog does not say which site and key`,
          against: at(),
          lacks: [at('datadog')],
          hint: 'datadog: { site: datadoghq.com, apiKey: { secret: NAME, key: KEY } }',
        };
    const { metrics, logs, traces } = e;
    if (metrics.to === 'prometheus') {
      if (metrics.mode === 'remote-write' && metrics.url === undefined)
        yield {
          path: at('metrics', 'mode'),
          message: 'remote-write needs metrics.url',
          hint: 'url: https://.../api/v1/write',
          lacks: [at('metrics', 'url')],
        };
      for (const key of ['url', 'tenant', 'auth'] as const)
        if (metrics.mode === 'scrape' && metrics[key] !== undefined)
          yield {
            path: at('metrics', key),
            message: `${key} is for remote-write, and this environment is scraped`,
            against: at('metrics', 'mode'),
            hint: 'mode: remote-write, or leave it out',
          };
    }
    if (logs.to === 'cloudwatch' && logs.via === 'otlp' && logs.shape === 'flat')
      yield { path: at('logs', 'shape'), message: 'flat is a shape of the exporter alone', against: at('logs', 'via') };
    if (logs.to === 'cloudwatch' && logs.region === undefined)
      for (const [cluster, c] of Object.entries(contract.clusters))
        if (c.environment === name && c.region === undefined)
          yield {
            path: at('logs', 'to'),
            message: `cloudwatch needs a region, and neither it nor cluster ${cluster} names one`,
            against: ['clusters', cluster],
            lacks: [at('logs', 'region'), ['clusters', cluster, 'region']],
          };
    if (traces.to === 'otlp' && traces.protocol === 'http' && !/^https?:\/\//.test(traces.endpoint))
      yield { path: at('traces', 'endpoint'), message: 'http needs a URL', against: at('traces', 'protocol') };
    if (traces.to === 'otlp' && traces.protocol === 'grpc' && !/^[^/]+:\d+$/.test(traces.endpoint))
      yield {
        path: at('traces', 'endpoint'),
        message: 'grpc needs host:port, without scheme or path',
        hint: 'for example tempo.monitoring:4317; or protocol: http',
      };
  }
}
