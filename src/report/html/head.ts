import type { Side } from '../../triage/side.ts';
import type { Triage, Verdict } from '../../triage/triage.ts';
import { count, duration, percent, plural } from '../../triage/words.ts';
import { division, incidentSides, partsOf, rankedSides, sum } from '../headline.ts';
import { badge, bySize, stacked } from './bar.ts';
import { type Html, html } from './html-escape.ts';
import { safeText } from './safe-record.ts';
import { sideInSentence, sideWords } from './side-words.ts';
import { activeInWords, wholeInWords } from './whole-time.ts';

/** The answer in a sentence. */
export function answer(t: Triage): string {
  const { requests, failures } = t.totals;
  if (requests === 0 && failures === 0) return 'No requests to judge';
  if (failures === 0 || t.ratesAreOf !== undefined) return sum(t);
  return `${count(failures)} of ${plural(requests, 'request')} failed (${percent(failures, requests)})`;
}

/** The top of the page: what happened, when, whose fault, and what the numbers leave out. */
export function head(t: Triage, options: { readonly redact: boolean; readonly title: string }): Html {
  const when = wholeInWords(t);
  return html`<header class="head">
<p class="kicker">${options.title}</p>
<h1>${answer(t)}</h1>
<p class="lede">${mostly(t) ?? calm(t)}</p>
<p class="when"><span>${when ?? 'No line carries a time'}</span>${t.filters.map((f) => html`<span class="filter">only ${safeText(f, options.redact)}</span>`)}<span>${readInShort(t)}</span></p>
${t.totals.failures > 0 && sidesOf(t)}
${figures(t)}
</header>`;
}

function mostly(t: Triage): Html | undefined {
  const { incidents, background } = partsOf(t);
  const leading = incidents.length > 0 ? incidents : background;
  const whose = incidents.length > 0 ? incidentSides(t) : t.totals.sides;
  const whole = leading.reduce((n, v) => n + v.count, 0);
  const side = bySize(whose)[0];
  if (!side) return undefined;
  const n = whose[side];
  const all = n === whole;
  const how = all ? (n === 1 ? 'It was' : 'All of it') : n * 2 > whole ? 'Mostly' : 'Most often';
  const parts = division(t);
  return html`${parts !== '' && html`${capital(parts)}. `}${how} <strong>${sideInSentence[side]}</strong>${!all && html` (${percent(n, whole)})`}. ${leading.length > 1 && html`Look first at: `}${leading
    .slice(0, 2)
    .map((v, i) => html`${i > 0 && html`; then: `}${first(t, v, i + 1)}`)}.`;
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

function first(t: Triage, v: Verdict, rank: number): Html {
  const when = activeInWords(v, t);
  return html`<a href="#v${rank}">${v.title}</a> (${count(v.count)}${when !== undefined && html`, ${when.replace(/ \([^()]*\)$/, '')}`})`;
}

function calm(t: Triage): string {
  if (t.totals.requests > 0)
    return t.filters.length > 0
      ? 'Nothing that was asked for failed.'
      : t.totals.masked + t.totals.aside > 0
        ? "What went less than well was saved by a retry or is the client's own; it is listed below."
        : 'Every request got a good answer.';
  const { outsideWindow, leftOut, rejects } = t.reading;
  if (outsideWindow > 0) return `${plural(outsideWindow, 'request')} lay outside the window that was asked for.`;
  if (leftOut > 0) return `The conditions left out all ${plural(leftOut, 'request')}.`;
  if (rejects > 0) return `${plural(rejects, 'line')} could not be read; the reasons are below.`;
  return t.totals.healthChecks > 0 ? 'Only health checks were read.' : 'The input held no access-log line.';
}

function sidesOf(t: Triage): Html {
  const { failures } = t.totals;
  const incidents = incidentSides(t);
  const order = rankedSides(t);
  const noise = (s: Side) => {
    const n = t.totals.sides[s] - incidents[s];
    return n > 0 && html`; ${n === t.totals.sides[s] ? 'all of it' : html`${count(n)} of it`} background noise`;
  };
  const items = order.map(
    (s) =>
      html`<li>${badge(s)}<span class="n">${count(t.totals.sides[s])}</span><span class="note"><strong>${percent(t.totals.sides[s], failures)}</strong> ${sideWords[s]}${noise(s)}</span></li>`,
  );
  return html`<section class="sides" aria-labelledby="sides"><h2 id="sides" class="quiet">Whose fault, of ${plural(failures, 'failure')}</h2>
${stacked(t.totals.sides, failures, 16, order)}
<ul>${items}</ul></section>`;
}

function figures(t: Triage): Html {
  const { masked, aside, healthChecks } = t.totals;
  const { p50, p90, p99 } = t.latency;
  const rows: (readonly [string, string, string])[] = [];
  if (masked > 0) rows.push(['saved by a retry', count(masked), 'answered well in the end; not a failure']);
  if (aside > 0) rows.push(['set aside', count(aside), "the client's own mistakes, such as a 404 by the backend"]);
  if (healthChecks > 0) rows.push(['health checks', count(healthChecks), 'probes, not in the requests']);
  if (p50 !== undefined)
    rows.push(['latency, median', duration(p50), `90 % within ${duration(p90)}, 99 % within ${duration(p99)}`]);
  return html`${rows.length > 0 && html`<dl class="figures">${rows.map(([what, n, note]) => html`<div><dt>${what}</dt><dd class="n">${n}</dd><dd class="note">${note}</dd></div>`)}</dl>`}`;
}

function readInShort(t: Triage): Html {
  const { lines, files, rejects, store } = t.reading;
  if (store)
    return html`<a href="#reading">${plural(lines, 'record')} counted</a>${t.precision !== 'exact' && html`, <strong>${t.precision}</strong>`}`;
  const from = files.length === 1 ? '' : ` of ${plural(files.length, 'file')}`;
  return html`<a href="#reading">${plural(lines, 'line')}${from} read</a>${rejects > 0 && html`, <strong>${plural(rejects, 'line')} rejected</strong>`}${t.precision !== 'exact' && html`, <strong>${t.precision}</strong>`}`;
}
