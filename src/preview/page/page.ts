import { createHash } from 'node:crypto';
import { embedded, type Html, html, trusted } from '../../report/html/html-escape.ts';
import { uplotScript, uplotStyle } from '../../report/uplot.generated.ts';
import type { DrawnBoard, PreviewOf } from '../drawn.ts';
import { type Chart, panelHtml } from './panel.ts';
import { script } from './script.ts';
import { style } from './style.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

const styles = `${uplotStyle}\n${style}`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(uplotScript)} ${hash(script)}`,
  `style-src ${hash(styles)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Boards as one page that opens offline: its policy runs its own two scripts and nothing else, and text that was read is text. */
export function previewPage(boards: readonly DrawnBoard[], { context, data }: PreviewOf): string {
  const charts: Chart[] = [];
  const title = boards.length === 1 ? (boards[0]?.board.title ?? '') : 'Boards';
  const body = html`<header><h1>${title}</h1><p class="lede">Preview of ${context.contract}, environment ${context.environment.name}. From ${data.source}, ${span(data.from, data.to)} UTC.</p>
${boards.length > 1 && html`<nav aria-label="Boards"><ul>${boards.map(({ board }) => html`<li><a href="#${board.id}">${board.title}</a></li>`)}</ul></nav>`}
<p class="noscript lede">The charts need JavaScript; the numbers beside them do not.</p></header>
<main id="main" tabindex="-1">${boards.map((b) => boardHtml(b, data.times, charts, boards.length > 1))}</main>
<footer><p>Made by vigia preview: the same boards and queries that Grafana and Datadog get, computed by vigia's own evaluator where an access log is the source. This file loads nothing.</p></footer>`;
  return document(`${title} - vigia preview`, body, { times: data.times.map((t) => t / 1000), charts });
}

function boardHtml({ board, rows }: DrawnBoard, times: readonly number[], charts: Chart[], titled: boolean): Html {
  return html`<article id="${board.id}">${titled && html`<h2>${board.title}</h2>`}<p class="lede">${board.description}</p>${rows.map(
    ({ title, panels }) =>
      html`<h3>${title}</h3><div class="grid">${panels.map((p) => panelHtml(p, `${board.id}-${p.panel.id}`, times, charts))}</div>`,
  )}</article>`;
}

function span(from: number, to: number): string {
  const [a, b] = [from, to].map((t) => new Date(t).toISOString().slice(0, 16).replace('T', ' ')) as [string, string];
  return a.slice(0, 10) === b.slice(0, 10) ? `${a} to ${b.slice(11)}` : `${a} to ${b}`;
}

function document(title: string, body: Html, data: unknown): string {
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="generator" content="vigia">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${trusted(styles)}</style>
</head>
<body>
<a class="skip" href="#main">To the panels</a>
${body}
<script type="application/json" id="data">${embedded(data)}</script>
<script>${trusted(uplotScript)}</script>
<script>${trusted(script)}</script>
</body>
</html>`.markup
  }\n`;
}
