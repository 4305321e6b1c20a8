import type { FieldId } from '../../envoy/fields.ts';
import { flatten, recordOf } from '../read/json.ts';
import type { KeyMap } from '../read/key-map.ts';

const pair = /"([^"\\\u0000-\u001f]*)":(?:"[^"\\\u0000-\u001f]*"|\d+|null|true|false)([,}])/y;

/**
 * The keys of a JSON line in their order, when it is flat, has no escapes and no spaces, and every key that is a field has a value of the
 * field's type. The last matters because an Answer says which fields were carried: once every key of a shape has been, later lines of that
 * shape can't add one.
 */
export function shapeOf(text: string, map: KeyMap): readonly string[] | undefined {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  const keys: string[] = [];
  pair.lastIndex = 1;
  for (let match = pair.exec(line); match; match = pair.exec(line)) {
    keys.push(match[1] ?? '');
    if (match[2] === ',') continue;
    return pair.lastIndex === line.length && isCarried(line, keys, map) ? keys : undefined;
  }
  return undefined;
}

function isCarried(line: string, keys: readonly string[], map: KeyMap): boolean {
  if (new Set(keys).size !== keys.length) return false;
  const record = recordOf(flatten(JSON.parse(line)), map);
  if (typeof record === 'string') return false;
  const ids = keys.map((key) => map.field(key)).filter((id): id is FieldId => id !== undefined);
  return new Set(ids).size === ids.length && ids.every((id) => record[id] !== undefined);
}

/**
 * One shape that holds both, when most of the second's keys are the first's and in the same order: formats that leave out empty values show
 * another set of keys on every line. Keys that only one of them has go where both orders allow; among several places, alphabetically,
 * because that is how Envoy sorts.
 */
export function mergeShapes(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  const shared = b.filter((key) => a.includes(key));
  if (shared.length * 2 < Math.min(a.length, b.length)) return undefined;
  const merged: string[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined && right === undefined) return merged;
    const leftOwn = left !== undefined && !shared.includes(left);
    const rightOwn = right !== undefined && !shared.includes(right);
    if (left === right) j++;
    if (left !== undefined && (left === right || (leftOwn && !(rightOwn && right < left)))) {
      merged.push(left);
      i++;
    } else if (rightOwn) {
      merged.push(right);
      j++;
    } else return undefined;
  }
}
