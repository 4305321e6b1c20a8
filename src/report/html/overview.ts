import type { Triage, Verdict } from '../../triage/triage.ts';
import { count, percent, plural } from '../../triage/words.ts';
import { backgroundWords } from '../headline.ts';
import { badge, strip } from './bar.ts';
import { type Html, html } from './html-escape.ts';
import { activeInWords, wholeTime } from './whole-time.ts';

const shown = 12;

/** Every verdict in a line, to choose from: more than a dozen fold, and so does background noise behind what is to be looked into. */
export function overview(t: Triage, failures: readonly Verdict[]): Html {
  if (failures.length < 2) return html``;
  const incidents = failures.filter((v) => !v.background);
  // With nothing else to look into, the noise is what was asked for.
  const leading = incidents.length > 0 ? incidents : failures;
  const noise = failures.length - leading.length;
  return html`<section aria-labelledby="at-a-glance"><h2 id="at-a-glance">At a glance <span class="note">what needs mending first</span></h2>
<ol class="glance">${leading.slice(0, shown).map((v, i) => row(t, v, i + 1))}</ol>
${leading.length > shown && fold(t, leading.slice(shown), shown, plural(leading.length - shown, 'more verdict'))}
${noise > 0 && fold(t, failures.slice(leading.length), leading.length, `Background noise, ${backgroundWords}: ${plural(noise, 'verdict')}`)}
</section>`;
}

function fold(t: Triage, verdicts: readonly Verdict[], before: number, title: string): Html {
  const all = verdicts.reduce((n, v) => n + v.count, 0);
  return html`<details class="fold"><summary>${title}, ${plural(all, 'failure')}</summary><ol class="glance" start="${before + 1}">${verdicts.map((v, i) => row(t, v, before + i + 1))}</ol></details>`;
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
