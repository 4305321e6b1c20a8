import type { Triage, Verdict } from '../../triage/triage.ts';
import { count, duration } from '../../triage/words.ts';
import { span } from '../when.ts';
import { strip } from './bar.ts';
import { type Html, html } from './html-escape.ts';
import { activeInWords, wholeTime } from './whole-time.ts';

const listed = 40;

/** When the cause was active: a strip over the whole time, in words, and every window when they are many. */
export function active(t: Triage, v: Verdict): Html {
  const whole = wholeTime(t);
  const words = activeInWords(v, t);
  if (!whole || words === undefined) return html``;
  const rest = v.windows.length - listed;
  return html`<h4>When (UTC)</h4>${strip(v.windows, whole.from, whole.to, v.side)}<p class="note">${words}</p>${
    v.windows.length > 3 &&
    html`<details class="more"><summary>All ${v.windows.length} windows</summary><ul class="plain">${v.windows.slice(0, listed).map((w) => html`<li>${span(w.from, w.to, whole.days)} <span class="note">${duration(w.to - w.from)}, ${count(w.count)}</span></li>`)}${rest > 0 && html`<li class="note">and ${count(rest)} more</li>`}</ul></details>`
  }`;
}
