/** Times in reports are UTC and say so once. */

/** `2026-11-20 09:12` */
export function minuteOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** `09:12-09:21`, with the days where they differ or `day` asks for them; seconds where it is all within two minutes. */
export function span(from: number, to: number, day: boolean): string {
  const fine = to - from < 120_000 && (from % 60_000 !== 0 || to % 60_000 !== 0);
  const of = (ms: number) => (fine ? new Date(ms).toISOString().slice(0, 19).replace('T', ' ') : minuteOf(ms));
  const [a, b] = [of(from), of(to)];
  // Midnight at the end of a day is 24:00 of that day.
  const midnight = to % 86_400_000 === 0 && to - from <= 86_400_000 && to > from;
  if (a.slice(0, 10) !== b.slice(0, 10) && !midnight) return `${a} to ${b}`;
  const end = midnight ? '24:00' : b.slice(11);
  return day ? `${a} to ${end}` : `${a.slice(11)}-${end}`;
}
