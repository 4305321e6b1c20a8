import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { Board, BoardLabel } from '../../boards/board.ts';
import type { BoardContext } from '../../boards/context.ts';
import { variableName } from '../../boards/query/context.ts';
import type { Query } from '../../boards/query/expression.ts';
import { promql } from '../../boards/query/promql.ts';
import { selectionsOf } from '../../boards/query/shape.ts';
import { seriesOf } from '../../signals/series.ts';
import { seriesLabelName } from '../../signals/spelling.ts';

/** A variable or macro that Grafana fills in. */
export const fill = (expression: string): string => `\${${expression}}`;

/** Where a panel is made: what its queries and links must know. */
export interface At {
  readonly context: BoardContext;
  readonly board: Board;
  /** Every board of the environment, for links. */
  readonly boards: readonly Board[];
  readonly path: 'scrape' | 'remote-write';
  /** A board's uid by its id. */
  uid(board: string): string;
}

/** Every board has these names, so that links carry the choice; they are what dashboard-linter asks for where there are several. */
export const prometheus: DataSourceRef = { type: 'prometheus', uid: fill('prometheus_datasource') };
export const loki: DataSourceRef = { type: 'loki', uid: fill('loki_datasource') };
export const tempo: DataSourceRef = { type: 'tempo', uid: fill('tempo_datasource') };

/** A query of the board in PromQL. */
export function compiled(query: Query, panel: string, { context, board, path }: At): string {
  const { labels, objectives, recorded } = context;
  const place = { board: board.id, panel };
  return byNamespace(promql(query, { path, scope: board.scope, labels, objectives, recorded, use: 'board', place }));
}

/**
 * Wherever the variable of backends filters, the one of namespaces does too: Envoy's name of a backend is `kube_<namespace>_<service>_<port>`,
 * and no Kubernetes name has an underscore in it. A variable's own "all" can't refer to another variable, so the filter is in the query.
 */
const byNamespace = (text: string): string =>
  text.replace(/(\w+)=~"\$backend"/g, (filter, label: string) => `${filter}, ${label}=~"([a-z]+_)?$namespace(_.*)?"`);

/** A label's name in a query's results: what the first series that carries it calls it. */
export function resultLabel(label: BoardLabel, query: Query, path: At['path']): string {
  if (label.startsWith('custom:')) return seriesLabelName(label.slice('custom:'.length), path);
  for (const { series } of selectionsOf(query)) {
    const attribute = seriesOf(series).labels[label as keyof ReturnType<typeof seriesOf>['labels']];
    if (attribute !== undefined) return seriesLabelName(attribute, path);
  }
  // Recorded series of objectives have the labels of signals.
  return variableName(label);
}
