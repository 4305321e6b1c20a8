import type { Named } from '../../triage/group.ts';
import type { Verdict } from '../../triage/triage.ts';
import { count, percent } from '../../triage/words.ts';
import { share } from './bar.ts';
import { type Html, html, name } from './html-escape.ts';

/** As many names as triage hands over at most: beyond it the list may go on. */
const handedOver = 20;
const shown = 5;

/** Routes, backends and hosts, each with its part of the verdict; and what the lines said. */
export function where(v: Verdict): Html {
  return html`${names(v, 'Routes', v.routes, (r) =>
    r.requests === undefined || r.requests === 0
      ? undefined
      : `${percent(r.count, r.requests)} of its ${count(r.requests)} requests`,
  )}${names(v, 'Backends', v.backends)}${names(v, 'Hosts', v.hosts)}${said('Status', v.statuses)}${said('Flags', v.flags)}${said('Details', v.details)}`;
}

function names<N extends Named>(
  v: Verdict,
  title: string,
  list: readonly N[],
  note: (n: N) => string | undefined = () => undefined,
): Html {
  if (list.length === 0) return html``;
  const item = (n: N) => {
    const words = note(n);
    return html`<li><span class="name">${name(n.name)}</span><span class="n">${count(n.count)}</span>${share(n.count, v.count, v.side)}${words !== undefined && html`<span class="note">${words}</span>`}</li>`;
  };
  const rest = list.slice(shown);
  const more = list.length >= handedOver ? `${rest.length} or more others` : `${rest.length} more`;
  return html`<h4>${title}</h4><ul class="where">${list.slice(0, shown).map(item)}</ul>${
    rest.length > 0 &&
    html`<details class="more"><summary>${more}</summary><ul class="where">${rest.map(item)}</ul></details>`
  }`;
}

/** What the log said in one field, each value with its count. */
function said(title: string, list: readonly Named[]): Html {
  if (list.length === 0) return html``;
  const rest = list.length - shown;
  return html`<h4>${title}</h4><ul class="said">${list.slice(0, shown).map((n) => html`<li><code>${n.name === '' ? '(empty)' : name(n.name)}</code> ${count(n.count)}</li>`)}${rest > 0 && html`<li class="note">and ${rest} more</li>`}</ul>`;
}
