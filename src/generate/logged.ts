import type { Cluster, Gateway, Kgateway, Label } from '../contract/model.ts';
import { flat } from '../contract/reserved-labels.ts';
import { type Field, fieldIds, fields, fileKey } from '../envoy/fields.ts';

/** A name and a text: fixed on a resource, one of Envoy's format strings on a record. */
export interface Named {
  readonly name: string;
  readonly value: string;
}

/**
 * Where a label travels in the access log: on the record, on the resource (fixed for the gateway), or not at all, because only the
 * Collector can know it (it asks the Kubernetes API for the pod's labels).
 */
export function carrier(label: Label): 'record' | 'resource' | 'collector' {
  if (label.from.kind === 'literal') return 'resource';
  return label.from.kind === 'pod-label' ? 'collector' : 'record';
}

/** The HTTPRoute of a request, where the control plane writes it into route metadata (kgateway 2.4, `enableRouteSourceMetadata`). */
export const routeSource = {
  key: 'dev.kgateway.route_source',
  name: { attribute: 'k8s.httproute.name', format: '%METADATA(ROUTE:dev.kgateway.route_source:name)%' },
  namespace: { attribute: 'k8s.httproute.namespace', format: '%METADATA(ROUTE:dev.kgateway.route_source:namespace)%' },
} as const;

/** Who speaks: on logs and traces alike. Envoy takes resource attributes literally, so no operator may stand here. */
export function identity(gateway: Gateway, cluster: Cluster): readonly Named[] {
  return [
    { name: 'service.name', value: gateway.id },
    { name: 'service.namespace', value: gateway.namespace },
    { name: 'deployment.environment.name', value: cluster.environment.name },
    { name: 'k8s.cluster.name', value: cluster.name },
    { name: 'k8s.namespace.name', value: gateway.namespace },
  ];
}

/** Resource attributes of the access log over OTLP: identity and the labels that are fixed for this gateway. */
export function logResource(gateway: Gateway, cluster: Cluster): readonly Named[] {
  return [
    ...identity(gateway, cluster),
    ...gateway.labels.flatMap((l) =>
      l.from.kind === 'literal' && (l.on.logs || l.on.metrics) ? [{ name: l.name, value: l.from.value }] : [],
    ),
  ];
}

/** Record attributes over OTLP: every field of the contract that OTLP does not carry itself, route source, labels, extra fields. */
export function logAttributes(gateway: Gateway, kgateway: Kgateway): readonly Named[] {
  const own = gateway.accessLog.fields.flatMap((id) => {
    const { name, operator, otlp }: Field = fields[id];
    return otlp || operator === '' ? [] : [{ name, value: operator }];
  });
  // A label that is on metrics alone is sent too: metrics are made of the records, and the Collector drops it before they are stored.
  const labels = gateway.labels.flatMap((l) => (l.on.logs || l.on.metrics ? operatorOf(l) : []));
  return [...own, ...source(kgateway), ...labels, ...extra(gateway)];
}

/** The JSON of the access log in a file: the same names with underscores. Fixed texts have their `%` doubled, which Envoy halves. */
export function logFile(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): Readonly<Record<string, string>> {
  const { accessLog, labels } = gateway;
  const own = fieldIds
    .filter((id) => accessLog.fields.includes(id) && fields[id].operator !== '')
    .map((id): [string, string] => [fileKey(id), fields[id].operator]);
  const fixed = [
    ...identity(gateway, cluster),
    ...labels.flatMap((l) => (l.from.kind === 'literal' && l.on.logs ? [{ name: l.name, value: l.from.value }] : [])),
  ].map(({ name, value }): [string, string] => [flat(name), value.replaceAll('%', '%%')]);
  const rest = [...source(kgateway), ...labels.flatMap((l) => (l.on.logs ? operatorOf(l) : [])), ...extra(gateway)];
  return Object.fromEntries([
    ...own,
    ...fixed,
    ...rest.map(({ name, value }): [string, string] => [flat(name), value]),
  ]);
}

function operatorOf(label: Label): readonly Named[] {
  const { from, name } = label;
  if (from.kind === 'header') return [{ name, value: `%REQ(${from.header}):${from.maxLength}%` }];
  if (from.kind === 'route-metadata')
    return [{ name, value: `%METADATA(ROUTE:${[from.namespace, ...from.path].join(':')})%` }];
  return [];
}

function source(kgateway: Kgateway): readonly Named[] {
  return kgateway.routeSource
    ? [routeSource.name, routeSource.namespace].map(({ attribute, format }) => ({ name: attribute, value: format }))
    : [];
}

function extra(gateway: Gateway): readonly Named[] {
  return gateway.accessLog.extraFields.map(({ name, format }) => ({ name, value: format }));
}
