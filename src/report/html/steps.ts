import type { Verdict } from '../../triage/triage.ts';
import { type Html, html, lines, name } from './html-escape.ts';

/** Text to paste. The script gives it a copy button; without one it is selected as any text. */
export const code = (kind: string, text: string): Html =>
  html`<figure class="code"><figcaption>${kind}</figcaption><pre><code>${lines(name(text, 4000))}</code></pre></figure>`;

/** What to do next, in order. */
export function next(v: Verdict): Html {
  if (v.next.length === 0) return html``;
  return html`<h4>Next</h4><ol class="next">${v.next.map(
    (step) =>
      html`<li><p>${step.do}</p>${step.run !== undefined && code('shell', step.run)}${step.yaml !== undefined && code('yaml', step.yaml)}</li>`,
  )}</ol>`;
}
