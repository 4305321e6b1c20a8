/**
 * A text as a PromQL string, by Go's escapes: whatever it holds, it is one string
 * (https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals). Half a surrogate pair, which UTF-8 can't spell, is U+FFFD.
 */
export function quoted(text: string): string {
  const escaped = text
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/["\\\u0000-\u001f\u007f]/g, (c) => short[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}

const short: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as a regular expression (RE2) that matches it alone. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Milliseconds as PromQL writes them, in the largest unit that takes them whole: `5m`, `90s`, `3d`. */
export function duration(ms: number): string {
  for (const [unit, size] of units) if (ms % size === 0 && ms >= size) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** An expression and how tightly its outermost operator binds, so that brackets stand only where they change something. */
export interface Term {
  readonly text: string;
  readonly level: number;
}

/** PromQL's precedence, loosest first (https://prometheus.io/docs/prometheus/latest/querying/operators/#binary-operator-precedence). */
const levels = { or: 1, and: 2, unless: 2, '>': 3, '>=': 3, '+': 4, '-': 4, '*': 5, '/': 5 } as const;
const call = 6;

/** A call, an aggregation, a selector, a number: nothing can take it apart. */
export const whole = (text: string): Term => ({ text, level: call });

/** `left op right`; all operators associate to the left. */
export function binary(left: Term, op: keyof typeof levels, right: Term): Term {
  const level = levels[op];
  return { text: `${within(left, level)} ${op} ${within(right, level + 1)}`, level };
}

const within = ({ text, level }: Term, least: number): string => (level < least ? `(${text})` : text);

/** `left`, and 0 where only `right` is: both must carry the same labels. */
export const orZero = (left: Term, right: Term): Term => binary(left, 'or', binary(right, '*', whole('0')));
