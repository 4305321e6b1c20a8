import { clean } from '../clean.ts';

/** Markup that is safe to write as it is: only `html` and `trusted` make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Value = Html | string | number | undefined | null | false | readonly Value[];

/**
 * Markup with values. Everything put in is data and is escaped, in text and between quotes alike; only what `html` itself made passes.
 * Lists are joined; undefined, null and false write nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((markup, part, i) => markup + markupOf(values[i - 1]) + part));
}

function markupOf(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (value === undefined || value === null || value === false) return '';
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escaped(visible(String(value)));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escaped = (text: string): string => text.replace(/[&<>"'`]/g, (c) => entities[c] ?? c);

/** Text with every character shown that would hide or reorder others: controls, bidirectional marks, lone surrogates, invisible spaces. */
export function visible(text: string): string {
  return clean(
    text.replace(
      /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}

/** Text that is to be copied: its lines stay lines, all else as ever. */
export const lines = (text: string): Html =>
  new Html(
    text
      .split('\n')
      .map((line) => markupOf(line))
      .join('\n'),
  );

/** Names that strangers made up may be very long: the start is enough to tell them apart, and the length is said. */
export function name(text: string, most = 240): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length.toLocaleString('en-US')} characters)`;
}

/** Our own scripts and styles, which must not be escaped inside their elements. Never for anything that was read. */
export const trusted = (text: string): Html => new Html(text);

/** JSON inside a script element: no character that could end the element or, in an old parser, a line. */
export function embedded(value: unknown): Html {
  return new Html(
    JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
