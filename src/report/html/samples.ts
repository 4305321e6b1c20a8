import type { Sample } from '../../logs/answer.ts';
import type { Triage, Verdict } from '../../triage/triage.ts';
import { duration } from '../../triage/words.ts';
import { decoded } from './decoded.ts';
import { type Html, html, name } from './html-escape.ts';
import { safeRecord } from './safe-record.ts';

const shown = 4;

/** Lines behind a verdict, decoded field by field: different kinds first. The line itself only where nothing is redacted. */
export function samplesOf(t: Triage, v: Verdict, redact: boolean): Html {
  const all = v.samples.flatMap((i) => t.samples[i] ?? []);
  if (all.length === 0) return html``;
  const chosen = different(all).slice(0, shown);
  return html`<div class="samples"><h4>Sample requests${all.length > chosen.length && html` <span class="note">${chosen.length} of the ${all.length} kept</span>`}</h4>${chosen.map((s) => one(s, redact))}</div>`;
}

/** The first of each route, status, flags and details, then the others, all in the order read. */
function different(all: readonly Sample[]): readonly Sample[] {
  const seen = new Set<string>();
  const firsts = all.filter(({ signature: s }) => {
    const kind = JSON.stringify([s.route, s.status, s.flags, s.details]);
    return !seen.has(kind) && seen.add(kind);
  });
  return [...firsts, ...all.filter((s) => !firsts.includes(s))];
}

function one(sample: Sample, redact: boolean): Html {
  const r = safeRecord(sample.record, redact);
  const time = typeof r.time === 'number' ? new Date(r.time).toISOString().slice(11, 23) : '';
  return html`<details class="sample"><summary><span class="time">${time}</span> <span class="req">${r.method ?? '-'} ${name(r.path ?? r.authority ?? '-', 120)}</span> <span class="st">${r.status ?? '-'} ${r.flags && r.flags.length > 0 ? name(r.flags.join(','), 60) : ''}</span> <span class="took">${r.duration === null || r.duration === undefined ? '' : duration(r.duration)}</span></summary>
${decoded(r, sample)}${!redact && html`<figure class="code"><figcaption>log line</figcaption><pre><code>${sample.raw}</code></pre></figure>`}
</details>`;
}
