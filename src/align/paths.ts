import type { GatewayHop, Hops, RouteHop } from './hops.ts';

/** The gateways that a route hangs on: of each the listeners that it is bound to and that have settings of their own, else the whole. */
export function gatewaysOf(hops: Hops, route: RouteHop): readonly GatewayHop[] {
  const on = hops.gateways.filter((g) => route.gateways.includes(g.id));
  const bound = on.filter((g) => g.listener !== undefined && route.listeners.includes(g.listener));
  return [...on.filter((g) => g.listener === undefined && !bound.some((b) => b.id === g.id)), ...bound];
}
