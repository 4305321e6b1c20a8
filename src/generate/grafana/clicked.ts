import type { BoardLabel } from '../../boards/board.ts';
import { variableName } from '../../boards/query/context.ts';
import { type At, fill } from './at.ts';
import type { Chosen } from './logql.ts';

/** What a value that is clicked carries: its labels, and how a link spells one of them (`series` of a graph, `row` of a table). */
export interface Clicked {
  readonly by: readonly BoardLabel[];
  readonly kind: 'series' | 'row';
  /** The label's name in the query's result. */
  name(label: BoardLabel): string;
}

/** A clicked value's label in a link (https://grafana.com/docs/grafana/latest/panels-visualizations/configure-data-links/). */
export const value = (label: BoardLabel, { kind, name }: Clicked, format = ':percentencode'): string =>
  fill(`${kind === 'series' ? '__field.labels' : '__data.fields'}["${name(label)}"]${format}`);

/**
 * What a search is narrowed by: what was clicked exactly, and the board's variables as a regular expression. Links can't escape what a
 * variable holds, so one whose values may have characters of regular expressions is left out (routes have `*`): wider, never another question.
 */
export function chosen(clicked: Clicked, { board, context }: At): readonly Chosen[] {
  const own = clicked.by.map((label): Chosen => ({ label, operator: '=', text: value(label, clicked) }));
  const rest = board.scope
    .filter((label) => !clicked.by.includes(label) && plain(label, context.labels))
    .flatMap((label): Chosen[] => {
      const any: Chosen = { label, operator: '=~', text: fill(`${variableName(label)}:pipe`) };
      return label === 'backend' ? [any, { ...any, text: `([a-z]+_)?(${fill('namespace:pipe')})(_.*)?` }] : [any];
    });
  return [...own, ...rest];
}

function plain(label: BoardLabel, labels: At['context']['labels']): boolean {
  if (!label.startsWith('custom:')) return label !== 'route';
  const bound = labels.find((l) => label === `custom:${l.name}`)?.bound;
  return bound?.kind === 'values' && bound.values.every((v) => /^[\w .:/@-]+$/.test(v));
}
