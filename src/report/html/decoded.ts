import { detailOf } from '../../envoy/details.ts';
import { normaliseDetails, parseDetails } from '../../envoy/details-text.ts';
import { type FieldId, fieldIds, fields } from '../../envoy/fields.ts';
import { responseFlags } from '../../envoy/response-flags.ts';
import type { Sample } from '../../logs/answer.ts';
import type { AccessRecord } from '../../logs/record.ts';
import { count, duration } from '../../triage/words.ts';
import { type Html, html, name } from './html-escape.ts';

/** One line of the log, field by field, with what its codes mean; fields without a value share the last row. */
export function decoded(r: AccessRecord, sample: Sample): Html {
  const unset = fieldIds.filter((id) => r[id] === null || (id === 'flags' && r.flags?.length === 0));
  const set = fieldIds.filter((id) => r[id] !== undefined && !unset.includes(id));
  const idle = sample.idleGap === undefined ? undefined : duration(sample.idleGap);
  return html`<table class="decoded"><caption>${sample.place.file === '-' ? 'standard input' : name(sample.place.file)}${sample.place.line > 0 && html`, line ${count(sample.place.line)}`}</caption><tbody>
${set.map((id) => row(label(id), value(id, r)))}
${idle !== undefined && row('connection idle', html`${idle} <span class="note">before this request used it again</span>`)}
${unset.length > 0 && row('unset', html`<span class="note">${unset.map(label).join(', ')}</span>`)}
</tbody></table>`;
}

const row = (what: string, said: Html): Html => html`<tr><th scope="row">${what}</th><td>${said}</td></tr>`;

/** `upstreamHost` as `upstream host`. */
const label = (id: FieldId): string => id.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);

function value(id: FieldId, r: AccessRecord): Html {
  const v = r[id];
  if (id === 'flags')
    return html`${(r.flags ?? []).map((f, i) => html`${i > 0 && html`<br>`}<code>${name(f, 80)}</code> ${flagMeaning(f)}`)}`;
  if (id === 'time' && typeof v === 'number')
    return html`${new Date(v).toISOString().replace('T', ' ').replace('Z', ' UTC')}`;
  if (id === 'status' && v === 0) return html`0 <span class="note">no response was sent</span>`;
  if (typeof v === 'number') {
    const unit = (fields[id] as { unit?: 'ms' | 'By' }).unit;
    if (unit === 'By') return html`${count(v)} B`;
    return unit === 'ms'
      ? html`${duration(v)}${v >= 1000 && html` <span class="note">${count(v)} ms</span>`}`
      : html`${String(v)}`;
  }
  if (id === 'details' && typeof v === 'string') {
    const meaning = detailOf(parseDetails(normaliseDetails(v)).name)?.meaning;
    return html`<code>${name(v)}</code>${meaning !== undefined && html` <span class="note">${meaning}</span>`}`;
  }
  return html`<span class="value">${name(String(v), 600)}</span>`;
}

/** What a flag stands for; extensions register flags of their own. */
function flagMeaning(flag: string): Html {
  const known = Object.hasOwn(responseFlags, flag) ? responseFlags[flag] : undefined;
  return known
    ? html`${known.long} <span class="note">${known.meaning}</span>`
    : html`<span class="note">not one of Envoy's own flags</span>`;
}
