import type { LogCondition } from '../../boards/board.ts';
import { triageCommand } from '../../boards/triage-command.ts';
import { type Html, html } from '../../report/html/html-escape.ts';
import { offlinePage } from '../../report/html/offline-page.ts';
import type { DrawnBoard, PreviewOf } from '../drawn.ts';
import { type Chart, panelHtml } from './panel.ts';
import { script } from './script.ts';
import { style } from './style.ts';

const document = offlinePage({ style, script, skip: 'To the panels' });

/** Boards as one page that opens offline; text that was read is text. */
export function previewPage(boards: readonly DrawnBoard[], { context, data }: PreviewOf): string {
  const charts: Chart[] = [];
  const title = boards.length === 1 ? (boards[0]?.board.title ?? '') : 'Boards';
  const body = html`<header><h1>${title}</h1><p class="lede">Preview of ${context.contract}, environment ${context.environment.name}. From ${data.source}, ${span(data.from, data.to)} UTC.</p>
${boards.length > 1 && html`<nav aria-label="Boards"><ul>${boards.map(({ board }) => html`<li><a href="#${board.id}">${board.title}</a></li>`)}</ul></nav>`}
<p class="noscript lede">The charts need JavaScript; the numbers beside them do not.</p></header>
<main id="main" tabindex="-1">${boards.map((b) => boardHtml(b, { context, data }, charts, boards.length > 1))}</main>
<footer><p>Made by vigia preview: the same boards and queries that Grafana and Datadog get, computed by vigia's own evaluator where an access log is the source. This file loads nothing.</p></footer>`;
  return document(`${title} - vigia preview`, body, { times: data.times.map((t) => t / 1000), charts });
}

function boardHtml({ board, rows }: DrawnBoard, of: PreviewOf, charts: Chart[], titled: boolean): Html {
  const { times } = of.data;
  const triage = (condition: LogCondition): string => triageLine(condition, of);
  return html`<article id="${board.id}">${titled && html`<h2>${board.title}</h2>`}<p class="lede">${board.description}</p>${rows.map(
    ({ title, panels }) =>
      html`<h3>${title}</h3><div class="grid">${panels.map((p) => panelHtml(p, { id: `${board.id}-${p.panel.id}`, times, charts, triage }))}</div>`,
  )}</article>`;
}

/** Asks the very log, or the cluster's, about the time that is shown. */
function triageLine(condition: LogCondition, { context, data }: PreviewOf): string {
  const [from, to] = [data.from, data.to].map((t) => new Date(t).toISOString().replace('.000Z', 'Z')) as [
    string,
    string,
  ];
  const [cluster, ...others] = context.clusters;
  const whose = data.files.length > 0 || others.length > 0 ? {} : { cluster };
  const line = triageCommand(condition, { ...whose, from, to });
  return line.replace('vigia triage', () => ['vigia triage', ...data.files.map(quoted)].join(' '));
}

/** As a shell reads it. */
const quoted = (name: string): string => (/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

function span(from: number, to: number): string {
  const [a, b] = [from, to].map((t) => new Date(t).toISOString().slice(0, 16).replace('T', ' ')) as [string, string];
  return a.slice(0, 10) === b.slice(0, 10) ? `${a} to ${b.slice(11)}` : `${a} to ${b}`;
}
