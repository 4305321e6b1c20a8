import type { Triage } from '../../triage/triage.ts';
import { type Html, html } from './html-escape.ts';
import { empty, table } from './table.ts';

/** Questions that this log leaves open because no line carries the field, and what to log to answer them. */
export function coverage(t: Triage): Html {
  if (t.totals.requests === 0 && t.totals.healthChecks === 0) return html``;
  return html`<section aria-labelledby="coverage"><h2 id="coverage">What this log leaves open</h2>${
    t.coverage.length === 0
      ? html`<p class="note">Nothing: every field that a question needs is there.</p>`
      : table(
          'Questions without an answer, and the field that would give it',
          ['question', 'missing', 'log this'],
          t.coverage.map((g) => [
            g.question,
            html`<span class="whole">${g.field}</span>`,
            g.operator === '' ? empty : html`<code>${g.operator}</code>`,
          ]),
          [1, 2],
        )
  }</section>`;
}
