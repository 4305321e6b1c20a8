import { setTimeout as sleep } from 'node:timers/promises';
import { emptyDns } from '../backends/dns.ts';
import { answering } from '../backends/http1.ts';
import { ask, times } from '../clients/http1.ts';
import { type JsonObject, typed } from '../json.ts';
import type { Scenario, Side } from '../scenario.ts';

const gateway = (cause: string): { side: Side; cause: string } => ({ side: 'gateway', cause });
const scanner = { path: '/.env?debug=1', headers: { 'user-agent': 'scanner/0.1' } };

const direct = (status: number, side: Side): Scenario => ({
  ...{ name: `direct-response-${status}`, title: `the route itself answers ${status}`, side, cause: 'direct-response' },
  expect: { status, flags: [], details: 'direct_response', lines: 2 },
  prepare: () => ({ route: { direct_response: { status } }, run: times(2) }),
});

const deadControlPlane: JsonObject = {
  initial_fetch_timeout: '0.1s',
  resource_api_version: 'V3',
  api_config_source: {
    ...{ api_type: 'GRPC', transport_api_version: 'V3' },
    grpc_services: [{ envoy_grpc: { cluster_name: 'cluster_connect_refused' } }],
  },
};

export const gatewayScenarios: readonly Scenario[] = [
  {
    ...{ name: 'no-route', title: 'no route matches the path', ...gateway('no-route') },
    expect: { status: 404, flags: ['NR'], details: 'route_not_found', lines: 3 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      return { endpoints: [port], route: { match: { prefix: undefined, path: '/only-this' } }, run: times(3, scanner) };
    },
  },
  {
    ...{ name: 'no-host', title: 'no virtual host matches the authority', ...gateway('no-route') },
    expect: { status: 404, flags: ['NR'], details: 'route_not_found', lines: 1 },
    prepare: () => ({
      hcm: {
        route_config: {
          name: 'no-host',
          virtual_hosts: [{ name: 'other', domains: ['other.example.com'], routes: [] }],
        },
      },
      run: times(1),
    }),
  },
  {
    ...{ name: 'no-cluster', title: 'the route names a cluster Envoy does not have', ...gateway('no-cluster') },
    expect: { status: 503, flags: ['NC'], details: 'cluster_not_found', lines: 2 },
    prepare: () => ({
      hcm: { route_config: { validate_clusters: false } },
      action: { cluster: 'deleted' },
      run: times(2),
    }),
  },
  {
    ...{
      name: 'route-config-missing',
      title: 'the control plane never sent the routes: like any other path without a route',
      ...gateway('no-route'),
    },
    expect: { status: 404, flags: ['NR'], details: 'route_not_found', lines: 1 },
    prepare: () => ({
      hcm: { route_config: undefined, rds: { route_config_name: 'never-sent', config_source: deadControlPlane } },
      run: times(1),
    }),
  },
  direct(503, 'gateway'),
  direct(500, 'gateway'),
  direct(403, 'policy'),
  {
    ...{ name: 'filter-config-missing', title: "the control plane never sent a filter's configuration" },
    ...gateway('filter-config-missing'),
    expect: { status: 500, flags: ['NFCF'], details: '', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const filter: JsonObject = {
        name: 'never-sent',
        config_discovery: {
          config_source: deadControlPlane,
          type_urls: ['type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC'],
        },
      };
      return { endpoints: [port], filters: [filter], run: times(2) };
    },
  },
  {
    ...{
      name: 'dns-failure',
      title: 'the dynamic forward proxy cannot resolve the host',
      side: 'between',
      cause: 'dns-failure',
    },
    expect: { status: 503, flags: ['DF'], details: /^dns_resolution_failure\{/, lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(emptyDns());
      const dns_cache_config: JsonObject = {
        ...{ name: 'lab', dns_lookup_family: 'V4_ONLY' },
        typed_dns_resolver_config: {
          name: 'envoy.network.dns_resolver.cares',
          typed_config: typed('network.dns_resolver.cares.v3.CaresDnsResolverConfig', {
            resolvers: [{ socket_address: { address: '127.0.0.1', port_value: port } }],
            dns_resolver_options: { no_default_search_domain: true },
          }),
        },
      };
      const filter = {
        name: 'envoy.filters.http.dynamic_forward_proxy',
        typed_config: typed('filters.http.dynamic_forward_proxy.v3.FilterConfig', { dns_cache_config }),
      };
      const cluster: JsonObject = {
        ...{ type: undefined, load_assignment: undefined, lb_policy: 'CLUSTER_PROVIDED' },
        cluster_type: {
          name: 'envoy.clusters.dynamic_forward_proxy',
          typed_config: typed('clusters.dynamic_forward_proxy.v3.ClusterConfig', { dns_cache_config }),
        },
      };
      return { cluster, filters: [filter], run: times(2, { headers: { host: 'partner.example.com' } }) };
    },
  },
  {
    ...{
      name: 'overload',
      title: 'the overload manager stops accepting requests: no flag',
      ...gateway('envoy-overload'),
    },
    instance: 'overloaded',
    expect: { status: 503, flags: [], details: 'overload', lines: 3 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      return { endpoints: [port], run: (p) => sleep(400).then(() => times(3)(p)) };
    },
  },
  {
    ...{ name: 'draining', title: "the load balancer's health check meets a draining Envoy", ...gateway('draining') },
    instance: 'failing',
    expect: { status: 503, flags: ['LH'], details: 'health_check_failed', lines: 3 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const check = {
        name: 'envoy.filters.http.health_check',
        typed_config: typed('filters.http.health_check.v3.HealthCheck', {
          pass_through_mode: false,
          headers: [{ name: ':path', string_match: { exact: '/healthz' } }],
        }),
      };
      const ask = { path: '/healthz', headers: { 'user-agent': 'ELB-HealthChecker/2.0' } };
      return { endpoints: [port], filters: [check], run: times(3, ask) };
    },
  },
  {
    ...{
      name: 'gateway-stopped',
      title: 'Envoy stops with requests in flight',
      ...gateway('gateway-closed-connection'),
    },
    instance: 'stopped',
    expect: { status: 0, flags: ['DC'], details: /^downstream_local_disconnect/, lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'late\n', {}, 3000));
      return { endpoints: [port], run: (p) => Promise.all([ask(p), ask(p)]) };
    },
  },
];
