import type { Triage, Verdict } from '../../triage/triage.ts';
import { count, percent, plural } from '../../triage/words.ts';
import { badge } from './bar.ts';
import { type Html, html, name } from './html-escape.ts';
import { safeWords } from './safe-record.ts';
import { samplesOf } from './samples.ts';
import { confidenceWords } from './side-words.ts';
import { next } from './steps.ts';
import { where } from './where.ts';
import { active } from './windows.ts';

export interface CardOptions {
  readonly redact: boolean;
  readonly open: boolean;
}

const ofWhat: Readonly<Record<Verdict['kind'], string>> = {
  failure: 'of the failures',
  masked: 'of what a retry saved',
  aside: 'of what was set aside',
  'health-check': 'of the failing health checks',
};

/** One verdict in full: what, how sure, why, what to do, where and when, and lines to see for oneself. */
export function card(t: Triage, v: Verdict, id: string, rank: string, options: CardOptions): Html {
  const say = (text: string): string => name(safeWords(text, options.redact), 400);
  return html`<details class="card" id="${id}"${options.open ? html` open` : ''}>
<summary><h3><span class="rank">${rank}</span>${v.title}</h3><p class="facts">${badge(v.side)}<span><strong class="n">${count(v.count)}</strong> ${v.count === 1 ? 'request' : 'requests'}${v.share < 1 && html`, ${percent(v.share, 1)} ${ofWhat[v.kind]}`}</span><span>${v.confidence} confidence: ${confidenceWords[v.confidence]}</span><code>${v.cause}</code></p></summary>
<div class="body">
<div class="main">
${v.evidence.length > 0 && html`<h4>Why</h4><ul class="why">${v.evidence.map((e) => html`<li>${say(e)}</li>`)}</ul>`}
${v.cannotTell.length > 0 && html`<div class="cannot"><h4>What this log cannot tell apart</h4><ul>${v.cannotTell.map((e) => html`<li>${say(e)}</li>`)}</ul></div>`}
${next(v)}
<p class="page">More on this cause: <code>vigia explain ${v.cause}</code> or <code>${v.page}</code></p>
</div>
<div class="side">${active(t, v)}${where(t, v, options.redact)}</div>
${samplesOf(t, v, options.redact)}
</div>
</details>`;
}

/** Verdicts that are no failures: folded, and said to be left out of the count. */
export function notCounted(t: Triage, verdicts: readonly Verdict[], redact: boolean): Html {
  if (verdicts.length === 0) return html``;
  const of = (kind: Verdict['kind']) => verdicts.reduce((n, v) => (v.kind === kind ? n + v.count : n), 0);
  const kinds = [
    of('masked') > 0 && `${plural(of('masked'), 'request')} that only a retry saved`,
    of('aside') > 0 && `${plural(of('aside'), 'request')} set aside as the client's own`,
    of('health-check') > 0 && plural(of('health-check'), 'failed health check'),
  ].filter((k) => k !== false);
  return html`<section aria-labelledby="not-counted"><h2 id="not-counted">Not counted as failures</h2>
<details class="fold"><summary>${kinds.join(', ')}</summary>
${verdicts.map((v, i) => card(t, v, `n${i + 1}`, kindWord[v.kind], { redact, open: false }))}
</details></section>`;
}

const kindWord: Readonly<Record<Verdict['kind'], string>> = {
  failure: '',
  masked: 'retried',
  aside: 'aside',
  'health-check': 'probe',
};
