import type { Cluster, Gateway, Kgateway, Label, TraceAttribute } from '../contract/model.ts';
import { identity, routeSource } from './logged.ts';

/** A span attribute and where Envoy takes its value; `absent` is what it gets without one. */
export interface SpanTag {
  readonly name: string;
  readonly from:
    | { readonly kind: 'literal'; readonly value: string }
    | { readonly kind: 'header'; readonly header: string }
    | { readonly kind: 'environment'; readonly variable: string }
    | { readonly kind: 'route-metadata'; readonly namespace: string; readonly path: readonly string[] };
  readonly absent: string | undefined;
}

/** The spans' attributes beside Envoy's own: identity, the HTTPRoute, the labels that are on traces, and the contract's further ones. */
export function spanTags(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): readonly SpanTag[] {
  return [
    ...identity(gateway, cluster)
      // These two a span's resource always has.
      .filter(({ name }) => !name.startsWith('service.') && name !== 'k8s.namespace.name')
      .map(({ name, value }): SpanTag => ({ name, from: { kind: 'literal', value }, absent: undefined })),
    ...(kgateway.routeSource ? source : []),
    ...gateway.labels.flatMap((l) => (l.on.traces ? labelTag(l) : [])),
    ...gateway.tracing.attributes.map(attributeTag),
  ];
}

const source = (['name', 'namespace'] as const).map(
  (key): SpanTag => ({
    name: routeSource[key].attribute,
    from: { kind: 'route-metadata', namespace: routeSource.key, path: [key] },
    absent: undefined,
  }),
);

/** A pod's label is the Collector's to add. */
function labelTag({ name, from, absent }: Label): readonly SpanTag[] {
  switch (from.kind) {
    case 'literal':
      return [{ name, from, absent: undefined }];
    case 'header':
      return [{ name, from: { kind: 'header', header: from.header }, absent }];
    case 'route-metadata':
      return [{ name, from, absent }];
    case 'pod-label':
      return [];
  }
}

function attributeTag({ name, from }: TraceAttribute): SpanTag {
  return { name, from, absent: from.kind === 'literal' ? undefined : from.absent };
}
