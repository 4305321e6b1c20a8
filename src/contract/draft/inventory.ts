import { type KgatewayVersion, kgatewayVersionNames } from '../kgateway-versions.ts';
import { name } from '../schema/leaf.ts';
import { type DraftLoadBalancer, loadBalancerOf } from './load-balancer.ts';
import { list, type Manifest, map, parentsOf } from './manifests.ts';

/** What a draft is made of: found in manifests or a cluster. */
export interface Inventory {
  readonly kgateway: KgatewayVersion | undefined;
  readonly gateways: readonly DraftGateway[];
  readonly routes: readonly DraftRoute[];
  /** What was there and left out, with the reason. */
  readonly left: readonly string[];
}

export interface DraftGateway {
  readonly name: string;
  readonly namespace: string;
  readonly waypoint: boolean;
  readonly loadBalancer: DraftLoadBalancer | undefined;
}

export interface DraftRoute {
  readonly name: string;
  readonly namespace: string;
  /** `<name>.<namespace>` */
  readonly gateways: readonly string[];
  /** `<namespace>/<name>` */
  readonly backends: readonly string[];
  readonly timeout: string | undefined;
}

const gatewayApi = 'gateway.networking.k8s.io/';

/** GatewayClasses of other implementations, whose Envoys kgateway does not configure. */
const foreign =
  /^(istio|cilium|eg$|envoy-gateway|nginx|traefik|contour|kong|linkerd|agentgateway|gke-|amazon-vpc-lattice)/;

/** What the contract can say of a set of objects. Sorted by namespace and name, whatever order they came in. */
export function takeInventory(objects: readonly Manifest[]): Inventory {
  const left: string[] = [];
  const usable = (o: Manifest) => {
    const fits = name.safeParse(o.namespace).success && /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(o.name);
    if (!fits) left.push(`${o.kind} ${o.namespace}/${o.name}: not a name Kubernetes takes (a template?)`);
    return fits;
  };
  const of = (kind: string) =>
    distinct(objects.filter((o) => o.kind === kind && o.apiVersion.startsWith(gatewayApi))).filter(usable);
  const gateways = of('Gateway').flatMap((g): DraftGateway[] => {
    const gatewayClass = String(g.spec['gatewayClassName'] ?? '');
    if (foreign.test(gatewayClass)) {
      left.push(`Gateway ${g.namespace}/${g.name}: its class ${gatewayClass} is not kgateway's`);
      return [];
    }
    const waypoint = gatewayClass.includes('waypoint');
    return [
      {
        name: g.name,
        namespace: g.namespace,
        waypoint,
        loadBalancer: waypoint ? undefined : loadBalancerOf(g, objects),
      },
    ];
  });
  const ids = new Set(gateways.map((g) => `${g.name}.${g.namespace}`));
  const routes = of('HTTPRoute').map((r) => draftRoute(r, ids));
  return { kgateway: versionIn(objects), gateways, routes: routes.filter((r) => r.gateways.length > 0), left };
}

function draftRoute(route: Manifest, gateways: ReadonlySet<string>): DraftRoute {
  const rules = list(route.spec['rules']).map(map);
  const backends = rules.flatMap((r) => list(r['backendRefs']).map(map));
  const timeouts = new Set(rules.map((r) => map(r['timeouts'])['request']));
  const [timeout] = timeouts;
  return {
    name: route.name,
    namespace: route.namespace,
    gateways: unique(parentsOf(route).filter((id) => gateways.has(id))),
    backends: unique(
      backends
        .filter((b) => (b['kind'] ?? 'Service') === 'Service' && typeof b['name'] === 'string')
        .map((b) => `${b['namespace'] ?? route.namespace}/${b['name']}`),
    ),
    // Rules that differ have no one timeout, and Gateway API allows spellings (1h30m) that the contract does not.
    timeout:
      timeouts.size === 1 && typeof timeout === 'string' && /^\d{1,5}(ms|s|m|h)$/.test(timeout) ? timeout : undefined,
  };
}

/** The minor version in the image of kgateway's controller. */
function versionIn(objects: readonly Manifest[]): KgatewayVersion | undefined {
  for (const o of objects.filter((one) => one.kind === 'Deployment')) {
    const containers = list(map(map(o.spec['template'])['spec'])['containers']).map(map);
    for (const { image } of containers) {
      const found = /\/kgateway:v?(\d+\.\d+)\b/.exec(String(image))?.[1];
      const known = kgatewayVersionNames.find((v) => v === found);
      if (known) return known;
    }
  }
  return undefined;
}

function distinct(objects: readonly Manifest[]): Manifest[] {
  const byId = new Map(objects.map((o) => [`${o.namespace}/${o.name}`, o]));
  return [...byId.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, o]) => o);
}

const unique = (values: readonly string[]) => [...new Set(values)].sort();
