import { Html, html } from './html-escape.ts';

type Cell = Html | string;

/** A table with caption and scopes; the first column names its row, the others are numbers unless they say otherwise. Wide ones scroll alone. */
export function table(
  caption: string,
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  textColumns: readonly number[] = [],
): Html {
  const cell = (c: Cell, i: number): Html => {
    if (i === 0) return html`<th scope="row">${c}</th>`;
    return textColumns.includes(i) ? html`<td>${c}</td>` : html`<td class="n">${c}</td>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head.map(
    (h, i) =>
      i === 0 || textColumns.includes(i) ? html`<th scope="col">${h}</th>` : html`<th scope="col" class="n">${h}</th>`,
  )}</tr></thead><tbody>${rows.map((r) => html`<tr>${r.map(cell)}</tr>`)}</tbody></table></div>`;
}

/** Nothing to say in a cell. */
export const empty: Html = new Html('<span class="note">-</span>');
