import type { Board, Panel } from '../../src/boards/board.ts';
import { type BoardContext, boardContexts } from '../../src/boards/context.ts';
import { boards } from '../../src/boards/index.ts';
import type { Query } from '../../src/boards/query/expression.ts';
import { modelOf } from '../real/pipeline/contract.ts';

/** One environment with a label, an objective of each kind and every board. */
export const labContract = `
version: 1
kgateway: { version: "2.4" }
environments:
  lab:
    metrics: { to: prometheus, scrapeInterval: 15s }
    logs: { to: file, path: /var/log/vigia.json }
    traces: { to: none }
clusters:
  lab-1: { environment: lab }
gateways:
  - { name: edge, namespace: lab }
  - { name: inner, namespace: lab }
  - { name: partners, namespace: lab }
labels:
  team: { from: header, header: x-team, values: [checkout, search] }
objectives:
  - { name: edge-available, kind: availability, gateways: [edge.lab], target: 99.5, window: 7d }
  - { name: edge-fast, kind: latency, under: 500ms, gatewayUnder: 100ms, target: 99.5, window: 7d }
`;

export interface Asked {
  readonly board: Board;
  readonly panel: string;
  readonly query: Query;
}

export const labContext = (contract = labContract): BoardContext => {
  const [context] = boardContexts(modelOf(contract));
  if (context === undefined) throw new Error('the contract of the lab has no environment');
  return context;
};

/** Every query of every board, as panels hold them. */
export function askedBy(context: BoardContext): readonly Asked[] {
  const all = boards.flatMap((make) => make(context) ?? []);
  return all.flatMap((board) =>
    board.rows.flatMap((row) =>
      row.panels.flatMap((panel) => queriesOf(panel).map((query) => ({ board, panel: panel.id, query }))),
    ),
  );
}

export function queriesOf(panel: Panel): readonly Query[] {
  switch (panel.kind) {
    case 'timeseries':
      return panel.shown.map((s) => s.query);
    case 'table':
      return panel.columns.map((c) => c.query);
    case 'stat':
    case 'bars':
    case 'heatmap':
      return [panel.query];
    default:
      return [];
  }
}
