import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue, Panel as GrafanaPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { BoardLabel, Panel } from '../../../boards/board.ts';
import { type Query, top } from '../../../boards/query/expression.ts';
import { type At, prometheus, resultLabel } from '../at.ts';
import { mappings } from '../decode.ts';
import { steps, units } from '../units.ts';
import { title } from '../variables.ts';
import { description, refId, target, withLinks } from './base.ts';

type Kind = Extract<Panel, { kind: 'table' }>;

/** One row for each combination of labels, a column for each query; the greatest of the first column first. */
export function table(panel: Kind, at: At): GrafanaPanel {
  const { by, columns } = panel;
  const [first] = columns;
  if (!first) throw new Error(`board ${at.board.id}, panel ${panel.id}: a table without columns`);
  const name = (label: BoardLabel): string => resultLabel(label, first.query, at.path);
  // Rows are joined by the labels' names.
  const odd = columns.find((c) => by.some((label) => resultLabel(label, c.query, at.path) !== name(label)));
  if (odd)
    throw new Error(`board ${at.board.id}, panel ${panel.id}: column ${odd.title} has its labels by other names`);
  const valueName = (i: number): string => (columns.length === 1 ? 'Value' : `Value #${refId(i)}`);
  const made = new PanelBuilder()
    .title(panel.title)
    .description(description(panel, at))
    .datasource(prometheus)
    .unit(units[first.unit])
    .sortBy([new TableSortByFieldStateBuilder().displayName(first.title).desc(true)]);
  for (const [i, { query }] of columns.entries()) {
    const asked = columns.length === 1 ? top(panel.limit, query) : query;
    made.withTarget(
      target(asked, panel.id, at, { refId: refId(i), instant: true })
        .format(PromQueryFormat.Table)
        .legendFormat('__auto'),
    );
  }
  for (const [id, options] of transformations(panel, name, valueName)) made.withTransformation({ id, options });
  for (const label of by) {
    const properties = [...decoded(label), ...(label === 'flagName' ? [{ id: 'custom.width', value: 520 }] : [])];
    if (properties.length > 0) made.overrideByName(title(label), properties);
  }
  for (const c of columns) made.overrideByName(c.title, look(c));
  return withLinks(made.build(), panel, { by, kind: 'row', name }, at);
}

/** Several queries become one table; rows of counters that stood still are dropped; the greatest rows stay. */
function transformations(
  { by, columns, limit }: Kind,
  name: (label: BoardLabel) => string,
  valueName: (i: number) => string,
): readonly (readonly [id: string, options: object])[] {
  const shown = [
    ...by.map((label) => [name(label), title(label)]),
    ...columns.map((c, i) => [valueName(i), c.title]),
  ] as const;
  return [
    ...(columns.length > 1 ? [['merge', {}] as const] : []),
    ...(columns.every((c) => counts(c.query)) ? [['filterByValue', moved(valueName(0))] as const] : []),
    ['sortBy', { fields: {}, sort: [{ field: valueName(0), desc: true }] }],
    ['limit', { limitField: limit }],
    [
      'organize',
      {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(shown.map(([field], i) => [field, i])),
        renameByName: Object.fromEntries(shown),
      },
    ],
  ];
}

const moved = (fieldName: string) => ({
  type: 'include',
  match: 'all',
  filters: [{ fieldName, config: { id: 'greater', options: { value: 0 } } }],
});

/** How often something happened: nought is no row. */
function counts(query: Query): boolean {
  if (query.node === 'plus') return counts(query.left) && counts(query.right);
  return query.node === 'increase';
}

function decoded(label: BoardLabel): DynamicConfigValue[] {
  const known = mappings(label);
  if (known.length === 0) return [];
  return [
    { id: 'mappings', value: known },
    { id: 'custom.cellOptions', value: { type: 'color-text', wrapText: label === 'flagName' } },
  ];
}

/** A column with thresholds is coloured, one without is plain; both in their unit. */
const look = (column: Kind['columns'][number]): DynamicConfigValue[] => [
  { id: 'unit', value: units[column.unit] },
  ...(column.unit === 'count' ? [{ id: 'decimals', value: 0 }] : []),
  ...(column.thresholds
    ? [
        { id: 'thresholds', value: { mode: 'absolute', steps: steps(column.thresholds) } },
        { id: 'custom.cellOptions', value: { type: 'color-text' } },
      ]
    : []),
];
