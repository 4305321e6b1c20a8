import type { Command, Expression, Named } from './parse.ts';

export type Value = string | number | boolean | undefined;
export type Fields = ReadonlyMap<string, Value>;
export type Cell = { readonly field: string; readonly value: string };

/**
 * What AWS does not document, either way. A query of ours must give the same rows in every mood, or it rests on a guess.
 */
export interface Mood {
  /** `missing != "x"` holds. */
  readonly missingDiffers: boolean;
  /** `"-" >= 0` compares as if it were 0; else it never holds. */
  readonly dashIsZero: boolean;
  /** A record without one of the keys is in no group; else the key is absent from its group. */
  readonly needsKeys: boolean;
}

export const moods: readonly Mood[] = [
  { missingDiffers: false, dashIsZero: false, needsKeys: false },
  { missingDiffers: true, dashIsZero: true, needsKeys: true },
];

/** Runs the commands over the events' fields; gives rows of text, absent values left out, as GetQueryResults does. */
export function evaluate(
  commands: readonly Command[],
  events: Iterable<Fields>,
  mood: Mood,
): readonly (readonly Cell[])[] {
  let rows: Map<string, Value>[] = [...events].map((e) => new Map(e));
  let shown: readonly string[] = ['@timestamp', '@message', '@ptr'];
  let grouped = false;
  const value = (e: Expression, row: Fields): Value => valueIn(e, row, mood);
  for (const command of commands) {
    switch (command.kind) {
      case 'filter':
        rows = rows.filter((row) => value(command.test, row) === true);
        break;
      case 'fields':
        for (const row of rows) for (const { expression, name } of command.items) row.set(name, value(expression, row));
        shown = [...command.items.map((i) => i.name), '@ptr'];
        break;
      case 'stats':
        rows = groupBy(rows, command.aggregates, command.by, mood);
        shown = [...command.by, ...command.aggregates].map((i) => i.name);
        grouped = true;
        break;
      case 'sort':
        rows.sort((a, b) => order(value(command.by, a), value(command.by, b)) * (command.descending ? -1 : 1));
        break;
      case 'limit':
        rows = rows.slice(0, command.count);
    }
  }
  const names = [...new Set(shown)].filter((n) => !grouped || n !== '@ptr');
  return rows.map((row) =>
    names.flatMap((field): Cell[] => {
      const v = row.get(field);
      return v === undefined ? [] : [{ field, value: field === '@timestamp' ? moment(Number(v)) : String(v) }];
    }),
  );
}

function groupBy(
  rows: readonly Fields[],
  aggregates: readonly Named[],
  by: readonly Named[],
  mood: Mood,
): Map<string, Value>[] {
  const groups = new Map<string, { readonly keys: readonly Value[]; readonly rows: Fields[] }>();
  for (const row of rows) {
    const keys = by.map(({ expression }) => valueIn(expression, row, mood));
    if (mood.needsKeys && keys.includes(undefined)) continue;
    // Text and number of the same spelling are one group, as they are one text in the answer.
    const id = JSON.stringify(keys.map((k) => (k === undefined ? null : String(k))));
    const group = groups.get(id);
    if (group) group.rows.push(row);
    else groups.set(id, { keys, rows: [row] });
  }
  return [...groups.values()].map((g) => {
    const row = new Map<string, Value>();
    for (const [i, { name }] of by.entries()) row.set(name, g.keys[i]);
    for (const { expression, name } of aggregates) row.set(name, aggregate(expression, g.rows, mood));
    return row;
  });
}

function aggregate(e: Expression, rows: readonly Fields[], mood: Mood): Value {
  if (e.kind !== 'call') return undefined;
  const [argument] = e.args;
  if (argument === undefined) return rows.length;
  const time = (row: Fields) => Number(row.get('@timestamp'));
  const pick = (better: (a: number, b: number) => boolean): Value => {
    const having = rows.filter((r) => valueIn(argument, r, mood) !== undefined);
    const found = having.reduce<Fields | undefined>(
      (best, r) => (!best || better(time(r), time(best)) ? r : best),
      undefined,
    );
    return found && valueIn(argument, found, mood);
  };
  if (e.name === 'earliest') return pick((a, b) => a < b);
  if (e.name === 'latest') return pick((a, b) => a >= b);
  const values = rows.flatMap((r) => valueIn(argument, r, mood) ?? []);
  if (e.name === 'count') return values.length;
  const numbers = values.map(Number).filter((n) => !Number.isNaN(n));
  if (numbers.length === 0) return undefined;
  if (e.name === 'pct') return percentile(numbers, Number(e.args[1] && valueIn(e.args[1], new Map(), mood)));
  const by = { sum: (a: number, b: number) => a + b, min: Math.min, max: Math.max }[e.name];
  return by && numbers.reduce((a, b) => by(a, b));
}

