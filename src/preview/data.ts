import type { BoardLabel, LogCondition } from '../boards/board.ts';
import type { Answer } from '../boards/query/evaluate.ts';
import type { Query } from '../boards/query/expression.ts';
import type { AccessRecord } from '../logs/record.ts';

/** A line of a chart: one value for each time, null where there is none. */
export interface Line {
  readonly labels: Readonly<Partial<Record<BoardLabel, string>>>;
  readonly values: readonly (number | null)[];
}

/** A histogram's new observations in each column of time and bucket; `edges` are the buckets' upper ends, the last is Infinity. */
export interface Heat {
  readonly edges: readonly number[];
  readonly columns: readonly (readonly number[])[];
}

/** What boards are drawn from: a recorded access log, or a Prometheus. Times are epoch ms. */
export interface PreviewData {
  /** Where it is from, in words for the reader. */
  readonly source: string;
  /** The access logs that they were read from; none when it was something else. */
  readonly files: readonly string[];
  readonly from: number;
  readonly to: number;
  /** The times of a chart's points. */
  readonly times: readonly number[];
  /** What a query asks for that these data can't have, whatever happened; undefined when it can be answered. */
  lacks(query: Query): string | undefined;
  lines(query: Query): Promise<readonly Line[]>;
  now(query: Query): Promise<readonly Answer[]>;
  heat(query: Query): Promise<Heat>;
  /** The records that meet a condition, newest first; or why there are none to be had. */
  records(condition: LogCondition, limit: number): Promise<readonly AccessRecord[] | string>;
}
