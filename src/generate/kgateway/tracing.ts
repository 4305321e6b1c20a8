import type { Cluster, Gateway, Kgateway, Label, TraceAttribute } from '../../contract/model.ts';
import { identity, routeSource } from '../logged.ts';
import { collectorReference } from './collector-reference.ts';

/** Tracing of one gateway: to the Collector, with the identity and the labels that the access log has too. */
export function tracing(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): object | undefined {
  const { tracing: t } = gateway;
  if (!t.enabled) return undefined;
  return {
    provider: {
      openTelemetry: { serviceName: gateway.id, grpcService: { backendRef: collectorReference(cluster) } },
    },
    // All three are 100 % unless said otherwise. Clients may ask for a trace with a header: as often as anybody, not more.
    clientSampling: t.samplingPercent,
    randomSampling: t.samplingPercent,
    overallSampling: 100,
    spawnUpstreamSpan: t.upstreamSpans,
    maxPathTagLength: t.maxPathLength,
    attributes: [
      ...identity(gateway, cluster)
        .filter(({ name }) => !name.startsWith('service.') && name !== 'k8s.namespace.name')
        .map(({ name, value }) => ({ name, literal: { value } })),
      ...(kgateway.routeSource ? sourceTags : []),
      ...gateway.labels.flatMap((l) => (l.on.traces ? labelTag(l) : [])),
      ...t.attributes.map(attributeTag),
    ],
  };
}

const sourceTags = (['name', 'namespace'] as const).map((key) => ({
  name: routeSource[key].attribute,
  metadata: { kind: 'Route', metadataKey: { key: 'dev.kgateway.route_source', path: [{ key }] } },
}));

/** A label as a span attribute; a pod's label is the Collector's to add. */
function labelTag({ name, from, absent }: Label): readonly object[] {
  switch (from.kind) {
    case 'literal':
      return [{ name, literal: { value: from.value } }];
    case 'header':
      return [{ name, requestHeader: { name: from.header, defaultValue: absent } }];
    case 'route-metadata': {
      const path = from.path.map((key) => ({ key }));
      return [{ name, metadata: { kind: 'Route', metadataKey: { key: from.namespace, path }, defaultValue: absent } }];
    }
    case 'pod-label':
      return [];
  }
}

function attributeTag({ name, from }: TraceAttribute): object {
  switch (from.kind) {
    case 'literal':
      return { name, literal: { value: from.value } };
    case 'header':
      return { name, requestHeader: { name: from.header, ...withDefault(from.absent) } };
    case 'environment':
      return { name, environment: { name: from.variable, ...withDefault(from.absent) } };
  }
}

const withDefault = (absent: string | undefined) => (absent === undefined ? {} : { defaultValue: absent });
