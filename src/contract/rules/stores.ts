import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** Days that awscloudwatchlogs takes: internal/aws/cwlogs/utils.go of opentelemetry-collector-contrib v0.157.0, ValidateRetentionValue. */
const retentions = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 2192, 2557, 2922, 3288, 3653],
];

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
    if (logs.to === 'cloudwatch' && !retentions.includes(logs.retention)) {
      const longer = retentions.find((days) => days > logs.retention);
      yield {
        path: at('logs', 'retention'),
        message: `CloudWatch does not keep logs for ${logs.retention}d, and the Collector would not start`,
        hint: longer === undefined ? `at most ${retentions.at(-1)}d` : `the next longer is ${longer}d`,
      };
    }
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
