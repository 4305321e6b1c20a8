import { flagOf, type Signature } from '../signature.ts';
import type { Window } from './from-question.ts';

/**
 * The shortest window that holds at least one request of each kind of failure (route, status, flag, details), in whole buckets: samples are
 * looked for there alone, because a store bills by the time that is scanned. Undefined without failures or times.
 */
export function sampleWindow(signatures: readonly Signature[], bucketMs: number): Window | undefined {
  const met = signatures
    .flatMap((s) => (s.time === null ? [] : [{ time: s.time, kind: kindOf(s) }]))
    .sort((a, b) => a.time - b.time);
  const kinds = new Set(met.map((m) => m.kind)).size;
  const inside = new Map<string, number>();
  let best: Window | undefined;
  let start = 0;
  for (const { time, kind } of met) {
    inside.set(kind, (inside.get(kind) ?? 0) + 1);
    for (let first = met[start]; first && inside.size === kinds; first = met[++start]) {
      const length = time + bucketMs - first.time;
      if (!best || length < best.to - best.from) best = { from: first.time, to: time + bucketMs };
      const left = (inside.get(first.kind) ?? 0) - 1;
      if (left > 0) inside.set(first.kind, left);
      else inside.delete(first.kind);
    }
  }
  return best;
}

const kindOf = (s: Signature): string => `${s.route} ${s.status} ${flagOf(s)} ${s.details}`;
