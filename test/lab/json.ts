/** Any JSON value; `undefined` members are left out when it is written, so that optional pieces need no conditionals. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A JSON value that is an object, and not an array or null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep merge in which the later value wins; arrays are replaced, because two lists of filters have no meaningful sum. */
export function merge(base: JsonObject, over: JsonObject | undefined): JsonObject {
  if (!over) return base;
  const result: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return result;
}

/** A protobuf `Any` as Envoy's JSON wants it. `type` is the message's name without `envoy.extensions.`. */
export function typed(type: string, value: JsonObject = {}): JsonObject {
  const full = type.startsWith('envoy.') ? type : `envoy.extensions.${type}`;
  return { '@type': `type.googleapis.com/${full}`, ...value };
}
