import type { LoadBalancer } from '../contract/model.ts';
import type { Limit } from './limit.ts';

/** All limits along all paths: load balancer, gateway, route, backend. Who sends on a hop must give a connection up before who answers does. */
export interface Hops {
  readonly gateways: readonly GatewayHop[];
  readonly routes: readonly RouteHop[];
  readonly backends: readonly BackendHop[];
}

/** What Envoy does towards those in front of it, on one Gateway or on one of its listeners that differs. */
export interface GatewayHop {
  /** `<name>.<namespace>` */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** Where it is set like this, when it is set otherwise elsewhere: environments. */
  readonly only: readonly string[] | undefined;
  /** `port 8443` or `listener https` where it has settings of its own. */
  readonly listener: string | undefined;
  readonly loadBalancer: Before | undefined;
  /** A connection without a request is closed. */
  readonly idle: Limit;
  /** A stream on which nothing happens is ended. */
  readonly streamIdle: Limit;
  /** Quiet time after which TCP probes are sent; undefined for none. */
  readonly tcpKeepAlive: Limit | undefined;
  readonly drain: Drain | undefined;
}

/** What stands before it, and who says so. */
export type Before = LoadBalancer & { readonly from: string };

/** How the gateway's pods end. */
export interface Drain {
  readonly enabled: boolean;
  readonly sleepMs: number;
  /** From the pod's deletion to its being killed. */
  readonly graceMs: number;
  readonly from: string;
}

/** One rule of a route. */
export interface RouteHop {
  /** `<namespace>/<name>` */
  readonly id: string;
  readonly kind: string;
  /** `rule 1` or its name; undefined for a route known by the contract alone. */
  readonly rule: string | undefined;
  /** Gateway ids. */
  readonly gateways: readonly string[];
  /** The listeners it is bound to alone, as a GatewayHop names them; none where it hangs on the whole Gateway. */
  readonly listeners: readonly string[];
  /** Backend ids. */
  readonly backends: readonly string[];
  /** For all tries together. */
  readonly timeout: Limit;
  /** The first one and as many again as it is retried. */
  readonly tries: number;
  /** For each try; undefined when only the whole is limited. */
  readonly perTry: Limit | undefined;
  /** Instead of the gateway's. */
  readonly streamIdle: Limit | undefined;
}

/** A Service: what Envoy does towards it, and what it does itself. */
export interface BackendHop {
  /** `<namespace>/<name>` */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** Envoy closes a connection of its pool that is not used. */
  readonly idle: Limit;
  readonly connect: Limit;
  /** The BackendConfigPolicy that there is for it. */
  readonly policy: string | undefined;
  /** The server closes a connection that is not used; undefined when nobody said. */
  readonly keepAlive: Limit | undefined;
  /** How it is set to something else, where the server is known. */
  readonly setting: string | undefined;
  /** The server gives up on a request. */
  readonly requestTimeout: Limit | undefined;
}

export const routeName = (r: RouteHop): string => `${r.kind} ${r.id}${r.rule === undefined ? '' : `, ${r.rule}`}`;
export const gatewayName = (g: GatewayHop): string =>
  `Gateway ${g.namespace}/${g.name}${g.listener === undefined ? '' : `, ${g.listener}`}${g.only ? ` (${g.only.join(', ')})` : ''}`;
