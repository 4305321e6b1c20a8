import type { CustomLabel, SeriesLabel } from '../signals/series.ts';
import type { Query } from './query/expression.ts';

/** A label as boards name it. */
export type BoardLabel = SeriesLabel | CustomLabel;

/** What a number is, whatever a vendor calls it. `share` is 0 to 1; `switch` is 0 or 1. */
export type Unit =
  | 'requests/s'
  | 'events/s'
  | 'seconds'
  | 'milliseconds'
  | 'share'
  | 'bytes'
  | 'bytes/s'
  | 'count'
  | 'days'
  | 'factor'
  | 'switch';

/** From this value on it is so; the first has no lower edge. */
export interface Threshold {
  readonly from: number | undefined;
  readonly means: 'good' | 'watch' | 'bad';
}

/** Where a reader goes from a value with the labels it carries: another board, the logs, the traces. */
export interface Drill {
  /** A board's id. */
  readonly board?: string;
  /** The requests behind the number, in the environment's log store; conditions beside the value's own labels. */
  readonly logs?: LogCondition;
  readonly traces?: true;
}

/** Which access-log records: the words of `vigia triage`. */
export interface LogCondition {
  readonly status?: '5xx' | '4xx' | '0' | '503';
  readonly side?: readonly string[];
  readonly flag?: readonly string[];
  /** Records that failed, whatever the status: those that carry a side. */
  readonly failed?: true;
}

/** A query in a panel. `legend` names the labels that tell its series apart, or is a fixed text. */
export interface Shown {
  readonly query: Query;
  readonly legend: string | readonly BoardLabel[];
}

interface PanelBase {
  /** Stable and unique in its board; a panel's number in Grafana follows from the order in which ids first appeared (layout.ts). */
  readonly id: string;
  readonly title: string;
  /** What to conclude, and what to do. Plain sentences. */
  readonly description: string;
  /** Of 24 columns, and in rows of the grid. */
  readonly width: number;
  readonly height: number;
  readonly drill?: Drill;
  /** What `vigia triage` should be asked after a look at this panel: the exact line is in the panel's description. */
  readonly triage?: LogCondition;
}

interface Measured extends PanelBase {
  readonly unit: Unit;
  readonly thresholds?: readonly Threshold[];
}

export type Panel =
  | (Measured & {
      readonly kind: 'timeseries';
      readonly shown: readonly Shown[];
      readonly stacked?: true;
      /** Values of this label have colours and long names of their own. */
      readonly decode?: 'side' | 'flag' | 'statusClass';
      /** The axis ends here, or at least begins at 0 (default). */
      readonly max?: number;
    })
  | (Measured & {
      readonly kind: 'stat';
      readonly query: Query /** Shown where there is no value. */;
      readonly none?: string;
    })
  | (PanelBase & {
      readonly kind: 'table';
      /** One row for each combination of these. */
      readonly by: readonly BoardLabel[];
      readonly columns: readonly {
        readonly title: string;
        readonly query: Query;
        readonly unit: Unit;
        readonly thresholds?: readonly Threshold[];
      }[];
      /** Rows are sorted by the first column, greatest first, and cut here. */
      readonly limit: number;
    })
  | (Measured & {
      readonly kind: 'bars';
      /** Digits behind the point, where the unit's own would round a value over a threshold. */
      readonly decimals?: number;
      readonly query: Query;
      readonly by: readonly BoardLabel[];
      readonly limit: number;
    })
  | (Measured & { readonly kind: 'heatmap'; readonly query: Query })
  | (PanelBase & { readonly kind: 'logs'; readonly condition: LogCondition })
  | (PanelBase & { readonly kind: 'text'; readonly markdown: string });

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly collapsed?: true;
}

/**
 * A dashboard, for either vendor. `scope` are its variables: every query of the board is also filtered by each of them that its series
 * carries, so panels do not repeat them.
 */
export interface Board {
  /** `overview`: `vigia-overview` in Grafana, a marker in Datadog. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly scope: readonly BoardLabel[];
  readonly rows: readonly Row[];
}
