import type { Board, BoardLabel, Panel } from '../boards/board.ts';
import type { BoardContext } from '../boards/context.ts';
import type { Query } from '../boards/query/expression.ts';
import { labelsOf, leaves } from '../boards/query/shape.ts';
import type { AccessRecord } from '../logs/record.ts';
import type { Heat, PreviewData } from './data.ts';
import { type Look, lookOf, textOf } from './decode.ts';

/** A panel with what it shows. */
export interface Drawn {
  readonly panel: Panel;
  readonly content: Content;
  /** What the panel would show and these data can't. */
  readonly lacks: readonly string[];
}

export interface DrawnLine {
  readonly name: string;
  readonly look: Look;
  readonly values: readonly (number | null)[];
}

export interface Cell {
  readonly text: string;
  readonly look: Look;
}

export type Content =
  | { readonly kind: 'nothing'; readonly why: string }
  /** The greatest, when there are more than anybody tells apart; `left` is how many are not there. */
  | { readonly kind: 'lines'; readonly lines: readonly DrawnLine[]; readonly left: number }
  /** `course`: the same over time, where the value is of a moment. */
  | { readonly kind: 'value'; readonly value: number | undefined; readonly course: readonly (number | null)[] }
  | {
      readonly kind: 'rows';
      readonly rows: readonly { readonly cells: readonly Cell[]; readonly values: readonly (number | undefined)[] }[];
      readonly left: number;
    }
  | { readonly kind: 'heat'; readonly heat: Heat }
  | { readonly kind: 'records'; readonly records: readonly AccessRecord[] }
  | { readonly kind: 'text' };

export interface DrawnBoard {
  readonly board: Board;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Drawn[] }[];
}

/** Every panel of a board, asked of the data one after another: a Prometheus has other things to do. */
export async function drawn(board: Board, data: PreviewData): Promise<DrawnBoard> {
  const rows: { title: string; panels: Drawn[] }[] = [];
  for (const { title, panels } of board.rows) {
    const made: Drawn[] = [];
    for (const panel of panels) made.push(await draw(panel, data));
    rows.push({ title, panels: made });
  }
  return { board, rows };
}

/** Nothing is shown as nothing happening that these data do not know. */
export const absent = (lacks: readonly string[]): string =>
  `Not in this access log: ${lacks.join('; ')}. A Prometheus has it: --prometheus.`;

const quiet = 'Nothing in this time.';
const inPreview = 100;
const mostLines = 40;

async function draw(panel: Panel, data: PreviewData): Promise<Drawn> {
  const queries = queriesOf(panel);
  const lacks = [...new Set(queries.flatMap((q) => data.lacks(q) ?? []))];
  if (queries.length > 0 && queries.every((q) => data.lacks(q) !== undefined))
    return { panel, content: { kind: 'nothing', why: absent(lacks) }, lacks: [] };
  return { panel, content: await contentOf(panel, data), lacks };
}

const queriesOf = (panel: Panel): readonly Query[] => {
  if ('shown' in panel) return panel.shown.map((s) => s.query);
  if ('columns' in panel) return panel.columns.map((c) => c.query);
  return 'query' in panel ? [panel.query] : [];
};

/** Whether no part of a query looks at the whole view, in which all points of its course would be alike. */
const ofMoment = (query: Query): boolean =>
  leaves(query).every((q) => q.node !== 'objective' && (!('window' in q) || q.window === 'interval'));

async function contentOf(panel: Panel, data: PreviewData): Promise<Content> {
  switch (panel.kind) {
    case 'text':
      return { kind: 'text' };
    case 'logs': {
      const records = await data.records(panel.condition, inPreview);
      if (typeof records === 'string') return { kind: 'nothing', why: records };
      return records.length > 0 ? { kind: 'records', records } : { kind: 'nothing', why: quiet };
    }
    case 'stat':
      return {
        kind: 'value',
        value: (await data.now(panel.query))[0]?.value,
        course: ofMoment(panel.query) ? ((await data.lines(panel.query))[0]?.values ?? []) : [],
      };
    case 'heatmap': {
      const heat = await data.heat(panel.query);
      return heat.edges.length > 0 ? { kind: 'heat', heat } : { kind: 'nothing', why: quiet };
    }
    case 'timeseries': {
      const lines: DrawnLine[] = [];
      for (const { query, legend } of panel.shown) {
        if (data.lacks(query) !== undefined) continue;
        for (const line of await data.lines(query)) {
          const by = typeof legend === 'string' ? [] : legend;
          lines.push({
            name: typeof legend === 'string' ? legend : by.map((l) => textOf(l, line.labels[l] ?? '')).join(' · '),
            look: by.length === 1 && by[0] ? lookOf(by[0], line.labels[by[0]] ?? '') : undefined,
            values: line.values,
          });
        }
      }
      if (lines.length === 0) return { kind: 'nothing', why: quiet };
      const size = (l: DrawnLine): number => l.values.reduce((sum: number, v) => sum + (v ?? 0), 0);
      const many = panel.stacked || lines.length > mostLines;
      const order = many ? lines.sort((a, b) => size(b) - size(a)).slice(0, mostLines) : lines;
      return { kind: 'lines', lines: order, left: lines.length - order.length };
    }
    case 'bars':
      return rowsOf(panel.by, [panel.query], panel.limit, data);
    case 'table':
      return rowsOf(
        panel.by,
        panel.columns.map((c) => c.query),
        panel.limit,
        data,
      );
  }
}

/** One row for each combination of labels that any column has, the greatest of the first column first. */
async function rowsOf(
  by: readonly BoardLabel[],
  columns: readonly Query[],
  limit: number,
  data: PreviewData,
): Promise<Content> {
  const rows = new Map<
    string,
    { labels: Readonly<Partial<Record<BoardLabel, string>>>; values: (number | undefined)[] }
  >();
  for (const [i, query] of columns.entries()) {
    if (data.lacks(query) !== undefined) continue;
    const labels = labelsOf(query);
    for (const answer of await data.now(query)) {
      const key = by.map((l) => (labels.includes(l) ? (answer.labels[l] ?? '') : '')).join('\u0000');
      const row = rows.get(key) ?? { labels: answer.labels, values: columns.map(() => undefined) };
      row.values[i] = answer.value;
      rows.set(key, row);
    }
  }
  const sorted = [...rows.values()]
    // A count of nothing is no row: the series is there because it once counted something.
    .filter((r) => columns.length > 1 || r.values[0] !== 0)
    .sort((a, b) => (b.values[0] ?? Number.NEGATIVE_INFINITY) - (a.values[0] ?? Number.NEGATIVE_INFINITY));
  if (sorted.length === 0) return { kind: 'nothing', why: quiet };
  const shown = sorted.slice(0, Math.min(limit, inPreview));
  return {
    kind: 'rows',
    rows: shown.map(({ labels, values }) => ({
      cells: by.map((l) => ({ text: textOf(l, labels[l] ?? ''), look: lookOf(l, labels[l] ?? '') })),
      values,
    })),
    left: sorted.length - shown.length,
  };
}

/** What the page's head says of where its boards belong. */
export interface PreviewOf {
  readonly context: BoardContext;
  readonly data: PreviewData;
}
