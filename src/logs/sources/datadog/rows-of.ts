import type { FieldId } from '../../../envoy/fields.ts';
import type { KeyId } from '../../remote/expression.ts';
import type { Row } from '../../remote/rows.ts';
import type { Bucket, Compute } from './client.ts';

type Points = readonly (readonly [number, number])[];

/** A bucket's counts over time as rows: computes are the count, then the extremes asked for, or the sum of weights. */
export function rowsOf(
  { computes }: Bucket,
  keys: Partial<Record<KeyId, string>>,
  plain: boolean,
  extremes: readonly Compute[],
  has: (read: FieldId) => boolean,
  weighted = false,
): readonly Row[] {
  const points = (i: number): Points => (Array.isArray(computes[i]) ? (computes[i] as Points) : []);
  const over = computes.map((_, i) => new Map(points(i)));
  const age = has('duration') ? 3 : 1;
  return points(0)
    .filter(([, n]) => n > 0)
    .map(([time, n]) => ({
      plain,
      keys,
      time,
      records: n,
      requests: weighted ? (over[1]?.get(time) ?? n) : n,
      weighted: weighted ? n : 0,
      first: undefined,
      last: undefined,
      durationMin: extremes.length > 0 && has('duration') ? over[1]?.get(time) : undefined,
      durationMax: extremes.length > 0 && has('duration') ? over[2]?.get(time) : undefined,
      ageMin: extremes.length > 0 && has('connectionAge') ? over[age]?.get(time) : undefined,
      ageMax: extremes.length > 0 && has('connectionAge') ? over[age + 1]?.get(time) : undefined,
      timed: 0,
      atLeast: [],
    }));
}

/** What the groups of an answer that was cut do not hold, by status and time: its names are lost, its number is not. */
export function beyond(
  found: readonly Bucket[],
  whole: readonly Bucket[],
  status: string,
  known: Partial<Record<KeyId, string>>,
): readonly Row[] {
  const held = new Map<string, number>();
  for (const { by, computes } of found)
    for (const [time, n] of Array.isArray(computes[0]) ? (computes[0] as Points) : []) {
      const at = `${by[status]} ${time}`;
      held.set(at, (held.get(at) ?? 0) + n);
    }
  return whole.flatMap(({ by, computes }) => {
    const left = (Array.isArray(computes[0]) ? (computes[0] as Points) : []).map(
      ([time, n]) => [time, n - (held.get(`${by[status]} ${time}`) ?? 0)] as const,
    );
    const keys = {
      ...known,
      route: '(other)',
      ...(by[status] === undefined || by[status] === '-' ? {} : { status: by[status] }),
    };
    return rowsOf({ by, computes: [left] }, keys, false, [], () => false);
  });
}
