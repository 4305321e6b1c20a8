import { list, type Manifest, map } from '../../contract/draft/manifests.ts';
import type { Gateway, Model } from '../../contract/model.ts';
import { envoyDefaults } from '../../envoy/timeouts.ts';
import type { Drain, GatewayHop } from '../hops.ts';
import { contract, type Limit } from '../limit.ts';
import { loadBalancer } from './load-balancer.ts';
import { at, type Limits, policiesFor, type Setting } from './policies.ts';

/** The contract's gateways, each as often as it differs, and those of their listeners that have settings of their own. */
export function gatewayHops(model: Model, objects: readonly Manifest[], limits: Limits): readonly GatewayHop[] {
  const alike = new Map<string, { readonly gateway: Gateway; readonly environments: Set<string> }>();
  for (const cluster of model.clusters)
    for (const gateway of cluster.gateways) {
      const { id, loadBalancer, idleTimeoutMs, streamIdleTimeoutMs } = gateway;
      const key = JSON.stringify([id, loadBalancer, idleTimeoutMs, streamIdleTimeoutMs]);
      const known = alike.get(key) ?? { gateway, environments: new Set() };
      known.environments.add(cluster.environment.name);
      alike.set(key, known);
    }
  const all = [...alike.values()];
  return all.flatMap(({ gateway, environments }) => {
    const differs = all.some((other) => other.gateway !== gateway && other.gateway.id === gateway.id);
    return hopsOf(gateway, differs ? [...environments] : undefined, objects, limits);
  });
}

function hopsOf(
  gateway: Gateway,
  only: readonly string[] | undefined,
  objects: readonly Manifest[],
  limits: Limits,
): readonly GatewayHop[] {
  const { name, namespace } = gateway;
  const object = objects.find((o) => o.kind === 'Gateway' && o.name === name && o.namespace === namespace);
  const target = { kind: 'Gateway', name, namespace, labels: object?.labels ?? {} };
  const settings = policiesFor(target, ['ListenerPolicy', 'HTTPListenerPolicy'], objects).map(asListener);
  const before = loadBalancer(gateway, object, objects);
  const whole = settings.filter((s) => s.section === undefined);
  const hop = (listener: string | undefined, of: readonly Setting[], own: boolean): GatewayHop => ({
    id: gateway.id,
    name,
    namespace,
    only,
    listener,
    loadBalancer: before,
    idle:
      limits.first(of, 'httpSettings', 'idleTimeout') ??
      said(own ? undefined : gateway.idleTimeoutMs, envoyDefaults.downstreamIdleTimeout),
    streamIdle:
      limits.first(of, 'httpSettings', 'streamIdleTimeout') ??
      said(own ? undefined : gateway.streamIdleTimeoutMs, envoyDefaults.streamIdleTimeout),
    tcpKeepAlive: limits.first(of, 'tcpKeepalive', 'keepAliveTime'),
    drain: listener === undefined && object ? drainOf(object, objects) : undefined,
  });
  const sections = [...new Set(settings.flatMap((s) => s.section ?? []))].sort();
  const ports = new Map<string, Setting[]>();
  for (const s of whole)
    for (const entry of list(s.policy.spec['perPort']).map(map)) {
      const port = `port ${entry['port']}`;
      ports.set(port, [...(ports.get(port) ?? []), { ...s, spec: map(entry['listener']) }]);
    }
  return [
    hop(undefined, whole, false),
    ...sections.map((section) =>
      hop(`listener ${section}`, [...settings.filter((s) => s.section === section), ...whole], false),
    ),
    // A port's settings inherit nothing from `default`.
    ...[...ports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([port, of]) => hop(port, of, true)),
  ];
}

/** HTTPListenerPolicy has at the top what ListenerPolicy has in `default.httpSettings`. */
const asListener = (s: Setting): Setting => ({
  ...s,
  spec: s.policy.kind === 'ListenerPolicy' ? map(s.spec['default']) : { httpSettings: s.spec },
});

const said = (ms: number | undefined, standard: number): Limit =>
  ms === undefined ? { ms: standard, from: "Envoy's default" } : { ms, from: contract };

/**
 * From the GatewayParameters that the Gateway names; undefined where there are none among the objects, for its class may name others. Defaults:
 * kgateway's (sleep 10 s) and Kubernetes' (30 s).
 */
function drainOf(gateway: Manifest, objects: readonly Manifest[]): Drain | undefined {
  const ref = map(at(gateway.spec, 'infrastructure', 'parametersRef'));
  const found = objects.find(
    (o) => o.kind === 'GatewayParameters' && o.name === ref['name'] && o.namespace === gateway.namespace,
  );
  if (!found) return undefined;
  const pod = map(at(found.spec, 'kube', 'podTemplate'));
  const seconds = (value: unknown, standard: number) => (typeof value === 'number' ? value : standard) * 1_000;
  return {
    enabled: at(pod, 'gracefulShutdown', 'enabled') === true,
    sleepMs: seconds(at(pod, 'gracefulShutdown', 'sleepTimeSeconds'), 10),
    graceMs: seconds(pod['terminationGracePeriodSeconds'], 30),
    from: `GatewayParameters ${found.namespace}/${found.name}`,
  };
}
