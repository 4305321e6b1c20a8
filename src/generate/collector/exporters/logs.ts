import type { Cluster } from '../../../contract/model.ts';
import { login } from '../auth.ts';
import { env } from '../env.ts';
import type { Part } from '../part.ts';
import { queued } from '../queue.ts';

/** Where access logs are stored. */
export function logExporters(cluster: Cluster): Part {
  const { logs } = cluster.environment;
  const { collector } = cluster;
  switch (logs.to) {
    case 'file':
      return {
        exporters: {
          'file/logs': {
            path: logs.path,
            rotation: { max_megabytes: logs.maxMegabytes, max_backups: logs.maxBackups },
            create_directory: true,
          },
        },
      };
    case 'loki': {
      const { settings, extensions } = login('loki', logs.auth, logs.tenant);
      return {
        extensions,
        exporters: {
          // Loki takes OTLP below /otlp and wants gzip: not every version knows zstd.
          'otlp_http/loki': {
            endpoint: `${logs.url}/otlp`,
            compression: 'gzip',
            ...settings,
            ...queued(collector, { min: 2000, max: 4000 }),
          },
        },
      };
    }
    case 'cloudwatch': {
      const region = logs.region ?? cluster.region;
      const role = logs.roleArn;
      if (logs.via === 'exporter')
        return {
          exporters: {
            awscloudwatchlogs: {
              log_group_name: logs.group,
              log_stream_name: env('POD_NAME'),
              region,
              log_retention: logs.retentionDays,
              raw_log: logs.shape === 'flat',
              ...(role === undefined ? {} : { role_arn: role }),
              // One at a time: a batch is many calls, and its map of known streams is read without a lock (internal/aws/cwlogs v0.157.0).
              ...queued(collector, { min: 1000, max: 5000 }, 1),
            },
          },
        };
      return {
        extensions: {
          'sigv4auth/cloudwatch': {
            region,
            service: 'logs',
            ...(role === undefined ? {} : { assume_role: { arn: role, sts_region: region } }),
          },
        },
        exporters: {
          // 1 MB a request before compression, and a record is about 2 KB (the endpoint's own limits, `stores` of AWS' documentation).
          'otlp_http/cloudwatch': {
            logs_endpoint: `https://logs.${region}.amazonaws.com/v1/logs`,
            compression: 'gzip',
            headers: { 'x-aws-log-group': logs.group, 'x-aws-log-stream': env('POD_NAME') },
            auth: { authenticator: 'sigv4auth/cloudwatch' },
            ...queued(collector, { min: 100, max: 400 }),
          },
        },
      };
    }
    case 'datadog':
      return { exporters: {} };
  }
}
