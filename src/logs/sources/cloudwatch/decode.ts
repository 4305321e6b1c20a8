import type { ResultField } from '@aws-sdk/client-cloudwatch-logs';
import { timeOf } from '../../read/value.ts';
import type { Aggregation, KeyId } from '../../remote/expression.ts';
import { numberIn, type Row } from '../../remote/rows.ts';

export type Cells = ReadonlyMap<string, string>;

/** A result's row by field; fields without a value are left out of it. */
export const cellsOf = (row: readonly ResultField[]): Cells =>
  new Map(row.flatMap(({ field, value }) => (field === undefined || value === undefined ? [] : [[field, value]])));

/** A grouped row of language.ts' counting query. */
export function rowOf(cells: Cells, aggregation: Aggregation): Row {
  const keys: Partial<Record<KeyId, string>> = {};
  for (const { id } of [...aggregation.keys, ...aggregation.failingKeys]) {
    const text = cells.get(`v_${id}`);
    if (text !== undefined) keys[id] = text;
  }
  const number = (name: string) => numberIn(cells.get(name));
  const records = number('v_records') ?? 0;
  return {
    plain: cells.get('v_failing') === '0',
    keys,
    time: momentIn(cells.get('v_time')),
    records,
    requests: number('v_requests') ?? records,
    weighted: number('v_weighted') ?? 0,
    first: number('v_first'),
    last: number('v_last'),
    durationMin: number('v_duration_min'),
    durationMax: number('v_duration_max'),
    ageMin: number('v_age_min'),
    ageMax: number('v_age_max'),
    timed: number('v_timed') ?? 0,
    atLeast: aggregation.distribution.map((edge) => number(`v_from_${edge}`) ?? 0),
  };
}

/** `2026-11-20 09:12:00.000` (UTC, as Insights writes times) or epoch ms (as moto does), in epoch ms. */
export const momentIn = (text: string | undefined): number | undefined => timeOf(text ?? null) ?? undefined;
