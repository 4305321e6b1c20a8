/** `812 B`, `64 kB`, `1.2 GB`: powers of ten, as stores bill. */
export function bytesInWords(n: number): string {
  const [unit, by] = units.find(([, least]) => n >= least) ?? ['B', 1];
  const value = n / by;
  return `${by > 1 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

const units: readonly (readonly [string, number])[] = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
];

/** `about 0.03 USD`; never 0 for something that costs. */
export const dollarsInWords = (n: number): string =>
  n > 0 && n < 0.005 ? 'less than 0.01 USD' : `about ${n.toFixed(2)} USD`;
