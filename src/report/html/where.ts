import type { Named } from '../../triage/group.ts';
import type { Verdict } from '../../triage/triage.ts';
import { count, percent } from '../../triage/words.ts';
import { share } from './bar.ts';
import { type Html, html, name } from './html-escape.ts';
import { safeText } from './safe-record.ts';

/** As many names as triage hands over at most: beyond it the list may go on. */
const handedOver = 20;
const saidAtMost = 5;

/** Routes, backends and hosts, each with its part of the verdict; and what the lines said. */
export function where(v: Verdict, redact: boolean): Html {
  return html`${names(v, 'Routes', 5, v.routes, (r) =>
    r.requests === undefined || r.requests === 0 ? '' : `${percent(r.count, r.requests)} of ${count(r.requests)}`,
  )}${names(v, 'Backends', 3, v.backends)}${names(v, 'Hosts', 3, v.hosts)}<h4>The lines say</h4><dl class="said">${said('status', v.statuses)}${said('flags', v.flags)}${said(
    'details',
    v.details.map((d) => ({ ...d, name: safeText(d.name, redact) })),
  )}</dl>`;
}

function names<N extends Named>(
  v: Verdict,
  title: string,
  shown: number,
  list: readonly N[],
  note: (n: N) => string = () => '',
): Html {
  if (list.length === 0) return html``;
  const item = (n: N) =>
    html`<li><span class="name">${name(n.name)}</span><span class="note">${note(n)}</span><span class="n">${count(n.count)}</span>${share(n.count, v.count, v.side)}</li>`;
  const rest = list.slice(shown);
  const more = list.length >= handedOver ? `${rest.length} or more others` : `${rest.length} more`;
  return html`<h4>${title}</h4><ul class="where">${list.slice(0, shown).map(item)}</ul>${
    rest.length > 0 &&
    html`<details class="more"><summary>${more}</summary><ul class="where">${rest.map(item)}</ul></details>`
  }`;
}

/** What the log said in one field, each value with its count where there are several. */
function said(title: string, list: readonly Named[]): Html {
  if (list.length === 0) return html``;
  const rest = list.length - saidAtMost;
  const one = list.length === 1;
  return html`<dt>${title}</dt><dd>${list
    .slice(0, saidAtMost)
    .map(
      (n) =>
        html`<div><code>${n.name === '' ? '(empty)' : name(n.name)}</code>${!one && html` <span class="note">${count(n.count)}</span>`}</div>`,
    )}${rest > 0 && html`<div class="note">and ${rest} more</div>`}</dd>`;
}