/** The value of that rank; theirs is an estimate where there are many. */
function percentile(numbers: readonly number[], percent: number): Value {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

function valueIn(e: Expression, row: Fields, mood: Mood): Value {
  switch (e.kind) {
    case 'value':
      return e.value;
    case 'field':
      return row.get(e.name);
    case 'not':
      return valueIn(e.of, row, mood) !== true;
    case 'like': {
      const of = valueIn(e.of, row, mood);
      if (of === undefined) return e.negated && mood.missingDiffers;
      const matches = typeof e.pattern === 'string' ? String(of).includes(e.pattern) : e.pattern.test(String(of));
      return matches !== e.negated;
    }
    case 'in': {
      const of = valueIn(e.of, row, mood);
      if (of === undefined) return e.negated && mood.missingDiffers;
      return e.list.some((v) => compare('=', of, v, mood)) !== e.negated;
    }
    case 'binary':
      return binary(e.op, e.left, e.right, row, mood);
    case 'call':
      return call(e.name, e.args, e.span, row, mood);
  }
}

function binary(op: string, left: Expression, right: Expression, row: Fields, mood: Mood): Value {
  const a = valueIn(left, row, mood);
  if (op === 'and') return a === true && valueIn(right, row, mood) === true;
  if (op === 'or') return a === true || valueIn(right, row, mood) === true;
  const b = valueIn(right, row, mood);
  if (!['+', '-', '*', '/'].includes(op)) return compare(op, a, b, mood);
  const [x, y] = [arithmetic(a), arithmetic(b)];
  if (x === undefined || y === undefined) return undefined;
  return op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : x / y;
}

function compare(op: string, a: Value, b: Value, mood: Mood): boolean {
  if (a === undefined || b === undefined) return op === '!=' && mood.missingDiffers;
  const ordered = op !== '=' && op !== '!=';
  const zero = (v: Value, other: Value) =>
    ordered && mood.dashIsZero && v === '-' && typeof other === 'number' ? 0 : v;
  const [x, y] = [arithmetic(zero(a, b)), arithmetic(zero(b, a))];
  if (x !== undefined && y !== undefined) return test(op, x, y);
  if (ordered && (typeof a === 'number' || typeof b === 'number')) return false;
  return test(op, String(a), String(b));
}

function test<T extends string | number>(op: string, a: T, b: T): boolean {
  return { '=': a === b, '!=': a !== b, '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[op] ?? false;
}

function call(name: string, args: readonly Expression[], span: string | undefined, row: Fields, mood: Mood): Value {
  const arg = (i: number): Value => (args[i] === undefined ? undefined : valueIn(args[i], row, mood));
  switch (name) {
    case 'if':
      return arg(0) === true ? arg(1) : arg(2);
    case 'coalesce':
      return args.map((a) => valueIn(a, row, mood)).find((v) => v !== undefined);
    case 'ispresent':
      return arg(0) !== undefined;
    case 'floor': {
      const n = arithmetic(arg(0));
      return n === undefined ? undefined : Math.floor(n);
    }
    case 'least': {
      const [a, b] = [arithmetic(arg(0)), arithmetic(arg(1))];
      return a === undefined || b === undefined ? undefined : Math.min(a, b);
    }
    case 'toMillis':
      return arg(0);
    case 'bin': {
      const ms = Number(span?.slice(0, -1)) * ({ s: 1000, m: 60_000, h: 3_600_000 }[span?.slice(-1) ?? ''] ?? 0);
      return moment(Math.floor(Number(row.get('@timestamp')) / ms) * ms);
    }
  }
  return undefined;
}

function arithmetic(v: Value): number | undefined {
  if (typeof v === 'number') return v;
  if (typeof v !== 'string' || v.trim() === '') return undefined;
  const n = Number(v);
  return Number.isFinite(n) ? n : undefined;
}

const order = (a: Value, b: Value): number => {
  const [x, y] = [arithmetic(a), arithmetic(b)];
  if (x !== undefined && y !== undefined) return x - y;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
};

/** Insights writes times as `2026-11-20 09:12:00.000`, in UTC. */
export const moment = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
