import { isList, isObject, type Json, type JsonObject } from '../../src/publish/json.ts';

export interface Edit {
  readonly path: string;
  readonly document: JsonObject;
}

/** Every document that is this one with a single value changed: numbers, texts and booleans each by itself. */
export function* singleEdits(document: JsonObject): Generator<Edit> {
  for (const [path, changed] of edits(document, '')) if (isObject(changed)) yield { path, document: changed };
}

function* edits(value: Json, path: string): Generator<readonly [path: string, changed: Json]> {
  if (isList(value))
    for (const [i, v] of value.entries())
      for (const [at, changed] of edits(v, `${path}[${i}]`))
        yield [at, value.map((old, j) => (j === i ? changed : old))];
  else if (isObject(value))
    for (const [key, v] of Object.entries(value))
      for (const [at, changed] of edits(v, path === '' ? key : `${path}.${key}`))
        yield [at, { ...value, [key]: changed }];
  else if (typeof value === 'number') yield [path, value + 1];
  else if (typeof value === 'boolean') yield [path, !value];
  else if (typeof value === 'string') yield [path, `${value}Z`];
}
