import type { Triage } from '../triage/triage.ts';

const blocks = ' ▁▂▃▄▅▆▇█';

/** Failures over time in one line of text, each column an equal stretch of the window; undefined without times. */
export function sparkline(t: Triage, width: number): string | undefined {
  const { points, bucketMs } = t.timeline;
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || last.time === first.time) return undefined;
  const columns = Math.min(width, (last.time - first.time) / bucketMs + 1, 72);
  const each = (last.time + bucketMs - first.time) / columns;
  const sums = new Array<number>(Math.floor(columns)).fill(0);
  for (const p of points) {
    const at = Math.min(sums.length - 1, Math.floor((p.time - first.time) / each));
    sums[at] = (sums[at] ?? 0) + Object.values(p.sides).reduce((a, b) => a + b, 0);
  }
  const top = Math.max(...sums);
  // Anything at all is visible: the lowest block is for one failure, not for none.
  return top === 0 ? undefined : sums.map((n) => blocks[n === 0 ? 0 : Math.max(1, Math.round((n / top) * 8))]).join('');
}
