import type { Triage } from '../triage/triage.ts';
import { coverage } from './html/coverage.ts';
import { page } from './html/document.ts';
import { flags } from './html/flags.ts';
import { answer, head } from './html/head.ts';
import { html as markup } from './html/html-escape.ts';
import { latency, latencyData } from './html/latency.ts';
import { overview } from './html/overview.ts';
import { reading } from './html/reading.ts';
import { routes } from './html/routes.ts';
import { timeline } from './html/timeline.ts';
import { timelineData } from './html/timeline-data.ts';
import { card, notCounted } from './html/verdict.ts';

/** Cards that are open from the start; a page of sixty open ones is not read. */
const open = 10;

/**
 * The incident report as one file that opens offline: no request leaves it, its policy runs nothing but its own two scripts, and the same
 * Triage gives the same bytes. Redacted, it holds no query string, client address or token.
 */
export function html(t: Triage, options: { readonly redact: boolean; readonly title?: string }): string {
  const title = options.title ?? 'Gateway incident report';
  const { redact } = options;
  const failures = t.verdicts.filter((v) => v.kind === 'failure');
  const rest = t.verdicts.filter((v) => v.kind !== 'failure');
  const time = timelineData(t, failures);
  const took = latencyData(t);
  const body = markup`${head(t, { redact, title })}
<main id="main" tabindex="-1">
${overview(t, failures)}
${timeline(t, time)}
${failures.length > 0 && markup`<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>${failures.map((v, i) => card(t, v, `v${i + 1}`, String(i + 1), { redact, open: i < open }))}</section>`}
${notCounted(t, rest, redact)}
${routes(t)}
${latency(took)}
${coverage(t)}
${flags(t)}
${reading(t, redact)}
</main>
<footer><p>Made by vigia from the gateway's access log. Times are UTC. This file loads nothing.</p></footer>`;
  return page(`${answer(t)} - ${title}`, body, { timeline: time, latency: took });
}
