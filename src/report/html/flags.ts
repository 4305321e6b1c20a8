import { responseFlags } from '../../envoy/response-flags.ts';
import type { Triage } from '../../triage/triage.ts';
import { count } from '../../triage/words.ts';
import { type Html, html, name } from './html-escape.ts';
import { table } from './table.ts';

const shown = 40;

/** A long name that may break between its words. */
const camel = (long: string): Html =>
  html`${long.split(/(?=[A-Z][a-z])/).map((word, i) => html`${i > 0 && html`<wbr>`}${word}`)}`;

/** Every response flag that the verdicts met, with its meaning. */
export function flags(t: Triage): Html {
  const counts = new Map<string, number>();
  for (const v of t.verdicts)
    for (const set of v.flags)
      for (const flag of set.name.split(','))
        if (flag !== '-' && flag !== '') counts.set(flag, (counts.get(flag) ?? 0) + set.count);
  if (counts.size === 0) return html``;
  const met = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return html`<section aria-labelledby="flags"><h2 id="flags">Response flags met</h2>${table(
    'Flags of failed, retried and set-aside requests; a request may have several',
    ['flag', 'requests', 'stands for', 'means', 'to tell more'],
    met.slice(0, shown).map(([flag, n]) => {
      const known = Object.hasOwn(responseFlags, flag) ? responseFlags[flag] : undefined;
      return [
        html`<code class="name">${name(flag, 80)}</code>`,
        count(n),
        known ? camel(known.long) : "not one of Envoy's own",
        known?.meaning ?? 'an extension registered it; its documentation says what it means',
        known?.check ?? '',
      ];
    }),
    [2, 3, 4],
  )}</section>`;
}
