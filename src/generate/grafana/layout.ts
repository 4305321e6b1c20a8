import type { GridPos, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

/** Grafana's grid has 24 columns. */
const columns = 24;

/**
 * A panel's number, which links and annotations of alerts refer to: of its id alone (FNV-1a), so a panel that comes or goes renumbers no other.
 * Two ids of one board that meet get the next free number.
 */
export function numbers(ids: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  return new Map(
    ids.map((id) => {
      let hash = 0x811c9dc5;
      for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
      let number = (hash % 999_983) + 1;
      while (taken.has(number)) number++;
      taken.add(number);
      return [id, number];
    }),
  );
}

/** Panels of a row from left to right, a new line where one is full; each below the tallest of the line before. Returns the row's height too. */
export function packed(
  sizes: readonly { readonly width: number; readonly height: number }[],
  top: number,
): { readonly places: readonly GridPos[]; readonly bottom: number } {
  let [x, y, tallest] = [0, top, 0];
  const places = sizes.map(({ width, height }): GridPos => {
    if (x + width > columns) [x, y, tallest] = [0, y + tallest, 0];
    const place = { h: height, w: width, x, y };
    x += width;
    tallest = Math.max(tallest, height);
    return place;
  });
  return { places, bottom: y + tallest };
}

export interface PlacedRow {
  readonly title: string;
  readonly id: number;
  readonly collapsed: boolean;
  readonly panels: readonly (Panel & { readonly width: number; readonly height: number })[];
}

/** Rows one below the other. An open row's panels are its siblings; a closed row's are inside it. */
export function arranged(rows: readonly PlacedRow[]): (Panel | RowPanel)[] {
  let y = 0;
  return rows.flatMap(({ title, id, collapsed, panels }): (Panel | RowPanel)[] => {
    const row: RowPanel = { type: 'row', id, title, collapsed, gridPos: { h: 1, w: columns, x: 0, y }, panels: [] };
    const { places, bottom } = packed(panels, y + 1);
    const placed = panels.map(
      ({ width: _w, height: _h, ...panel }, i): Panel => ({ ...panel, gridPos: places[i] as GridPos }),
    );
    y = collapsed ? y + 1 : bottom;
    return collapsed ? [{ ...row, panels: placed }] : [row, ...placed];
  });
}
