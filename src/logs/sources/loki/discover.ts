import type { Overrides } from '../../read/key-map.ts';
import type { Window } from '../../remote/from-question.ts';
import { type Layout, layoutOf } from '../../remote/layout.ts';
import { NoRecords, SourceError } from '../source.ts';
import type { Client, Stream } from './client.ts';
import { LogQl, type Records } from './language.ts';
import { limits } from './limits.ts';

const nothing: Layout = { name: () => undefined, fields: [], routeIs: 'route' };

/**
 * Where the records' fields are, learned from the newest lines of the window: in structured metadata (what the Collector sends), or in the
 * lines, as JSON.
 */
export async function discover(
  client: Client,
  selector: Records['selector'],
  { from, to }: Window,
  overrides: Overrides,
): Promise<Records> {
  const blind = new LogQl({ layout: nothing, in: 'metadata', paths: new Map(), selector });
  const streams = await client.lines(blind.lines({ kind: 'all', of: [] }), from, to, limits.learn, 'backward');
  const found = Object.entries(selector)
    .map(([k, v]) => `${k}=${v.join('|')}`)
    .join(', ');
  if (streams.length === 0)
    throw new NoRecords(`Loki has no line with ${found} in the window`, 'a wider window, or another --label');
  const labels = layoutOf([...new Set(streams.flatMap((s) => Object.keys(s.labels)))].sort(), overrides);
  if (usable(labels)) return { layout: labels, in: 'metadata', paths: new Map(), selector };
  const paths = pathsIn(streams);
  const inLines = layoutOf([...paths.keys()], overrides);
  if (usable(inLines)) return { layout: inLines, in: 'json', paths, selector };
  throw new SourceError(
    `no field that could be a status code or response flags in the lines with ${found}`,
    paths.size === 0
      ? 'only structured metadata and JSON lines can be asked there: `logcli query` the lines, and give them to vigia triage -'
      : `say which is which: --map status=FIELD,flags=FIELD; found are ${[...paths.keys()].slice(0, 12).join(', ')}`,
  );
}

const usable = (layout: Layout): boolean => layout.name('status') !== undefined || layout.name('flags') !== undefined;

/** Every value's place in the lines, by its keys joined with dots. */
function pathsIn(streams: readonly Stream[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || path.length > 4) {
      if (path.length > 0) paths.set(path.join('.'), path);
      return;
    }
    for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  for (const [, line] of streams.flatMap((s) => s.values)) {
    try {
      walk(JSON.parse(line), []);
    } catch {
      // Envoy's own log lines lie between.
    }
  }
  return paths;
}
