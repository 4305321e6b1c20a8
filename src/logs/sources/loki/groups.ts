import type { FieldId } from '../../../envoy/fields.ts';
import { all, isSet, isUnset, type Key, type KeyId, type Test } from '../../remote/expression.ts';
import type { Window } from '../../remote/from-question.ts';
import type { Row } from '../../remote/rows.ts';
import { halves } from '../../remote/window.ts';
import { type Client, type Series, TooManySeries } from './client.ts';
import { keyLabel, type LogQl, numeric, seconds } from './language.ts';

export interface Grouping {
  readonly client: Client;
  readonly logql: LogQl;
  readonly window: Window;
  readonly bucketMs: number;
  readonly where: Test;
  readonly keys: readonly Key[];
  /** Records of which nothing fails: their least and greatest duration and connection age are not asked for. */
  readonly plain: boolean;
  readonly weight: FieldId | undefined;
  /** A key had to be left out. */
  cut(): void;
}

/** Keys in the order in which they go when even one time bucket has too many groups: what a verdict can spare first. */
const spared: readonly KeyId[] = ['host', 'replySize', 'transportFailure', 'age', 'attempts', 'duration', 'backend'];

/**
 * Requests by keys and time bucket. Loki answers at whole steps, so the window's ragged ends are asked for apart; and only a few hundred series
 * at once, so what is too much is asked for in halves, and within one bucket with fewer keys.
 */
export async function groupsIn(grouping: Grouping): Promise<readonly Row[]> {
  const { window, bucketMs } = grouping;
  const first = Math.ceil(window.from / bucketMs) * bucketMs;
  const last = Math.floor(window.to / bucketMs) * bucketMs;
  const parts: Window[] =
    first >= last
      ? first < window.to && first > window.from
        ? [
            { from: window.from, to: first },
            { from: first, to: window.to },
          ]
        : [window]
      : [
          ...(window.from < first ? [{ from: window.from, to: first }] : []),
          { from: first, to: last },
          ...(last < window.to ? [{ from: last, to: window.to }] : []),
        ];
  const rows: Row[] = [];
  for (const part of parts) rows.push(...(await ask(grouping, part)));
  return rows;
}

async function ask(grouping: Grouping, part: Window): Promise<readonly Row[]> {
  try {
    return await rowsOf(grouping, part);
  } catch (error) {
    if (!(error instanceof TooManySeries)) throw error;
    const halved = halves(part, grouping.bucketMs);
    if (halved) return [...(await ask(grouping, halved[0])), ...(await ask(grouping, halved[1]))];
    const present = new Set(grouping.keys.map((k) => k.id));
    const next = spared.find((id) => present.has(id));
    if (next === undefined) throw error;
    grouping.cut();
    return ask({ ...grouping, keys: grouping.keys.filter((k) => k.id !== next) }, part);
  }
}

type Merged = { -readonly [K in keyof Row]: Row[K] };

async function rowsOf(grouping: Grouping, part: Window): Promise<readonly Row[]> {
  const { logql, keys, where, weight, plain } = grouping;
  const merged = new Map<string, Merged>();
  const add = (series: readonly Series[], put: (row: Merged, value: number) => void): void => {
    for (const { metric, values } of series)
      for (const [time, value] of values) {
        const texts = keys.map((k) => metric[keyLabel(k)] ?? '');
        const id = JSON.stringify([time, ...texts]);
        let row = merged.get(id);
        if (!row) {
          const named = keys.flatMap(({ id: key }, i) => (texts[i] ? [[key, texts[i]] as const] : []));
          row = { ...empty, plain, keys: Object.fromEntries(named), time };
          merged.set(id, row);
        }
        put(row, value);
      }
  };
  const by = `by (${keys.map(keyLabel).join(', ')})`;
  const counted = (test: Test) =>
    sampled(grouping, part, (range) => `sum ${by} (count_over_time(${logql.pipeline(test, keys)} ${range}))`);
  const over = (how: string, test: Test, read: FieldId) =>
    sampled(
      grouping,
      part,
      (range) =>
        `${how === 'sum' ? 'sum' : how} ${by} (${how}_over_time(${logql.pipeline(test, keys, [read])} | unwrap ${numeric(read)} ${range})${how === 'sum' ? '' : ` ${by}`})`,
    );
  add(await counted(weight === undefined ? where : all(where, isUnset(weight))), (row, n) => {
    row.records += n;
    row.requests += n;
  });
  if (weight !== undefined) {
    const heavy = all(where, isSet(weight));
    add(await counted(heavy), (row, n) => {
      row.records += n;
      row.weighted += n;
    });
    add(await over('sum', heavy, weight), (row, n) => {
      row.requests += n;
    });
  }
  if (plain || merged.size === 0) return [...merged.values()];
  for (const [read, least, greatest] of [
    ['duration', 'durationMin', 'durationMax'],
    ['connectionAge', 'ageMin', 'ageMax'],
  ] as const) {
    if (!logql.has(read)) continue;
    const known: Test = all(where, { kind: 'number', read });
    add(await over('min', known, read), (row, n) => {
      row[least] = n;
    });
    add(await over('max', known, read), (row, n) => {
      row[greatest] = n;
    });
  }
  return [...merged.values()];
}

const empty: Row = {
  plain: false,
  keys: {},
  time: undefined,
  records: 0,
  requests: 0,
  weighted: 0,
  first: undefined,
  last: undefined,
  durationMin: undefined,
  durationMax: undefined,
  ageMin: undefined,
  ageMax: undefined,
  timed: 0,
  atLeast: [],
};

/**
 * The query at each bucket of the part, times made the buckets' starts. A range vector is (t - r, t]: one millisecond of `offset` makes it [t - r, t) for
 * times in whole milliseconds, and an instant's time is set a nanosecond before the end.
 */
async function sampled(
  { client, bucketMs }: Grouping,
  { from, to }: Window,
  query: (range: string) => string,
): Promise<readonly Series[]> {
  const whole = from % bucketMs === 0 && to % bucketMs === 0;
  if (!whole || to - from === bucketMs) {
    const found = await client.instant(query(`[${seconds(to - from)}]`), BigInt(to) * 1_000_000n - 1n);
    const time = Math.floor(from / bucketMs) * bucketMs;
    return found.map(({ metric, values }) => ({ metric, values: values.map(([, n]) => [time, n] as const) }));
  }
  const found = await client.range(query(`[${seconds(bucketMs)}] offset 1ms`), from + bucketMs, to, bucketMs);
  return found.map(({ metric, values }) => ({ metric, values: values.map(([t, n]) => [t - bucketMs, n] as const) }));
}
