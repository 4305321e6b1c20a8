import type { LogCondition } from '../boards/board.ts';
import type { Query } from '../boards/query/expression.ts';
import type { Severity } from '../contract/model.ts';
import type { SeriesId } from '../signals/series.ts';

/**
 * When an alert fires: `query` compared with `threshold`, where `traffic` (by the same labels) is above its own floor. Windows of queries are
 * fixed milliseconds.
 */
export interface Condition {
  readonly query: Query;
  /** The query is an `increase`, and the value a series begins with counts too: it appears with its first event, which `increase` does not see. */
  readonly births?: true;
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
  readonly triage?: LogCondition;
  /** What a lack of data means: nothing happened, or nobody can tell. */
  readonly noData: 'nothing happened' | 'cannot tell';
  /** Proofs of it: each is a test that is generated beside the rules. */
  readonly drills: readonly Drill[];
}

/** One course of events, and whether the alert is told an hour into it. */
export interface Drill {
  readonly name: string;
  readonly series: readonly DrillSeries[];
  readonly fires: boolean;
}

/** A series by its labels' ids and its values a minute apart: growth from a value on, or nothing at all for a while. */
export interface DrillSeries {
  readonly series: SeriesId;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (
    | { readonly absent: number }
    | { readonly from: number; readonly perMinute: number; readonly minutes: number }
  )[];
}
