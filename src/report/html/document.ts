import { createHash } from 'node:crypto';
import { uplotScript, uplotStyle } from '../uplot.generated.ts';
import { patterns } from './bar.ts';
import { embedded, type Html, html, trusted } from './html-escape.ts';
import { script } from './script/index.ts';
import { style } from './style/index.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

const styles = `${uplotStyle}\n${style}`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(uplotScript)} ${hash(script)}`,
  `style-src ${hash(styles)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A whole page in one file: its policy allows the two scripts and the style written here, and nothing else, from nowhere. */
export function page(title: string, body: Html, data: unknown): string {
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
<a class="skip" href="#main">To the verdicts</a>
${patterns}
${body}
<script type="application/json" id="data">${embedded(data)}</script>
<script>${trusted(uplotScript)}</script>
<script>${trusted(script)}</script>
</body>
</html>`.markup
  }\n`;
}
