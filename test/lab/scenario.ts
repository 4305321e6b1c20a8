import type { Json, JsonObject } from './json.ts';
import type { Kit } from './kit.ts';

/** Whose fault a line is; the words of the product's verdict. */
export type Side = 'client' | 'gateway' | 'between' | 'backend' | 'policy' | 'unknown' | 'none';

/** What Envoy must have written. `flags` is a set: Envoy orders flags by when they were raised. */
export interface Expectation {
  readonly status: number;
  readonly flags: readonly string[];
  readonly details: string | RegExp | null;
  readonly lines: number;
  /** Where the same status, flags and details mean different things by the number of attempts. */
  readonly attempts?: number;
}

/** The answer a reader of the line should give. A healthy line has side `none` and no cause. */
export interface Verdict {
  readonly side: Side;
  readonly cause: string | null;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What one scenario adds to Envoy's configuration, and what it does once Envoy listens. */
export interface Site {
  /** Hosts of the scenario's own cluster; a number is a port on loopback. Empty: a cluster without hosts. */
  readonly endpoints?: readonly (number | Endpoint)[];
  readonly http2?: boolean;
  /** Merged over the defaults of the scenario's cluster. */
  readonly cluster?: JsonObject;
  /** Merged into the route's `route` action. */
  readonly action?: JsonObject;
  /** Replaces the route's action, or adds to the route when it has none (`direct_response`, `typed_per_filter_config`). */
  readonly route?: JsonObject;
  /** HTTP filters in front of the router. */
  readonly filters?: readonly JsonObject[];
  /** Merged over the connection manager. */
  readonly hcm?: JsonObject;
  readonly listener?: JsonObject;
  readonly moreClusters?: readonly JsonObject[];
  readonly runtime?: Readonly<Record<string, Json>>;
  /** Sends the traffic to Envoy's port; returns when every request is over. */
  run(port: number): Promise<unknown>;
}

/** The Envoy a scenario needs: overload, failed health checks and runtime guards change a whole process, so they have their own. */
export type Instance = 'main' | 'overloaded' | 'shedding' | 'failing' | 'stopped' | 'half-close';

export interface Scenario extends Verdict {
  readonly name: string;
  readonly title: string;
  readonly instance?: Instance;
  readonly expect: Expectation;
  /** Other lines the scenario cannot do without: the request that opened the connection, the one that filled the breaker. */
  readonly also?: readonly (Expectation & Verdict)[];
  prepare(kit: Kit): Promise<Site> | Site;
}

/** A healthy companion line. */
export const healthy = (lines: number, status = 200): Expectation & Verdict => ({
  status,
  flags: [],
  details: 'via_upstream',
  lines,
  side: 'none',
  cause: null,
});
