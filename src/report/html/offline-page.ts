import { createHash } from 'node:crypto';
import { uplotScript, uplotStyle } from '../uplot.generated.ts';
import { embedded, type Html, html, trusted } from './html-escape.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/**
 * Pages that open offline, each one file with its charts' library in it: the policy allows the two scripts and the style written here, and
 * nothing else, from nowhere. `skip` is the words of the link to `#main`; `data` is what `script` reads from `#data`.
 */
export function offlinePage(own: { readonly style: string; readonly script: string; readonly skip: string }) {
  const styles = `${uplotStyle}\n${own.style}`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(uplotScript)} ${hash(own.script)}`,
    `style-src ${hash(styles)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return (title: string, body: Html, data: unknown): string =>
    `${
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
<a class="skip" href="#main">${own.skip}</a>
${body}
<script type="application/json" id="data">${embedded(data)}</script>
<script>${trusted(uplotScript)}</script>
<script>${trusted(own.script)}</script>
</body>
</html>`.markup
    }\n`;
}
