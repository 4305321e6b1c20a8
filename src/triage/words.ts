/** Numbers as people say them. The same words go into evidence, text, markdown and HTML. */

/** Milliseconds as `3 ms`, `59.8 s`, `6 min`, `2.5 h`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || Number.isNaN(ms)) return 'an unknown time';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 90_000) return `${trim(ms / 1000)} s`;
  return ms < 5_400_000 ? `${trim(ms / 60_000)} min` : `${trim(ms / 3_600_000)} h`;
}

const trim = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toFixed(1).replace(/\.0$/, ''));

/** `3 ms`, or `0-4 ms`, or `950 ms to 3.2 s`. */
export function range(min: number | undefined, max: number | undefined): string {
  const low = duration(min);
  const high = duration(max);
  if (low === high) return low;
  const [a, unitA] = low.split(' ');
  const [b, unitB] = high.split(' ');
  return unitA === unitB ? `${a}-${b} ${unitA}` : `${low} to ${high}`;
}

/** `1,204`. By hand: the first use of a locale's format costs as much as reading ten thousand lines. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `0.4 %`, `12 %`; never `0 %` for something that happened, nor `100 %` for what is less than all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const p = (100 * part) / whole;
  if (p === 0) return '0 %';
  if (p < 0.01) return '<0.01 %';
  if (p >= 99.5 && part < whole) return '>99 %';
  return `${p < 1 ? p.toFixed(2) : p < 10 ? p.toFixed(1) : p.toFixed(0)} %`;
}

/** `1 request`, `3 requests` */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
