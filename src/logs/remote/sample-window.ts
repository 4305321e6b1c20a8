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

/**
 * The same in several short windows, at most so many, for a store that bills by the time that is scanned and not by the query: buckets that
 * hold the most kinds not yet seen, then the nearest joined until they are few enough. Together never longer than the one window needs to be.
 */
export function sampleWindows(signatures: readonly Signature[], bucketMs: number, most: number): readonly Window[] {
  const buckets = new Map<number, Set<string>>();
  for (const s of signatures) {
    if (s.time === null) continue;
    const kinds = buckets.get(s.time) ?? new Set();
    buckets.set(s.time, kinds.add(kindOf(s)));
  }
  const missing = new Set([...buckets.values()].flatMap((kinds) => [...kinds]));
  const chosen: Window[] = [];
  while (missing.size > 0) {
    let best: { readonly time: number; readonly gain: number } | undefined;
    for (const [time, kinds] of buckets) {
      const gain = [...kinds].reduce((n, k) => n + (missing.has(k) ? 1 : 0), 0);
      if (!best || gain > best.gain || (gain === best.gain && time < best.time)) best = { time, gain };
    }
    if (!best) break;
    for (const kind of buckets.get(best.time) ?? []) missing.delete(kind);
    chosen.push({ from: best.time, to: best.time + bucketMs });
  }
  const several = joined(chosen, most);
  const one = sampleWindow(signatures, bucketMs);
  return one && length([one]) <= length(several) ? [one] : several;
}

/** Neighbours become one, and then the two with the least between them, until there are no more than so many. */
function joined(windows: readonly Window[], most: number): readonly Window[] {
  const sorted = [...windows].sort((a, b) => a.from - b.from);
  const gap = (i: number) => (sorted[i + 1]?.from ?? Number.POSITIVE_INFINITY) - (sorted[i]?.to ?? 0);
  for (;;) {
    let nearest = 0;
    for (let i = 1; i < sorted.length - 1; i++) if (gap(i) < gap(nearest)) nearest = i;
    const [a, b] = [sorted[nearest], sorted[nearest + 1]];
    if (!a || !b || (gap(nearest) > 0 && sorted.length <= most)) return sorted;
    sorted.splice(nearest, 2, { from: a.from, to: b.to });
  }
}

const length = (windows: readonly Window[]): number => windows.reduce((sum, w) => sum + w.to - w.from, 0);

const kindOf = (s: Signature): string => `${s.route} ${s.status} ${flagOf(s)} ${s.details}`;
