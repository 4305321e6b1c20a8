import { list, type Manifest, map, parentsOf } from '../../contract/draft/manifests.ts';
import { has } from '../../contract/kgateway-versions.ts';
import type { Model } from '../../contract/model.ts';
import { envoyDefaults } from '../../envoy/timeouts.ts';
import type { GatewayHop, RouteHop } from '../hops.ts';
import { contract, type Limit } from '../limit.ts';
import { at, type Limits, policiesFor, type Setting } from './policies.ts';

const standard: Limit = { ms: envoyDefaults.routeTimeout, from: "Envoy's default" };

/** The rules of all routes on the contract's gateways, and the routes that only the contract knows. */
export function routeHops(
  model: Model,
  objects: readonly Manifest[],
  gateways: readonly GatewayHop[],
  limits: Limits,
): readonly RouteHop[] {
  const there = objects
    .filter((o) => o.apiVersion.startsWith('gateway.networking.k8s.io/') && /^(HTTP|GRPC)Route$/.test(o.kind))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const found = there.flatMap((route) => {
    const on = gatewaysOf(route, gateways);
    return on.length === 0 ? [] : rulesOf(route, on, { model, objects, limits });
  });
  const known = new Set(there.map(key));
  const only = [...new Set(gateways.map((g) => g.id))];
  const said = model.routes
    .filter((r) => !known.has(`${r.id} HTTPRoute`))
    .map(
      (r): RouteHop => ({
        id: r.id,
        kind: 'HTTPRoute',
        rule: undefined,
        // Not said, and only one to choose from.
        gateways: r.gateways.length === 0 && only.length === 1 ? only : r.gateways,
        listeners: [],
        backends: r.backends,
        timeout: r.timeoutMs === undefined ? standard : { ms: r.timeoutMs, from: contract },
        tries: 1,
        perTry: undefined,
        streamIdle: undefined,
      }),
    );
  return [...found, ...said];
}

const key = (o: Manifest): string => `${o.namespace}/${o.name} ${o.kind}`;

function gatewaysOf(route: Manifest, gateways: readonly GatewayHop[]): readonly GatewayHop[] {
  const named = parentsOf(route);
  return gateways.filter((g) => g.listener === undefined && named.includes(g.id));
}

interface World {
  readonly model: Model;
  readonly objects: readonly Manifest[];
  readonly limits: Limits;
}

function rulesOf(route: Manifest, on: readonly GatewayHop[], { model, objects, limits }: World): readonly RouteHop[] {
  const { kind, name, namespace, labels } = route;
  const own = policiesFor({ kind, name, namespace, labels }, ['TrafficPolicy'], objects);
  const inherits = has(model.kgateway.version, 'inheritedTimeouts');
  const listeners = list(route.spec['parentRefs']).flatMap((p) => listenerOf(map(p)));
  const inherited = inherits ? on.flatMap((g) => gatewayPolicies(g, objects)) : [];
  return list(route.spec['rules']).map((value, i): RouteHop => {
    const rule = map(value);
    const ruleName = typeof rule['name'] === 'string' ? rule['name'] : undefined;
    const policies = [
      ...own.filter((s) => s.section !== undefined && s.section === ruleName),
      ...own.filter((s) => s.section === undefined),
    ];
    // Older versions ignore timeouts of a policy for a GRPCRoute.
    const timed = [...(kind === 'HTTPRoute' || inherits ? policies : []), ...inherited];
    const from = `${kind} ${namespace}/${name}`;
    return {
      id: `${namespace}/${name}`,
      kind,
      rule: ruleName ?? `rule ${i}`,
      gateways: [...new Set(on.map((g) => g.id))],
      listeners,
      backends: backendsOf(rule, namespace),
      timeout:
        limits.read(at(rule, 'timeouts', 'request'), from, 'timeouts.request') ??
        limits.first(timed, 'timeouts', 'request') ??
        standard,
      tries: triesOf(rule, policies),
      perTry:
        limits.read(at(rule, 'timeouts', 'backendRequest'), from, 'timeouts.backendRequest') ??
        limits.first(policies, 'retry', 'perTryTimeout'),
      streamIdle: limits.first(timed, 'timeouts', 'streamIdle'),
    };
  });
}

/** A parent's listener, as read/gateways.ts names those with settings of their own. */
function listenerOf({ sectionName, port }: Readonly<Record<string, unknown>>): readonly string[] {
  return [
    ...(typeof sectionName === 'string' ? [`listener ${sectionName}`] : []),
    ...(typeof port === 'number' ? [`port ${port}`] : []),
  ];
}

const gatewayPolicies = ({ name, namespace }: GatewayHop, objects: readonly Manifest[]): readonly Setting[] =>
  policiesFor({ kind: 'Gateway', name, namespace, labels: {} }, ['TrafficPolicy'], objects).filter(
    (s) => s.section === undefined,
  );

/** The first try and the retries; one where none are asked for, which is kgateway's default of `attempts`. */
function triesOf(rule: Readonly<Record<string, unknown>>, policies: readonly Setting[]): number {
  const retry = [rule['retry'], ...policies.map((s) => s.spec['retry'])].find((r) => r !== undefined);
  if (retry === undefined) return 1;
  const attempts = map(retry)['attempts'];
  return 1 + (typeof attempts === 'number' ? attempts : 1);
}

function backendsOf(rule: Readonly<Record<string, unknown>>, namespace: string): readonly string[] {
  const refs = list(rule['backendRefs'])
    .map(map)
    .filter((b) => (b['kind'] ?? 'Service') === 'Service' && typeof b['name'] === 'string');
  return [...new Set(refs.map((b) => `${b['namespace'] ?? namespace}/${b['name']}`))].sort();
}
