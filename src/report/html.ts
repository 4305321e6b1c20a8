import type { Triage, Verdict } from '../triage/triage.ts';
import { backgroundWords, partsOf } from './headline.ts';
import { coverage } from './html/coverage.ts';
import { page } from './html/document.ts';
import { flags } from './html/flags.ts';
import { answer, head } from './html/head.ts';
import { html as markup } from './html/html-escape.ts';
import { latency, latencyData } from './html/latency.ts';
import { loadBalancer } from './html/load-balancer.ts';
import { overview } from './html/overview.ts';
import { reading } from './html/reading.ts';
import { routes } from './html/routes.ts';
import { safeText } from './html/safe-record.ts';
import { timeline } from './html/timeline.ts';
import { timelineData } from './html/timeline-data.ts';
import { card, notCounted } from './html/verdict.ts';

/** Cards that are open from the start; a page of sixty open ones is not read. */
const open = 10;

/**
 * The incident report as one file that opens offline: no request leaves it, its policy runs nothing but its own two scripts, and the same
 * Triage gives the same bytes. Redacted, it holds no query string, client address or token.
 */
export function html(triage: Triage, options: { readonly redact: boolean; readonly title?: string }): string {
  const title = options.title ?? 'Gateway incident report';
  const { redact } = options;
  const { ratesAreOf } = triage;
  const t = ratesAreOf === undefined ? triage : { ...triage, ratesAreOf: safeText(ratesAreOf, redact) };
  const { incidents, background, rest } = partsOf(t);
  const failures = [...incidents, ...background];
  const cards = (verdicts: readonly Verdict[], before: number, open: number) =>
    verdicts.map((v, i) => card(t, v, `v${before + i + 1}`, String(before + i + 1), { redact, open: i < open }));
  const time = timelineData(t, failures);
  const took = latencyData(t);
  const body = markup`${head(t, { redact, title })}
<main id="main" tabindex="-1">
${overview(t, failures)}
${timeline(t, time)}
${incidents.length > 0 && markup`<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>${cards(incidents, 0, open)}</section>`}
${background.length > 0 && markup`<section aria-labelledby="background"><h2 id="background">Background noise <span class="note">${backgroundWords}</span></h2>${cards(background, incidents.length, incidents.length > 0 ? 0 : open)}</section>`}
${notCounted(t, rest, redact)}
${loadBalancer(t, redact)}
${routes(t)}
${latency(took)}
${coverage(t)}
${flags(t)}
${reading(t, redact)}
</main>
<footer><p>Made by vigia from the gateway's access log. Times are UTC. This file loads nothing.</p></footer>`;
  return page(`${answer(t)} - ${title}`, body, { timeline: time, latency: took });
}
