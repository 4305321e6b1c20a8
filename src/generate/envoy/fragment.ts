import type { Cluster, Gateway, Kgateway } from '../../contract/model.ts';
import { unreadStats } from '../unread-stats.ts';
import { accessLog } from './access-log.ts';
import { tracing } from './tracing.ts';
import { typed } from './typed.ts';

/** What a plain Envoy takes over for the contract, each part under the name of where it goes. */
export interface Fragment {
  /** Into every HttpConnectionManager. */
  readonly http_connection_manager: Readonly<Record<string, unknown>>;
  /** Into `static_resources.clusters`. */
  readonly clusters: readonly object[];
  /** Into the bootstrap. */
  readonly stats_config: object;
}

const collectorCluster = 'vigia_collector';

/** The same access log, tracing and stats as in kgateway's policy, in Envoy's own words. */
export function fragment(gateway: Gateway, cluster: Cluster, kgateway: Kgateway): Fragment {
  const grpcService = { envoy_grpc: { cluster_name: collectorCluster }, timeout: '5s' };
  const traced = tracing(gateway, cluster, kgateway, grpcService);
  return {
    http_connection_manager: {
      access_log: accessLog(gateway, cluster, kgateway, grpcService),
      ...(traced ? { tracing: traced } : {}),
      ...(gateway.idleTimeoutMs === undefined
        ? {}
        : { common_http_protocol_options: { idle_timeout: seconds(gateway.idleTimeoutMs) } }),
      ...(gateway.streamIdleTimeoutMs === undefined
        ? {}
        : { stream_idle_timeout: seconds(gateway.streamIdleTimeoutMs) }),
    },
    clusters: [collector(cluster)],
    stats_config: {
      stats_matcher: {
        exclusion_list: {
          patterns: unreadStats.map((s) => ('prefix' in s ? s : { safe_regex: { regex: s.safeRegex } })),
        },
      },
    },
  };
}

/** OTLP/gRPC needs HTTP/2 said explicitly: without it Envoy speaks HTTP/1.1 and nothing arrives. */
function collector({ collector: { service, namespace, port } }: Cluster): object {
  const socket_address = { address: `${service}.${namespace}.svc`, port_value: port };
  return {
    name: collectorCluster,
    type: 'STRICT_DNS',
    connect_timeout: '2s',
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
        'extensions.upstreams.http.v3.HttpProtocolOptions',
        {
          explicit_http_config: { http2_protocol_options: {} },
        },
      ),
    },
    load_assignment: {
      cluster_name: collectorCluster,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address } } }] }],
    },
  };
}

const seconds = (ms: number): string => `${ms / 1_000}s`;
