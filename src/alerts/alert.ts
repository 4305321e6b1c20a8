import type { Query } from '../boards/query/expression.ts';
import type { Severity } from '../contract/model.ts';

/**
 * When an alert fires: `query` compared with `threshold`, where `traffic` (by the same labels) is above its own floor. Windows of queries are
 * fixed milliseconds.
 */
export interface Condition {
  readonly query: Query;
  readonly is: 'above' | 'below';
  readonly threshold: number;
  /** Too little traffic wakes nobody. */
  readonly traffic?: { readonly query: Query; readonly above: number };
}

/** An alert, for either vendor. */
export interface Alert {
  /** CamelCase with one prefix: `EnvoyGatewayNoHealthyUpstream`. */
  readonly name: string;
  readonly severity: Severity;
  /** One sentence that says the same for every instance, ending in a full stop. */
  readonly summary: string;
  /** What to conclude and do. `{value}` and `{label:backend}` are filled in by the vendor. */
  readonly description: string;
  readonly condition: Condition;
  /** How long the condition must hold, ms. */
  readonly forMs: number;
  /** How long it is still told after the condition ended, ms. */
  readonly keepFiringMs?: number;
  /** A page of docs/causes (its code), or of docs/alerts when there is none. */
  readonly page: { readonly cause: string } | { readonly alert: string };
  /** The board (id) that shows it. */
  readonly board: string;
  /** What `vigia triage` should be asked, beside gateway and backend of the alert. */
  readonly triage?: { readonly status?: string; readonly side?: string };
  /** What a lack of data means: nothing happened, or nobody can tell. */
  readonly noData: 'nothing happened' | 'cannot tell';
}
