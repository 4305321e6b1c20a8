/** Times in reports are UTC and say so once. */

/** `2026-11-20 09:12` */
export function minuteOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** `09:12-09:21`, with the days where they differ or `day` asks for them. */
export function span(from: number, to: number, day: boolean): string {
  const [a, b] = [minuteOf(from), minuteOf(to)];
  const sameDay = a.slice(0, 10) === b.slice(0, 10) || to % 86_400_000 === 0;
  const end =
    to % 86_400_000 === 0 && a.slice(0, 10) !== b.slice(0, 10) && sameDay && to - from <= 86_400_000
      ? '24:00'
      : b.slice(11);
  if (sameDay) return day ? `${a} to ${end}` : `${a.slice(11)}-${end}`;
  return `${a} to ${b}`;
}
