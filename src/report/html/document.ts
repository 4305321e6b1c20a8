import { patterns } from './bar.ts';
import { type Html, html } from './html-escape.ts';
import { offlinePage } from './offline-page.ts';
import { script } from './script/index.ts';
import { style } from './style/index.ts';

const document = offlinePage({ style, script, skip: 'To the verdicts' });

/** The report's page; the sides' patterns come first, for all that follows to refer to. */
export const page = (title: string, body: Html, data: unknown): string =>
  document(title, html`${patterns}\n${body}`, data);
