/** A Kubernetes Service behind an Envoy cluster's name. */
export interface BackendName {
  readonly namespace: string;
  readonly service: string;
  readonly port: string | undefined;
}

/**
 * The Service that a cluster name stands for, or undefined. Sources: kgateway's own golden files (`kube_<ns>_<svc>_<port>`; neither
 * namespace nor Service names can hold `_`), Istio (`outbound|<port>|<subset>|<svc>.<ns>.svc...`), Envoy Gateway
 * (`httproute/<ns>/<name>/rule/<i>`, which names a route, not a Service, and gives undefined).
 */
export function backendName(cluster: string | undefined): BackendName | undefined {
  const kgateway = /^kube_([^_]+)_([^_]+)_(\d+)$/.exec(cluster ?? '');
  if (kgateway) return { namespace: kgateway[1] ?? '', service: kgateway[2] ?? '', port: kgateway[3] };
  const istio = /^outbound\|(\d+)\|[^|]*\|([^.|]+)\.([^.|]+)\.svc/.exec(cluster ?? '');
  return istio ? { namespace: istio[3] ?? '', service: istio[2] ?? '', port: istio[1] } : undefined;
}

/** kubectl's words for a Service: its flags quoted for a shell, or placeholders when the backend is not a Service we can name. */
export function kubectlTarget(cluster: string | undefined): { readonly ns: string; readonly svc: string } {
  const b = backendName(cluster);
  return b && safe(b.namespace) && safe(b.service)
    ? { ns: b.namespace, svc: b.service }
    : { ns: 'NAMESPACE', svc: 'SERVICE' };
}

/** Names come from log lines: only what Kubernetes itself would accept goes into a command. */
const safe = (name: string): boolean => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
