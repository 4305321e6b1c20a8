import type { Verdict } from '../../triage/triage.ts';
import { type Html, html, lines, name } from './html-escape.ts';

/** Text to paste. The script gives it a copy button; without one it is selected as any text. */
export function code(kind: 'shell' | 'yaml', text: string): Html {
  const shown = name(text, 4000);
  return html`<figure class="code"><figcaption>${kind}</figcaption><pre><code>${kind === 'shell' ? words(shown) : lines(shown)}</code></pre></figure>`;
}

/** A command that breaks between its words only: a browser would also break `--flag` behind a hyphen. */
const words = (command: string): Html =>
  html`${command.split(/(\s+)/).map((part, i) => (i % 2 === 0 ? html`<span class="word">${part}</span>` : lines(part)))}`;

/** What to do next, in order. */
export function next(v: Verdict): Html {
  if (v.next.length === 0) return html``;
  return html`<h4>Next</h4><ol class="next">${v.next.map(
    (step) =>
      html`<li><p>${step.do}</p>${step.run !== undefined && code('shell', step.run)}${step.yaml !== undefined && code('yaml', step.yaml)}</li>`,
  )}</ol>`;
}
