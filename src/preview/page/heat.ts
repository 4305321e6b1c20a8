import type { Unit } from '../../boards/board.ts';
import { type Html, html } from '../../report/html/html-escape.ts';
import type { Heat } from '../data.ts';
import { formatted } from '../units.ts';

/** Columns at most; more are joined. */
const most = 120;

/** A heat map: time to the right, buckets upwards, darker where more requests are (by the logarithm, or the common ones hide all others). */
export function heat({ edges, columns }: Heat, times: readonly number[], unit: Unit): Html {
  const by = Math.ceil(columns.length / most);
  const joined = Array.from({ length: Math.ceil(columns.length / by) }, (_, i) =>
    edges.map((_, n) => columns.slice(i * by, (i + 1) * by).reduce((sum, c) => sum + (c[n] ?? 0), 0)),
  );
  const busy = edges.map((_, n) => joined.some((c) => (c[n] ?? 0) > 0));
  const [low, high] = [Math.max(0, busy.indexOf(true)), Math.max(0, busy.lastIndexOf(true))];
  const greatest = Math.max(1, ...joined.flat());
  const cells = joined.flatMap((column, x) =>
    column.flatMap((n, i) => {
      if (n <= 0 || i < low || i > high) return [];
      const strength = 0.12 + (0.88 * Math.log1p(n)) / Math.log1p(greatest);
      return [html`<rect x="${x}" y="${high - i}" width="1" height="1" fill-opacity="${strength.toFixed(2)}"/>`];
    }),
  );
  const shown = edges.slice(low, high + 1).reverse();
  const name = (edge: number): string =>
    Number.isFinite(edge) ? formatted(edge, unit) : `> ${formatted(edges.at(-2) ?? 0, unit)}`;
  const clock = (t: number | undefined): string => (t === undefined ? '' : new Date(t).toISOString().slice(11, 16));
  return html`<div class="heat"><div class="edges" aria-hidden="true">${shown.map((e) => html`<span>${name(e)}</span>`)}</div><svg viewBox="0 0 ${joined.length} ${shown.length}" preserveAspectRatio="none" shape-rendering="crispEdges" role="img" aria-label="How many requests took how long, from ${name(edges[low] ?? 0)} to ${name(edges[high] ?? 0)}">${cells}</svg><div class="times" aria-hidden="true"><span>${clock(times[0])}</span><span>${clock(times[Math.floor(times.length / 2)])}</span><span>${clock(times.at(-1))}</span></div></div>`;
}
