import type { WidgetLayout } from './models.ts';

/** Columns of a board, and of an ordered dashboard in Datadog. */
const columns = { board: 24, datadog: 12 } as const;
/** Rows of Grafana's grid that make one of Datadog's. */
const rowsInOne = 8 / 3;

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** Places from left to right, and below when a line is full; relative to their group. Edges are rounded, not widths, so that lines stay full. */
export function places(panels: readonly Sized[]): {
  readonly layouts: readonly WidgetLayout[];
  readonly height: number;
} {
  let [x, y, line] = [0, 0, 0];
  const layouts = panels.map((panel): WidgetLayout => {
    if (x + panel.width > columns.board) {
      [x, y, line] = [0, y + line, 0];
    }
    const [left, right] = [x, x + panel.width].map((edge) => Math.round((edge * columns.datadog) / columns.board));
    const height = Math.max(1, Math.round(panel.height / rowsInOne));
    x += panel.width;
    line = Math.max(line, height);
    return { x: left ?? 0, y, width: (right ?? 0) - (left ?? 0), height };
  });
  return { layouts, height: y + line };
}

/** The group of a row: as wide as the dashboard, one row for its title. */
export const groupLayout = (y: number, inner: number): WidgetLayout => ({
  x: 0,
  y,
  width: columns.datadog,
  height: inner + 1,
});
