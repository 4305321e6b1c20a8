import type { Triage } from '../../triage/triage.ts';
import { count, duration, percent, plural } from '../../triage/words.ts';
import { stacked } from './bar.ts';
import { type Html, html, name } from './html-escape.ts';
import { empty, table } from './table.ts';

const shown = 25;

export const routeWord: Readonly<Record<Triage['routeIs'], string>> = {
  route: 'route',
  backend: 'backend',
  authority: 'host asked for',
};

/** Where it hurts most, whatever the cause. */
export function routes(t: Triage): Html {
  if (t.routes.length === 0) return html``;
  const word = routeWord[t.routeIs];
  const without = t.totals.withoutRoute;
  const rest = t.routes.length - shown;
  const most = t.routes[0]?.failures ?? 0;
  const rankOf = new Map<string, number>();
  for (const [i, v] of t.verdicts.entries())
    if (v.kind === 'failure' && !rankOf.has(v.cause)) rankOf.set(v.cause, i + 1);
  return html`<section aria-labelledby="routes"><h2 id="routes">Most affected ${t.routeIs === 'authority' ? 'hosts asked for' : `${word}s`}</h2>${table(
    `Failures by ${word}, most first`,
    [word, 'failed', 'requests', 'rate', 'sides', 'most often', 'p50', 'p99'],
    t.routes.slice(0, shown).map((r) => {
      const rank = rankOf.get(r.topCause);
      return [
        html`<span class="name">${name(r.route)}</span>`,
        count(r.failures),
        count(r.requests),
        percent(r.failures, r.requests),
        html`${stacked(r.sides, most, 8)}<span class="note">${Object.entries(r.sides)
          .sort((a, b) => b[1] - a[1])
          .map(([side, n]) => `${side} ${count(n)}`)
          .join(', ')}</span>`,
        rank === undefined
          ? html`<code>${r.topCause}</code>`
          : html`<a href="#v${rank}"><code>${r.topCause}</code></a>`,
        r.p50 === undefined ? empty : duration(r.p50),
        r.p99 === undefined ? empty : duration(r.p99),
      ];
    }),
    [4, 5],
  )}${rest > 0 && html`<p class="note">and ${count(rest)} more</p>`}${without > 0 && html`<p class="note">${plural(without, 'failure')} had no ${word}: the gateway answered before one was chosen.</p>`}</section>`;
}
