import type { Environment, Logs, Metrics } from '../model.ts';
import type { Contract } from '../schema/index.ts';

type Written = Contract['environments'][string];

/** Where an environment's signals go. */
export function resolveEnvironment(name: string, e: Written): Environment {
  return {
    name,
    metrics: metrics(e.metrics),
    logs: logs(e.logs),
    traces: e.traces,
    datadog: e.datadog,
    grafana: e.grafana && { url: e.grafana.url, folder: e.grafana.folder, v2: e.grafana.v2 },
  };
}

function metrics(m: Written['metrics']): Metrics {
  if (m.to === 'datadog') return m;
  return {
    to: 'prometheus',
    mode: m.mode,
    url: m.url,
    tenant: m.tenant,
    auth: m.auth ?? { kind: 'none' },
    retentionDays: m.retention,
    scrapeIntervalMs: m.scrapeInterval,
    scraped: m.scraped,
    operatorLabels: m.operatorLabels,
  };
}

function logs(l: Written['logs']): Logs {
  switch (l.to) {
    case 'cloudwatch':
      return {
        to: 'cloudwatch',
        group: l.group,
        region: l.region,
        retentionDays: l.retention,
        via: l.via,
        shape: l.shape,
        roleArn: l.roleArn,
      };
    case 'loki':
      return { to: 'loki', url: l.url.replace(/\/+$/, ''), tenant: l.tenant, auth: l.auth ?? { kind: 'none' } };
    default:
      return l;
  }
}
