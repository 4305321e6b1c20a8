import type { FieldId } from '../../envoy/fields.ts';
import type { AccessRecord } from '../record.ts';
import type { KeyMap } from './key-map.ts';
import { fieldValue } from './value.ts';

/** Name and value of everything in an object, nested names joined by dots. */
export type Entries = readonly (readonly [string, unknown])[];

/** Objects that only hold other fields: their own name is no part of the field's. */
const containers = new Set([
  'attributes',
  'content',
  'resource',
  'jsonPayload',
  'json',
  'log_processed',
  'fields',
  'structured_metadata',
  'labels',
]);

export function flatten(object: object, prefix = '', depth = 0, into: [string, unknown][] = []): [string, unknown][] {
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key;
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth < 4) {
      flatten(value, containers.has(key) ? prefix : `${name}.`, depth + 1, into);
    } else into.push([name, value]);
  }
  return into;
}

/** A nested name as `flatten` would have it, without the containers it stands in: `attributes.http.route` is `http.route`. */
export function ownName(path: string): string {
  const parts = path.split('.');
  let at = 0;
  while (at < parts.length - 1 && containers.has(parts[at] ?? '')) at++;
  return parts.slice(at).join('.');
}

/** The record of a flat list of names and values, or why they are none. */
export function recordOf(entries: Entries, keys: KeyMap): AccessRecord | string {
  const record: Partial<Record<FieldId, unknown>> = {};
  for (const [key, value] of entries) {
    const id = keys.field(key);
    if (id === undefined) continue;
    const converted = fieldValue(id, value);
    if (converted === undefined) {
      if (id === 'status') return `"${short(key)}" is not a status code`;
      if (id === 'time') return `"${short(key)}" is not a time`;
      continue;
    }
    if (record[id] === undefined || record[id] === null) record[id] = converted;
  }
  if (record.status === undefined && record.flags === undefined)
    return 'no field that could be a status code or response flags';
  return record as AccessRecord;
}

const short = (key: string): string => (key.length > 60 ? `${key.slice(0, 59)}…` : key);
