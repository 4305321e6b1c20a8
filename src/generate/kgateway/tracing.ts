import type { Cluster, Gateway, Kgateway } from '../../contract/model.ts';
import { type SpanTag, spanTags } from '../span-tags.ts';
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
    attributes: spanTags(gateway, cluster, kgateway).map(attribute),
  };
}

function attribute({ name, from, absent }: SpanTag): object {
  const otherwise = absent === undefined ? {} : { defaultValue: absent };
  switch (from.kind) {
    case 'literal':
      return { name, literal: { value: from.value } };
    case 'header':
      return { name, requestHeader: { name: from.header, ...otherwise } };
    case 'environment':
      return { name, environment: { name: from.variable, ...otherwise } };
    case 'route-metadata': {
      const metadataKey = { key: from.namespace, path: from.path.map((key) => ({ key })) };
      return { name, metadata: { kind: 'Route', metadataKey, ...otherwise } };
    }
  }
}
