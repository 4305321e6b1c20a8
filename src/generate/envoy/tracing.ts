import type { Cluster, Gateway, Kgateway } from '../../contract/model.ts';
import { identity } from '../logged.ts';
import { type SpanTag, spanTags } from '../span-tags.ts';
import { typed } from './typed.ts';

/** The HTTP connection manager's tracing. What kgateway's pods have in their environment is fixed text in the resource here. */
export function tracing(
  gateway: Gateway,
  cluster: Cluster,
  kgateway: Kgateway,
  grpcService: object,
): object | undefined {
  const { tracing: t } = gateway;
  if (!t.enabled) return undefined;
  const attributes = Object.fromEntries(identity(gateway, cluster).map(({ name, value }) => [name, value]));
  return {
    provider: {
      name: 'envoy.tracers.opentelemetry',
      typed_config: typed('config.trace.v3.OpenTelemetryConfig', {
        grpc_service: grpcService,
        service_name: gateway.id,
        resource_detectors: [
          {
            name: 'envoy.tracers.opentelemetry.resource_detectors.static_config',
            typed_config: typed(
              'extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig',
              { attributes },
            ),
          },
        ],
      }),
    },
    client_sampling: { value: t.samplingPercent },
    random_sampling: { value: t.samplingPercent },
    overall_sampling: { value: 100 },
    spawn_upstream_span: t.upstreamSpans,
    max_path_tag_length: t.maxPathLength,
    custom_tags: spanTags(gateway, cluster, kgateway).map(customTag),
  };
}

function customTag({ name, from, absent }: SpanTag): object {
  const otherwise = absent === undefined ? {} : { default_value: absent };
  switch (from.kind) {
    case 'literal':
      return { tag: name, literal: { value: from.value } };
    case 'header':
      return { tag: name, request_header: { name: from.header, ...otherwise } };
    case 'environment':
      return { tag: name, environment: { name: from.variable, ...otherwise } };
    case 'route-metadata': {
      const key = { key: from.namespace, path: from.path.map((part) => ({ key: part })) };
      return { tag: name, metadata: { kind: { route: {} }, metadata_key: key, ...otherwise } };
    }
  }
}
