import type { Triage } from '../../triage/triage.ts';
import { count } from '../../triage/words.ts';
import { findingWords, loadBalancerWords } from '../load-balancer.ts';
import { badge } from './bar.ts';
import { type Html, html } from './html-escape.ts';
import { safeText } from './safe-record.ts';

/** What the load balancer answered by itself, where its log was given: what it means, and what to do. */
export function loadBalancer({ loadBalancer: r }: Triage, redact: boolean): Html {
  if (!r) return html``;
  return html`<section aria-labelledby="load-balancer"><h2 id="load-balancer">At the load balancer</h2>
${loadBalancerWords(r).map((words) => html`<p>${safeText(words, redact)}</p>`)}
${r.findings.map(
  (
    f,
  ) => html`<details class="fold" open><summary>${f.status || 'no status'}: ${f.title}, ${count(f.count)} ${badge(f.side)}</summary>
<p class="note">${f.code}, ${f.confidence} confidence</p>
<ul>${findingWords(f, redact).map((words) => html`<li>${safeText(words, redact)}</li>`)}</ul>
<ol>${f.next.map((step) => html`<li>${step.do}${step.run && html` <code>${step.run}</code>`}</li>`)}</ol></details>`,
)}
</section>`;
}
