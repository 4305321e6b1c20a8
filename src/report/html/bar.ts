import { type Side, sides } from '../../triage/side.ts';
import type { Window } from '../../triage/triage.ts';
import { type Html, html } from './html-escape.ts';

// Widths are percentages of attributes, not styles: the page's policy allows no inline style, and patterns must not stretch.
const at = (part: number, whole: number): string => `${whole <= 0 ? 0 : Number(((100 * part) / whole).toFixed(3))}%`;

/** The patterns that tell sides apart without colour; once a page. The charts' script draws the same ones. */
export const patterns: Html = html`<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="p-backend" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="c-backend" width="6" height="6"/></pattern>
<pattern id="p-gateway" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="c-gateway" width="6" height="6"/><path class="mark" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"/></pattern>
<pattern id="p-between" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="c-between" width="6" height="6"/><path class="mark" d="M0 3H6"/></pattern>
<pattern id="p-client" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="c-client" width="6" height="6"/><path class="mark" d="M3 0V6"/></pattern>
<pattern id="p-policy" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="c-policy" width="6" height="6"/><path class="mark" d="M-1 -1L7 7M-1 5L1 7M5 -1L7 1"/></pattern>
<pattern id="p-unknown" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="c-unknown" width="6" height="6"/><path class="mark" d="M0 3H6M3 0V6"/></pattern>
</defs></svg>`;

/** A small square in a side's colour and pattern. */
export const swatch = (side: Side): Html =>
  html`<svg class="swatch" width="12" height="12" aria-hidden="true" focusable="false"><rect class="s-${side}" width="12" height="12"/></svg>`;

/** A side as a word that also has its colour and pattern. */
export const badge = (side: Side): Html => html`<span class="badge">${swatch(side)}${side}</span>`;

/** Sides that have any, most first. */
export const bySize = (bySide: Readonly<Partial<Record<Side, number>>>): readonly Side[] =>
  sides.filter((s) => (bySide[s] ?? 0) > 0).sort((a, b) => (bySide[b] ?? 0) - (bySide[a] ?? 0));

/** Sides by their share, as one bar; the numbers stand beside it in text. */
export function stacked(
  bySide: Readonly<Partial<Record<Side, number>>>,
  whole: number,
  height: number,
  order = bySize(bySide),
): Html {
  let x = 0;
  const parts = order.map((side) => {
    const n = bySide[side] ?? 0;
    x += n;
    return html`<rect class="s-${side}" x="${at(x - n, whole)}" width="${at(n, whole)}" height="${height}"/>`;
  });
  return html`<svg class="stacked" width="100%" height="${height}" aria-hidden="true" focusable="false">${parts}</svg>`;
}

/** One share as a bar. */
export const share = (part: number, whole: number, side: Side): Html =>
  html`<svg class="share" width="100%" height="4" aria-hidden="true" focusable="false"><rect class="faint" width="100%" height="4"/><rect class="c-${side}" width="${at(part, whole)}" height="4"/></svg>`;

/** When a cause was active within the whole time; short windows stay visible. */
export function strip(windows: readonly Window[], from: number, to: number, side: Side): Html {
  const whole = to - from;
  const rects = windows.map((w) => {
    const width = Math.max(w.to - w.from, whole / 150);
    return html`<rect class="c-${side}" x="${at(Math.min(w.from - from, whole - width), whole)}" width="${at(width, whole)}" y="1" height="10"/>`;
  });
  return html`<svg class="strip" width="100%" height="12" aria-hidden="true" focusable="false"><rect class="track" width="100%" y="5" height="2"/>${rects}</svg>`;
}
