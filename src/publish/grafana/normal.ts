import { isList, isObject, type Json, type JsonObject, objects, textOf } from '../json.ts';

/** Set by the server and of no meaning to whoever writes the board. */
const serverKeys = new Set(['id', 'version', 'iteration', 'slug', 'meta', 'gnetId']);
/** Variables whose value is each viewer's own; "save default values" in the UI only stores somebody's. */
const viewers = new Set(['query', 'datasource', 'adhoc', 'interval']);

/**
 * A board in the form in which two of them can be compared: without what the server sets, each panel beside its row instead of in it (a
 * collapsed row swallows its panels), old spellings as new ones. Never sent anywhere. Normalising it again changes nothing.
 */
export function normalBoard(board: JsonObject): JsonObject {
  const { panels, templating, ...rest } = without(board, serverKeys);
  return {
    ...rest,
    panels: flat(objects(panels)),
    templating: { list: objects(isObject(templating) ? templating['list'] : undefined).map(variable) },
  };
}

function flat(panels: readonly JsonObject[]): readonly JsonObject[] {
  const made: JsonObject[] = [];
  let row = '';
  // Below which row an open row's panel stands is only told by its place.
  for (const panel of [...panels].sort((a, b) => place(a, 'y') - place(b, 'y') || place(a, 'x') - place(b, 'x'))) {
    const { panels: nested, ...rest } = panel;
    if (panel['type'] === 'row') row = panelId(panel);
    made.push(one(rest, panel['type'] === 'row' ? '' : row));
    for (const inner of objects(nested)) made.push(one(inner, panelId(panel)));
  }
  return made;
}

function one(panel: JsonObject, row: string): JsonObject {
  const { pluginVersion: _, libraryPanel, ...rest } = panel;
  return {
    ...rest,
    ...(isObject(libraryPanel)
      ? { libraryPanel: { uid: libraryPanel['uid'] ?? null, name: libraryPanel['name'] ?? null } }
      : {}),
    row: rest['row'] ?? row,
  };
}

function variable(v: JsonObject): JsonObject {
  if (!viewers.has(textOf(v, 'type'))) return v;
  return without(v, new Set(['current', 'options']));
}

/** What a panel is known by. Ids are ours and stay; a board of strangers may lack them. */
export function panelId(panel: JsonObject): string {
  const id = panel['id'];
  return typeof id === 'number' && id !== 0 ? String(id) : `${textOf(panel, 'type')} ${textOf(panel, 'title')}`;
}

export function place(panel: JsonObject, key: 'x' | 'y'): number {
  const at = panel['gridPos'];
  const value = isObject(at) ? at[key] : undefined;
  return typeof value === 'number' ? value : 0;
}

/**
 * Both boards with each panel's `y` as its rank among those of its row that both have. Grafana closes gaps when somebody saves, and a panel that
 * somebody added moves all below it: neither is a difference of the others.
 */
export function ranked(live: JsonObject, wanted: JsonObject): readonly [JsonObject, JsonObject] {
  const keys = (board: JsonObject) =>
    new Set(objects(board['panels']).map((p) => `${panelId(p)} in ${textOf(p, 'row')}`));
  const [a, b] = [keys(live), keys(wanted)];
  const common = (panel: JsonObject): boolean => {
    const key = `${panelId(panel)} in ${textOf(panel, 'row')}`;
    return a.has(key) && b.has(key);
  };
  return [withRanks(live, common), withRanks(wanted, common)];
}

function withRanks(board: JsonObject, common: (panel: JsonObject) => boolean): JsonObject {
  const panels = objects(board['panels']);
  const heights = (row: string) => [
    ...new Set(panels.filter((p) => common(p) && textOf(p, 'row') === row).map((p) => place(p, 'y'))),
  ];
  const ranks = new Map(
    [...new Set(panels.map((p) => textOf(p, 'row')))].map((row) => [row, heights(row).sort((x, y) => x - y)]),
  );
  return {
    ...board,
    panels: panels.map((panel): JsonObject => {
      const at = panel['gridPos'];
      if (!isObject(at) || !common(panel)) return panel;
      return { ...panel, gridPos: { ...at, y: ranks.get(textOf(panel, 'row'))?.indexOf(place(panel, 'y')) ?? 0 } };
    }),
  };
}

/** Without the keys at the top, and without nulls anywhere: absent and null are the same to Grafana. */
function without(value: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, v]) => !keys.has(key) && v !== null)
      .map(([key, v]) => [key, noNulls(v)]),
  );
}

function noNulls(value: Json): Json {
  if (isList(value)) return value.map(noNulls);
  return isObject(value) ? without(value, new Set()) : value;
}
