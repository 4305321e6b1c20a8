import type { Label } from '../contract/model.ts';
import type { SignalId } from '../signals/catalogue.ts';

/** What goes through a cluster's gateways, as far as cost is about it. */
export interface Workload {
  readonly from:
    | {
        readonly kind: 'log';
        readonly requests: number;
        /** Epoch ms. */
        readonly first: number | undefined;
        readonly last: number | undefined;
        /** More label sets than were told apart. */
        readonly truncated: boolean;
      }
    | {
        readonly kind: 'assumed';
        readonly routesFrom: 'manifests' | 'contract' | 'told';
        /** Routes that are on none of the cluster's gateways, as far as is said, so that they are not reckoned with. */
        readonly elsewhere: number;
      };
  readonly gateways: number;
  /** Values of the label `route`: Envoy has a route for each match of each rule. */
  readonly routes: number;
  readonly backends: number;
  /** Backends of each pod of a gateway, added up: each pod has series of its own. */
  readonly proxied: number;
  /** Pods of all gateways. */
  readonly pods: number;
  /** A signal's label sets, with the contract's labels, and without. */
  readonly sets: (id: SignalId) => { readonly sets: number; readonly bare: number };
  /** Labels that the log lacks, so that they are not in `sets`. */
  readonly leftOut: readonly Label[];
  readonly requestsPerSecond: number | undefined;
  /** Share of the requests that are stored whatever the sampling: failed, flagged, tried again, slow. */
  readonly alwaysKept: number;
  /** Bytes of a record as a line of JSON; undefined: not known. */
  readonly recordBytes: number | undefined;
}
