/** A text as a PromQL string: whatever it holds, it is one string. Go's escapes; https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals */
export function quoted(text: string): string {
  const escaped = text.replace(
    /["\\\n\r\t]|[\u0000-\u001f\u007f]/g,
    (c) => short[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
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
