import type { Threshold, Unit } from '../boards/board.ts';

/**
 * A number with its unit, as Grafana's panels would write it; a share with so many `decimals`, where they are given. Runs in the page too, as its own source text: so it uses nothing from outside and
 * no type but JavaScript's.
 */
export function formatted(value: number, unit: Unit, decimals?: number): string {
  const short = (n: number, digits: number): string => String(Number(n.toPrecision(digits)));
  const scaled = (n: number, base: number, names: readonly string[]): string => {
    let [left, i] = [n, 0];
    while (Math.abs(left) >= base && i < names.length - 1) {
      left /= base;
      i++;
    }
    return short(left, 3) + (names[i] ?? '');
  };
  const counted = (n: number): string =>
    Math.abs(n) >= 10000 ? scaled(n, 1000, ['', ' k', ' M', ' G', ' T']) : short(n, Math.abs(n) >= 1000 ? 4 : 3);
  const bytes = ['\u00a0B', '\u00a0KiB', '\u00a0MiB', '\u00a0GiB', '\u00a0TiB'];
  const seconds = (n: number): string => {
    const size = Math.abs(n);
    if (size === 0) return '0 s';
    if (size < 0.001) return `${short(n * 1e6, 3)} µs`;
    if (size < 1) return `${short(n * 1000, 3)} ms`;
    if (size < 120) return `${short(n, 3)} s`;
    if (size < 7200) return `${short(n / 60, 3)} min`;
    return size < 172800 ? `${short(n / 3600, 3)} h` : `${short(n / 86400, 3)} d`;
  };
  switch (unit) {
    case 'seconds':
      return seconds(value);
    case 'milliseconds':
      return seconds(value / 1000);
    case 'share':
      if (decimals !== undefined) return `${Number((value * 100).toFixed(decimals))} %`;
      return `${short(value * 100, Math.abs(value) < 1 ? 3 : 4)} %`;
    case 'bytes':
      return scaled(value, 1024, bytes);
    case 'bytes/s':
      return `${scaled(value, 1024, bytes)}/s`;
    case 'requests/s':
      return `${counted(value)} req/s`;
    case 'events/s':
      return `${counted(value)} /s`;
    case 'days':
      return `${counted(value)} d`;
    case 'factor':
      return `${counted(value)}×`;
    case 'switch':
      return value >= 1 ? 'yes' : 'no';
    default:
      return counted(value);
  }
}

/** What a value means by its panel's thresholds. */
export const meaningOf = (
  value: number,
  thresholds: readonly Threshold[] | undefined,
): Threshold['means'] | undefined => thresholds?.findLast(({ from }) => from === undefined || value >= from)?.means;
