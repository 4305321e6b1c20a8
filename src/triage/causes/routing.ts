import { type Cause, high, medium } from '../cause.ts';
import { bare, flagSays, named } from '../facts.ts';

const noRoute: Cause = {
  code: 'no-route',
  title: 'No route matches this host and path',
  side: 'gateway',
  match: (f) =>
    named(f, 'route_not_found') || bare(f, 'NR')
      ? medium('Envoy had no route for it; a missing HTTPRoute and a client asking for nonsense look the same')
      : undefined,
  next: () => [
    {
      do: 'Read the hosts and paths of the samples: scanners ask for things that never existed, customers for things that did.',
    },
    {
      do: "Is the HTTPRoute attached (Accepted, ResolvedRefs) and does its hostname match the listener's?",
      run: 'kubectl get httproutes -A -o json | jq -r \'.items[] | select((.status.parents // []) == [] or any(.status.parents[]?.conditions[]?; .status=="False")) | "\\(.metadata.namespace)/\\(.metadata.name)"\'',
    },
  ],
};

const noCluster: Cause = {
  code: 'no-cluster',
  title: 'The route names a cluster that Envoy does not have',
  side: 'gateway',
  match: (f) => (named(f, 'cluster_not_found') || bare(f, 'NC') ? high('Envoy knows no such cluster') : undefined),
  next: () => [
    {
      do: 'The Service was deleted, or the control plane has not delivered the cluster yet: look for rejected updates (NACK).',
      run: 'kubectl -n kgateway-system logs deploy/kgateway --since=1h | grep -iE "nack|rejected|error"',
    },
  ],
};

const configMissing: Cause = {
  code: 'route-config-missing',
  title: 'The listener has no route configuration, or no filter chain matches',
  side: 'gateway',
  match: (f) =>
    named(f, 'route_configuration_not_found', 'filter_chain_not_found') ? high(`details ${f.name}`) : undefined,
  next: () => [
    {
      do: "A new listener that the control plane has not finished, or a host name (SNI) that no listener serves: look at the Gateway's status.",
      run: 'kubectl get gateways -A',
    },
  ],
};

const directResponse: Cause = {
  code: 'direct-response',
  title: 'The route is configured to answer by itself',
  side: 'gateway',
  match(f) {
    if (!named(f, 'direct_response')) return undefined;
    if (f.status >= 500)
      return medium(
        `direct_response ${f.status}: Gateway API controllers answer so when a backendRef is invalid or has no endpoints`,
      );
    return f.status >= 400 ? medium(`direct_response ${f.status}, as configured`, { side: 'policy' }) : undefined;
  },
  next: () => [
    {
      do: 'Does every backendRef resolve (Service exists, port exists, ReferenceGrant across namespaces)?',
      run: 'kubectl get httproutes -A -o json | jq -r \'.items[] | select(any(.status.parents[]?.conditions[]?; .type=="ResolvedRefs" and .status=="False")) | "\\(.metadata.namespace)/\\(.metadata.name)"\'',
    },
    {
      do: "kgateway also replaces a whole Gateway's routes by a 500 when a policy attached to it is invalid: look for GatewayReplaced or ListenerReplaced.",
      run: "kubectl get gateways -A -o json | jq -r '.items[].status | .. | .reason? // empty' | sort | uniq -c",
    },
  ],
};

const dns: Cause = {
  code: 'dns-failure',
  title: 'The host name of the backend did not resolve',
  side: 'between',
  match: (f) => (named(f, 'dns_resolution_failure') || bare(f, 'DF') ? high('the resolver said no') : undefined),
  next: () => [
    {
      do: "Resolve the name from the gateway's pod, then look at CoreDNS.",
      run: 'kubectl -n kube-system logs -l k8s-app=kube-dns --since=1h --tail=-1 | tail -50',
    },
  ],
};

const dropOverload: Cause = {
  code: 'drop-overload',
  title: 'The control plane told Envoy to drop a share of this traffic',
  side: 'policy',
  match: (f) =>
    named(f, 'drop_overload', 'unconditional_drop_overload') || bare(f, 'DO') || bare(f, 'UDO')
      ? high('drop_overloads in the endpoint assignment')
      : undefined,
  next: () => [{ do: 'Take back the drop_overloads setting when the load is over.' }],
};

const overload: Cause = {
  code: 'envoy-overload',
  title: 'Envoy protected itself: its overload manager refused the request',
  side: 'gateway',
  match(f) {
    if (named(f, 'overload') || f.name?.startsWith('overload_error') || f.reason === 'overload_manager')
      return high(`details ${f.s.details}`);
    return bare(f, 'OM') || flagSays(f, 'OM') ? high('flag OM') : undefined;
  },
  next: () => [
    {
      do: 'Memory or connections of the gateway pod are at their limit: raise them or add replicas.',
      run: 'curl -s "http://127.0.0.1:19000/stats?filter=overload" && kubectl top pods -A -l gateway.networking.k8s.io/gateway-name',
    },
  ],
};

const draining: Cause = {
  code: 'draining',
  title:
    'A health check was answered 503: this gateway pod is draining, was told to fail, or watches a cluster that is not healthy',
  side: 'gateway',
  match: (f) =>
    f.name?.startsWith('health_check_failed') || bare(f, 'LH')
      ? high('the health-check filter answered', { kind: 'health-check' })
      : undefined,
  next: () => [
    {
      do: "Normal during a rollout (details health_check_failed); the longer details name a cluster that the health check watches. The load balancer's deregistration delay must not be shorter than the pod's preStop sleep.",
      run: 'kubectl -n GATEWAY_NAMESPACE get pods -o wide',
    },
  ],
};

const localDisconnect: Cause = {
  code: 'gateway-closed-connection',
  title: "Envoy closed the client's connection",
  side: 'gateway',
  match: (f) => (named(f, 'downstream_local_disconnect', 'forced_goaway') ? high(`details ${f.s.details}`) : undefined),
  next: () => [
    {
      do: 'The reason is in the parentheses of the details (drain, overload, a protocol error, a timeout of the transport socket); forced_goaway is a load-shed point under overload.',
    },
  ],
};

const filterConfig: Cause = {
  code: 'filter-config-missing',
  title: "A filter's configuration had not been delivered",
  side: 'gateway',
  match: (f) => (flagSays(f, 'NFCF') ? high('flag NFCF') : undefined),
  next: () => [
    {
      do: "The control plane must deliver the extension's configuration (ECDS) before the listener that uses it.",
      run: 'curl -s "http://127.0.0.1:19000/config_dump?resource=ecds_filters"',
    },
  ],
};

export const routing: readonly Cause[] = [
  noRoute,
  noCluster,
  configMissing,
  directResponse,
  dns,
  dropOverload,
  overload,
  draining,
  localDisconnect,
  filterConfig,
];
