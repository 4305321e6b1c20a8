import { Misuse } from './misuse.ts';

const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `500MB`, `20GB`, `1.5TB` in bytes; powers of ten, as stores bill. */
export function parseSize(text: string, flag: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB|TB)$/.exec(text);
  const bytes = Number(found?.[1]) * (units[found?.[2] ?? ''] ?? Number.NaN);
  if (!(bytes > 0)) throw new Misuse(`${flag} ${text}: not a size`, 'write it as 500MB, 20GB or 2TB');
  return bytes;
}
