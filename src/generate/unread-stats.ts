/**
 * Envoy's stats that nothing of vigia's reads, by Envoy's own names (before tags are cut out of them): kgateway's static clusters, zone and
 * subset counters of every backend. Circuit breakers stay: an open one is a verdict.
 */
export const unreadStats: readonly ({ readonly prefix: string } | { readonly safeRegex: string })[] = [
  { prefix: 'cluster.admin_port_cluster.' },
  { prefix: 'cluster.gateway_proxy_sds.' },
  { safeRegex: 'cluster\\..*\\.(zone|lb_subsets|lb_zone)[._].*' },
];
