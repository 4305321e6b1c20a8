/** Kubernetes' quantities of time for kgateway: whole numbers of at most five digits (`1.5s` and `100000s` are refused). */
export function kubernetesDuration(ms: number): string {
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const)
    if (ms > 0 && ms % size === 0) return `${ms / size}${unit}`;
  return ms < 100_000 ? `${ms}ms` : `${Math.floor(ms / 1_000)}s${ms % 1_000}ms`;
}

const sizes = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/** Milliseconds of a Gateway API duration (GEP-2257: `1h30m`, `500ms`, `0s`); undefined when it is none. */
export function readKubernetesDuration(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d{1,5}(h|ms|m|s)){1,4}$/.test(value)) return undefined;
  let ms = 0;
  for (const [, count, unit] of value.matchAll(/(\d+)(h|ms|m|s)/g))
    ms += Number(count) * sizes[unit as keyof typeof sizes];
  return ms;
}
