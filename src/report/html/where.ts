import type { Named } from '../../triage/group.ts';
import type { RouteShare, Triage, Verdict } from '../../triage/triage.ts';
import { count, percent } from '../../triage/words.ts';
import { without } from '../headline.ts';
import { share } from './bar.ts';
import { type Html, html, name } from './html-escape.ts';
import { safeText } from './safe-record.ts';

const saidAtMost = 5;
const title = { routes: 'Routes', backends: 'Backends', hosts: 'Hosts' } as const;

/** Routes, backends and hosts, each with its part of the verdict; and what the lines said. */
export function where(t: Triage, v: Verdict, redact: boolean): Html {
  const none = without(t, v.withoutRoute, v.count);
  return html`${names(v, 'routes', 5, (r) =>
    r.requests === undefined || r.requests === 0 ? '' : `${percent(r.count, r.requests)} of ${count(r.requests)}`,
  )}${none !== '' && html`${v.routes.length === 0 && html`<h4>Routes</h4>`}<p class="note">${none}</p>`}${names(v, 'backends', 3)}${names(v, 'hosts', 3)}<h4>The lines say</h4><dl class="said">${said('status', v.statuses, v.names.statuses)}${said('flags', v.flags, v.names.flags)}${said(
    'details',
    v.details.map((d) => ({ ...d, name: safeText(d.name, redact) })),
    v.names.details,
  )}</dl>`;
}

function names(
  v: Verdict,
  which: 'routes' | 'backends' | 'hosts',
  shown: number,
  note: (n: RouteShare) => string = () => '',
): Html {
  const list: readonly (Named & Partial<RouteShare>)[] = v[which];
  if (list.length === 0) return html``;
  const item = (n: Named & Partial<RouteShare>) =>
    html`<li><span class="name">${name(n.name)}</span><span class="note">${note({ requests: undefined, ...n })}</span><span class="n">${count(n.count)}</span>${share(n.count, v.count, v.side)}</li>`;
  const rest = list.slice(shown);
  const beyond = v.names[which] - list.length;
  return html`<h4>${title[which]}</h4><ul class="where">${list.slice(0, shown).map(item)}</ul>${
    rest.length > 0 &&
    html`<details class="more"><summary>${count(v.names[which] - shown)} more</summary><ul class="where">${rest.map(item)}</ul>${beyond > 0 && html`<p class="note">and ${count(beyond)} more</p>`}</details>`
  }`;
}

/** What the log said in one field, each value with its count where there are several. */
function said(title: string, list: readonly Named[], names: number): Html {
  if (list.length === 0) return html``;
  const rest = names - Math.min(list.length, saidAtMost);
  const one = list.length === 1;
  return html`<dt>${title}</dt><dd>${list
    .slice(0, saidAtMost)
    .map(
      (n) =>
        html`<div><code>${n.name === '' ? '(empty)' : name(n.name)}</code>${!one && html` <span class="note">${count(n.count)}</span>`}</div>`,
    )}${rest > 0 && html`<div class="note">and ${count(rest)} more</div>`}</dd>`;
}
