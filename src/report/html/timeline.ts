import type { Triage } from '../../triage/triage.ts';
import { count, duration, percent, plural } from '../../triage/words.ts';
import { span } from '../when.ts';
import { swatch } from './bar.ts';
import { type Html, html } from './html-escape.ts';
import { table } from './table.ts';
import type { TimelineData } from './timeline-data.ts';
import { wholeTime } from './whole-time.ts';

const rows = 30;
const nice = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 10_080, 43_200];

/** Requests, failures by side and verdicts over time: the boxes that the script draws into, and the same numbers as a table. */
export function timeline(t: Triage, data: TimelineData | undefined): Html {
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline <span class="note">UTC</span></h2>${data ? drawn(t, data) : none(t)}</section>`;
}

function drawn(t: Triage, data: TimelineData): Html {
  const total = data.sides.map(({ side }) => html`<li>${swatch(side)}${side} ${count(t.totals.sides[side])}</li>`);
  return html`<p class="noscript note">The charts need JavaScript; the table below holds the same numbers.</p>
<div class="plots" id="plots" tabindex="0" role="group" aria-label="Requests, failures by side and active verdicts over time. Arrow keys move the cursor, plus and minus zoom, Escape shows the whole time. The table below holds the same numbers.">
<p class="axis-title">requests</p><div class="plot ${data.sides.length > 0 ? 'requests' : 'alone'}" id="plot-requests"></div>
${data.sides.length > 0 && html`<p class="axis-title">failures by side</p><div class="plot failures" id="plot-failures"></div>`}
${data.lanes.length > 0 && html`<p class="axis-title">active verdicts</p><div class="plot lanes-${data.lanes.length}" id="plot-lanes"></div>`}
</div>
<div class="under"><p class="readout" id="readout" aria-live="polite">Point at a bar for its numbers; drag to zoom.</p><button type="button" id="whole" disabled>Whole time</button></div>
${total.length > 0 && html`<ul class="legend">${total}</ul>`}
${asTable(t, data)}`;
}

function none(t: Triage): Html {
  const why =
    t.totals.requests === 0
      ? 'There is nothing to draw.'
      : 'No line carries a time that could be read, so there is no timeline and no verdict says when: log %START_TIME%.';
  return html`<p class="note">${why}</p>`;
}

function asTable(t: Triage, data: TimelineData): Html {
  const minutes = data.step / 60_000;
  const wanted = (data.buckets * minutes) / rows;
  const each = Math.max(minutes, nice.find((n) => n >= wanted) ?? Math.ceil(wanted)) * 60_000;
  const days = wholeTime(t)?.days ?? true;
  const sums = new Map<number, { requests: number; sides: Map<string, number> }>();
  const of = (bucket: number) => {
    const time = Math.floor((data.start + bucket * data.step) / each) * each;
    const known = sums.get(time) ?? { requests: 0, sides: new Map<string, number>() };
    sums.set(time, known);
    return known;
  };
  for (const [i, n] of data.requests.entries()) of(i).requests += n;
  for (const { side, at } of data.sides)
    for (const [i, n] of at) {
      const counts = of(i).sides;
      counts.set(side, (counts.get(side) ?? 0) + n);
    }
  const names = data.sides.map((s) => s.side);
  return html`<details class="more"><summary>Timeline as a table, ${duration(each)} a row</summary>${table(
    `Requests and failures by side, every ${duration(each)}, UTC`,
    ['from', 'requests', 'failed', 'rate', ...names],
    [...sums].map(([time, s]) => {
      const failed = [...s.sides.values()].reduce((a, b) => a + b, 0);
      return [
        span(time, time + each, days).replace(/(-| to ).*$/, ''),
        count(s.requests),
        count(failed),
        percent(failed, s.requests),
        ...names.map((n) => count(s.sides.get(n) ?? 0)),
      ];
    }),
  )}<p class="note">${plural(data.buckets, 'bucket')} of ${duration(data.step)} in the charts.</p></details>`;
}
