import { accessLoggers } from './formats.ts';
import { type Json, type JsonObject, merge, typed } from './json.ts';
import type { Endpoint, Site } from './scenario.ts';

const loopback = (port: number): JsonObject => ({ socket_address: { address: '127.0.0.1', port_value: port } });

const http2Options: JsonObject = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed('upstreams.http.v3.HttpProtocolOptions', {
    explicit_http_config: { http2_protocol_options: {} },
  }),
};

/** A static cluster; also used for a filter's helper services. */
export function cluster(
  name: string,
  hosts: readonly (number | Endpoint)[],
  over: JsonObject = {},
  http2 = false,
): JsonObject {
  const endpoints = hosts.map((host) => {
    const { address, port } = typeof host === 'number' ? { address: '127.0.0.1', port: host } : host;
    return { endpoint: { address: { socket_address: { address, port_value: port } } } };
  });
  const base: JsonObject = {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
    ...(http2 ? { typed_extension_protocol_options: http2Options } : {}),
  };
  return merge(base, over);
}

/** The cluster of a scenario. */
export const clusterName = (scenario: string): string => `cluster_${scenario.replaceAll('-', '_')}`;
/** The route of a scenario. */
export const routeName = (scenario: string): string => `route-${scenario}`;

const router: JsonObject = { name: 'envoy.filters.http.router', typed_config: typed('filters.http.router.v3.Router') };

function route(name: string, site: Site): JsonObject {
  const base: JsonObject = { name: routeName(name), match: { prefix: '/' } };
  const own = site.route ?? {};
  const acts = 'direct_response' in own || 'redirect' in own;
  return merge(acts ? base : merge(base, { route: merge({ cluster: clusterName(name) }, site.action) }), own);
}

/** What a test of more than Envoy puts beside the lab's own: access loggers of each scenario, and clusters they send to. */
export interface Beside {
  loggers(scenario: string): readonly Json[];
  /** Merged into the connection manager: tracing. */
  more?(scenario: string): JsonObject;
  readonly clusters: readonly JsonObject[];
}

function listener(name: string, site: Site, logDir: string, beside: Beside | undefined): JsonObject {
  const hcm = merge(
    {
      ...beside?.more?.(name),
      stat_prefix: name.replaceAll('-', '_'),
      codec_type: 'AUTO',
      access_log: [...accessLoggers(logDir), ...(beside?.loggers(name) ?? [])],
      http_filters: [...(site.filters ?? []), router],
      route_config: {
        name,
        virtual_hosts: [{ name, domains: ['*'], routes: [route(name, site)] }],
      },
    },
    site.hcm,
  );
  const filters = [
    {
      name: 'envoy.filters.network.http_connection_manager',
      typed_config: typed('filters.network.http_connection_manager.v3.HttpConnectionManager', hcm),
    },
  ];
  // Port 0: the kernel picks a free one and the admin interface tells which, so labs never collide.
  return merge({ name, address: loopback(0), filter_chains: [{ filters }] }, site.listener);
}

/**
 * One Envoy for many scenarios. Each has a listener of its own: the local address in the log then says which scenario a line belongs
 * to even when the request was too broken to have a route, a path or an id.
 */
export function bootstrap(
  sites: ReadonlyMap<string, Site>,
  logDir: string,
  over: JsonObject = {},
  beside?: Beside,
): JsonObject {
  const listeners: Json[] = [];
  const clusters: Json[] = [...(beside?.clusters ?? [])];
  let runtime: Record<string, Json> = {};
  for (const [name, site] of sites) {
    listeners.push(listener(name, site, logDir, beside));
    clusters.push(cluster(clusterName(name), site.endpoints ?? [], site.cluster, site.http2));
    clusters.push(...(site.moreClusters ?? []));
    runtime = { ...runtime, ...site.runtime };
  }
  return merge(
    {
      node: { id: 'lab', cluster: 'lab' },
      admin: { address: loopback(0) },
      static_resources: { listeners, clusters },
      layered_runtime: { layers: [{ name: 'lab', static_layer: runtime }] },
    },
    over,
  );
}
