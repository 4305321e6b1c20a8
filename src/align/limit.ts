import { kubernetesDuration } from '../contract/kubernetes-duration.ts';

/** How long somebody waits, and who says so. */
export interface Limit {
  /** Milliseconds; Infinity where nothing ends it. */
  readonly ms: number;
  /** `vigia.yaml`, `Envoy's default`, `HTTPRoute shop/checkout`, ... */
  readonly from: string;
}

export const never = Number.POSITIVE_INFINITY;

export const contract = 'vigia.yaml';

/** A limit as people write it: `4s`, `75s`, `1h`, `no limit`. Up to ten minutes in seconds, as AWS and most servers have it. */
export function spelled(ms: number): string {
  if (ms === never) return 'no limit';
  return ms >= 1_000 && ms < 600_000 && ms % 1_000 === 0 ? `${ms / 1_000}s` : kubernetesDuration(ms);
}

/** `60s (vigia.yaml)` */
export const waits = (lb: { readonly idleTimeoutMs: number; readonly from: string }): string =>
  told({ ms: lb.idleTimeoutMs, from: lb.from });

/** `1h (Envoy's default)` */
export const told = (limit: Limit): string => `${spelled(limit.ms)} (${limit.from})`;

/** A limit that is safely below another: a tenth, at least a second. */
export function below(ms: number): number {
  if (ms < 2_000) return Math.max(1, Math.floor(ms * 0.75));
  return Math.floor((ms - Math.max(1_000, ms / 10)) / 1_000) * 1_000;
}

/** And one that is safely above: a quarter, at least ten seconds. */
export const above = (ms: number): number => Math.ceil((ms + Math.max(10_000, ms / 4)) / 5_000) * 5_000;
