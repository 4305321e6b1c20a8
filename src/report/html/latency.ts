import type { Triage } from '../../triage/triage.ts';
import { count, duration, percent } from '../../triage/words.ts';
import { type Html, html } from './html-escape.ts';
import { edgesOf, type LatencyBins, latencyBins, placeOf } from './latency-bins.ts';
import { table } from './table.ts';

/** What the latency chart's script draws. */
export interface LatencyData extends LatencyBins {
  readonly marks: readonly { readonly name: string; readonly at: number; readonly label: string }[];
  readonly labels: readonly string[];
}

export function latencyData(t: Triage): LatencyData | undefined {
  const bins = latencyBins(t.latency.counts);
  if (!bins) return undefined;
  const marks = (['p50', 'p90', 'p99'] as const).flatMap((q) => {
    const ms = t.latency[q];
    return ms === undefined ? [] : [{ name: q, at: Number(placeOf(ms).toFixed(3)), label: duration(ms) }];
  });
  return { ...bins, marks, labels: bins.counts.map((_, i) => binWords(i)) };
}

/** How long requests took, failed or not. */
export function latency(data: LatencyData | undefined): Html {
  const total = data?.counts.reduce((a, b) => a + b, 0) ?? 0;
  return html`<section aria-labelledby="latency"><h2 id="latency">Latency <span class="note">all requests, failed or not</span></h2>${
    data
      ? html`<div class="plots"><p class="axis-title">requests, both axes logarithmic</p><div class="plot latency" id="plot-latency" role="img" aria-label="Histogram of latency: ${data.marks.map((m) => `${m.name} ${m.label}`).join(', ')}"></div></div>
<p class="readout" id="latency-readout">${data.marks.map((m) => html`<span>${m.name} <strong>${m.label}</strong></span> `)}</p>
<details class="more"><summary>Latency as a table</summary>${table(
          'Requests by latency',
          ['took', 'requests', 'share'],
          data.counts.flatMap((n, i) => (n === 0 ? [] : [[binWords(i), count(n), percent(n, total)]])),
        )}</details>`
      : html`<p class="note">No line carries a duration, so latency is unknown: log %DURATION%.</p>`
  }</section>`;
}

function binWords(bin: number): string {
  const [from, to] = edgesOf(bin);
  if (bin === 0) return 'less than 1 ms';
  return to - from === 1 ? duration(from) : `${duration(from)} to ${duration(to)}`;
}
