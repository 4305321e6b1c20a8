import { fieldIds, fields } from '../envoy/fields.ts';

/** Names that signals, stores and identity use themselves: a custom label of that name would overwrite or merge with another meaning. */
const others: readonly (readonly [whose: string, names: readonly string[]])[] = [
  [
    'identity',
    [
      'service.name',
      'service.namespace',
      'service.version',
      'service.instance.id',
      'deployment.environment.name',
      'k8s.cluster.name',
      'k8s.namespace.name',
      'k8s.pod.name',
      'k8s.container.name',
      'k8s.httproute.name',
      'k8s.httproute.namespace',
      'environment',
      'cluster',
      'gateway',
    ],
  ],
  ['a signal', ['route', 'backend', 'side', 'envoy.response_flag', 'envoy.response_flag.name', 'flag', 'status_class']],
  [
    'Prometheus',
    [
      'job',
      'instance',
      'le',
      'quantile',
      'exported_job',
      'exported_instance',
      // The operator puts these on every target; a signal's own would become exported_...
      'namespace',
      'pod',
      'container',
      'endpoint',
      'otel_scope_name',
      'alertname',
      'severity',
    ],
  ],
  ['Datadog', ['host', 'env', 'service', 'version', 'source', 'status']],
  ['Envoy', ['log_name', 'zone_name', 'cluster_name', 'node_name', 'trace_id', 'span_id']],
];

/** Two names that Prometheus and JSON files can't tell apart. */
export const flat = (name: string) => name.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();

const reserved = new Map<string, string>([
  ...others.flatMap(([whose, names]) => names.map((name): [string, string] => [flat(name), `of ${whose}`])),
  ...fieldIds.map((id): [string, string] => [flat(fields[id].name), `of the access-log field ${fields[id].name}`]),
]);

/** Whose name that is already: `of Prometheus`; undefined when it is free. */
export function takenBy(name: string): string | undefined {
  if (/^(vigia|datadog)[._]/.test(name)) return `of ${name.startsWith('vigia') ? 'vigia' : 'Datadog'}`;
  return reserved.get(flat(name));
}
