import type { Triage, Verdict } from '../../triage/triage.ts';
import { count, percent } from '../../triage/words.ts';
import { badge, strip } from './bar.ts';
import { type Html, html } from './html-escape.ts';
import { activeInWords, wholeTime } from './whole-time.ts';

const shown = 12;

/** Every verdict in a line, to choose from; more than a dozen fold. */
export function overview(t: Triage, failures: readonly Verdict[]): Html {
  if (failures.length < 2) return html``;
  const rest = failures.slice(shown);
  return html`<section aria-labelledby="at-a-glance"><h2 id="at-a-glance">At a glance <span class="note">what needs mending first; clients, policies and unknown paths last</span></h2>
<ol class="glance">${failures.slice(0, shown).map((v, i) => row(t, v, i + 1))}</ol>
${rest.length > 0 && html`<details class="fold"><summary>${count(rest.length)} more verdicts, ${count(rest.reduce((n, v) => n + v.count, 0))} failures</summary><ol class="glance" start="${shown + 1}">${rest.map((v, i) => row(t, v, shown + i + 1))}</ol></details>`}
</section>`;
}

function row(t: Triage, v: Verdict, rank: number): Html {
  const whole = wholeTime(t);
  const active = activeInWords(v, t);
  return html`<li><a href="#v${rank}"><span class="rank">${rank}</span><span class="what">${v.title}</span></a>${badge(v.side)}<span class="n">${count(v.count)}</span><span class="pc">${percent(v.count, t.totals.failures)}</span>${
    whole && active !== undefined
      ? html`<span class="active">${strip(v.windows, whole.from, whole.to, v.side)}<span class="note">${active}</span></span>`
      : html`<span class="active"></span>`
  }</li>`;
}
