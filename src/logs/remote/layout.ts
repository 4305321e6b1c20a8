import { type FieldId, fieldIds } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import type { Answer } from '../answer.ts';
import { ownName } from '../read/json.ts';
import { KeyMap, type Overrides } from '../read/key-map.ts';
import type { Read, StoredRead } from './expression.ts';

/**
 * What a store's records carry, and what it calls each of them. Learned from names alone, because a store tells its fields' names for less
 * than it tells their values.
 */
export interface Layout {
  /** The store's own name of a field: `attributes.http.route`, `http_response_status_code`; undefined when no record has it. */
  name(read: Read): string | undefined;
  /** Our fields that records have. */
  readonly fields: readonly FieldId[];
  /** What requests are grouped by in the totals: routes where records name them, else backends, else the host asked for. */
  readonly routeIs: Answer['routeIs'];
}

const storedReads = [derived.details, derived.hop, derived.durationBucket, derived.ageBucket] as const;

/**
 * The layout of records whose fields have these names. `overrides` is what the user says by `--map`: field to name. Of several names that
 * could be a field the best alias wins, as in files; containers such as `attributes.` and `resource.` are no part of a name.
 */
export function layoutOf(names: readonly string[], overrides: Overrides = {}): Layout {
  const keys = new KeyMap(overrides);
  const bare = new Map<string, string>();
  for (const name of names) {
    const own = ownName(name);
    if (!bare.has(own)) bare.set(own, name);
  }
  keys.learn([[...bare.keys()].map((key) => [key, undefined] as const)]);
  const found = new Map<Read, string>();
  for (const [id, name] of Object.entries(overrides) as [FieldId, string][]) found.set(id, name);
  for (const [own, name] of bare) {
    const id = keys.field(own);
    if (id !== undefined && !found.has(id)) found.set(id, name);
    const stored = storedReads.find((read) => read === own || flat(read) === own);
    if (stored !== undefined && !found.has(stored)) found.set(stored, name);
  }
  const fields = fieldIds.filter((id) => found.has(id));
  return {
    name: (read) => found.get(read),
    fields,
    routeIs: found.has('route') || fields.length === 0 ? 'route' : found.has('cluster') ? 'backend' : 'authority',
  };
}

/** JSON of a file has underscores for dots. */
const flat = (read: StoredRead): string => read.replaceAll('.', '_');
