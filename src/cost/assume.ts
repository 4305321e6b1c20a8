import { list, type Manifest, map, parentsOf } from '../contract/draft/manifests.ts';
import type { Cluster, Model } from '../contract/model.ts';
import type { SignalId } from '../signals/catalogue.ts';
import { customLabels, valuesOf } from './labels.ts';
import type { Workload } from './workload.ts';

/** What is taken for granted where no log says it. */
export interface Assumptions {
  /** Different statuses, flags and sides that one route meets with one backend. */
  readonly outcomes: number;
  readonly gatewayPods: number;
  readonly requestsPerSecond: number | undefined;
  /** Routes of each gateway, where neither objects nor the contract name any. */
  readonly routes: number | undefined;
  /** Share of requests that fail, are flagged or tried again. */
  readonly failing: number;
}

export const usual = { outcomes: 8, gatewayPods: 2, failing: 0.02 } as const;

/** Of the statuses of a route: 2xx, 4xx, 5xx. */
const classes = 3;
/** Flags that a backend raises now and then. */
const flags = 3;

interface Counted {
  /** Routes as Envoy names them, pairs of those with a backend, and backends. */
  routes: number;
  pairs: number;
  readonly backends: Set<string>;
}

/** A cluster's workload by its routes: of objects where they are given, else of the contract, else as many as were told. */
export function assume(model: Model, cluster: Cluster, objects: readonly Manifest[], told: Assumptions): Workload {
  const live = objects.filter((o) => /^(HTTP|GRPC)Route$/.test(o.kind));
  const routesFrom = told.routes !== undefined ? 'told' : live.length > 0 ? 'manifests' : 'contract';
  const each = cluster.gateways.map((gateway) => {
    const counted: Counted = { routes: 0, pairs: 0, backends: new Set() };
    if (routesFrom === 'told') {
      counted.routes = told.routes ?? 0;
      counted.pairs = counted.routes;
      for (let i = 0; i < counted.routes; i++) counted.backends.add(`${gateway.id} ${i}`);
    } else if (routesFrom === 'manifests')
      for (const route of live) if (parentsOf(route).includes(gateway.id)) countRoute(route, counted);
    if (routesFrom === 'contract')
      for (const { id, gateways, backends } of model.routes) {
        if (!isFor(gateways, gateway.id, cluster)) continue;
        counted.routes++;
        counted.pairs += Math.max(1, backends.length);
        for (const backend of backends.length > 0 ? backends : [`of ${id}`]) counted.backends.add(backend);
      }
    const labels = customLabels([gateway]);
    const factor = labels.reduce((product, label) => product * (valuesOf(label) ?? 1), 1);
    return { id: gateway.id, factor, ...counted, backends: counted.backends.size };
  });
  const sum = (of: (one: (typeof each)[number]) => number): number => each.reduce((n, one) => n + of(one), 0);
  const bare = (one: (typeof each)[number], id: SignalId): number => {
    switch (id) {
      case 'requests':
        return one.pairs * told.outcomes;
      case 'duration':
        return one.pairs * Math.min(classes, told.outcomes);
      case 'handover':
        return cluster.handoverGateways.includes(one.id) ? one.routes : 0;
      case 'flags':
        return one.backends * flags;
      case 'attempts':
        return one.backends;
      case 'requestBytes':
      case 'responseBytes':
        return one.pairs;
    }
  };
  const elsewhere =
    routesFrom === 'told'
      ? 0
      : routesFrom === 'manifests'
        ? live.filter((route) => !cluster.gateways.some((g) => parentsOf(route).includes(g.id))).length
        : model.routes.filter((r) => !cluster.gateways.some((g) => isFor(r.gateways, g.id, cluster))).length;
  return {
    from: { kind: 'assumed', routesFrom, elsewhere },
    gateways: each.length,
    routes: sum((one) => one.routes),
    backends: sum((one) => one.backends),
    proxied: sum((one) => one.backends) * told.gatewayPods,
    pods: each.length * told.gatewayPods,
    sets: (id) => ({
      sets: sum((one) => bare(one, id) * (id === 'handover' ? 1 : one.factor)),
      bare: sum((one) => bare(one, id)),
    }),
    leftOut: [],
    requestsPerSecond: told.requestsPerSecond,
    alwaysKept: told.failing,
    recordBytes: undefined,
  };
}

/** A route of the contract that does not say its gateways is on the only one there is. */
const isFor = (gateways: readonly string[], id: string, cluster: Cluster): boolean =>
  gateways.length > 0 ? gateways.includes(id) : cluster.gateways.length === 1;

function countRoute(route: Manifest, into: Counted): void {
  for (const rule of list(route.spec['rules']).map(map)) {
    const matches = Math.max(1, list(rule['matches']).length);
    const backends = list(rule['backendRefs']).map(map);
    into.routes += matches;
    into.pairs += matches * Math.max(1, backends.length);
    for (const b of backends) into.backends.add(`${b['namespace'] ?? route.namespace}/${b['name']}:${b['port'] ?? ''}`);
  }
}
