import { detailNames } from '../../envoy/details.ts';
import { type FieldId, fieldIds, fields } from '../../envoy/fields.ts';
import { responseFlags } from '../../envoy/response-flags.ts';
import { timeOf } from './value.ts';

/** Which of a file's keys is which field. */
export type Overrides = Readonly<Partial<Record<FieldId, string>>>;

/** Letters and digits only, lower case: `responseCode`, `response_code` and `Response-Code` are one name. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(wrapping, '')
    .replace(/[^a-z0-9]/g, '');

/** What stores put before an attribute's own name: `@http.response.status_code`, `attributes.envoy.response_flags`. */
const wrapping = /^(?:@(?!timestamp$|message$)|(?:resource\.)?attributes\.|_source\.)+/;

const aliases = new Map<string, readonly [FieldId, number]>();
for (const id of fieldIds) {
  for (const [rank, name] of [fields[id].name, ...fields[id].aliases].entries()) {
    if (!aliases.has(plain(name))) aliases.set(plain(name), [id, rank]);
  }
}

/**
 * Learns what the keys of JSON lines mean: what the user said (`--map`), then the alias table, then the values themselves (a key whose
 * values are `-` or known flags holds the flags). A key seen first after learning may still take a field that nobody has, because formats
 * that omit empty values show some keys only on failures.
 */
export class KeyMap {
  readonly #field = new Map<string, FieldId | undefined>();
  readonly #taken = new Map<FieldId, string>();
  readonly #unseen = new Set<string>();

  constructor(overrides: Overrides = {}) {
    for (const [id, key] of Object.entries(overrides) as [FieldId, string][]) {
      this.#field.set(key, id);
      this.#taken.set(id, key);
      this.#unseen.add(key);
    }
  }

  /** The field behind a key, or undefined when the key is none of ours. */
  field(key: string): FieldId | undefined {
    if (this.#field.has(key)) {
      if (this.#unseen.size > 0) this.#unseen.delete(key);
      return this.#field.get(key);
    }
    const id = aliases.get(plain(key))?.[0];
    return this.#assign(key, id !== undefined && !this.#taken.has(id) ? id : undefined);
  }

  /** Keys that the user named and no line had. */
  get unseen(): readonly string[] {
    return [...this.#unseen];
  }

  /** The key a field has in this file, if any. */
  keyOf(id: FieldId): string | undefined {
    return this.#taken.get(id);
  }

  /** Looks at the first lines' keys and values, so that the best alias wins whatever order the keys come in. */
  learn(objects: readonly (readonly (readonly [string, unknown])[])[]): void {
    const values = new Map<string, unknown[]>();
    for (const [key, value] of objects.flat()) {
      if (this.#field.has(key)) continue;
      const seen = values.get(key);
      if (seen) seen.push(value);
      else values.set(key, [value]);
    }
    const best = new Map<FieldId, readonly [number, string]>();
    for (const key of values.keys()) {
      const alias = aliases.get(plain(key));
      if (!alias || this.#taken.has(alias[0])) continue;
      const rival = best.get(alias[0]);
      if (!rival || alias[1] < rival[0]) best.set(alias[0], [alias[1], key]);
    }
    for (const [id, [, key]] of best) this.#assign(key, id);
    for (const [key, seen] of values) {
      if (this.#field.has(key)) continue;
      const id = aliases.has(plain(key)) ? undefined : inferred(seen);
      if (id !== undefined && !this.#taken.has(id)) this.#assign(key, id);
    }
  }

  #assign(key: string, id: FieldId | undefined): FieldId | undefined {
    // A hostile file could name millions of keys; what is no field needs no memory beyond the first few thousand.
    if (id !== undefined || this.#field.size < 4096) this.#field.set(key, id);
    if (id !== undefined) this.#taken.set(id, key);
    return id;
  }
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE']);
const statuses = new Set([
  0, 200, 201, 202, 204, 206, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 499, 500, 501,
  502, 503, 504,
]);

/** What a key holds, told from its values alone; only shapes that nothing else in an access log has. */
function inferred(values: readonly unknown[]): FieldId | undefined {
  const set = values.filter((v) => v !== null && v !== '');
  const text = set.filter((v): v is string => typeof v === 'string');
  if (set.length === 0) return undefined;
  const all = (test: (v: unknown) => boolean) => set.every(test);
  const words = text.filter((v) => v !== '-');
  if (text.length === set.length) {
    if (
      words.every((v) => v.split(',').every((f) => Object.hasOwn(responseFlags, f))) &&
      (words.length > 0 || text.length >= 3)
    )
      return 'flags';
    if (words.length === 0) return undefined;
    if (words.every((v) => methods.has(v))) return 'method';
    if (words.every((v) => /^HTTP\/[123](\.\d)?$/.test(v))) return 'protocol';
    if (words.every((v) => /^\d{4}-\d\d-\d\d[T ]/.test(v) && typeof timeOf(v) === 'number')) return 'time';
    if (words.every((v) => detailNames.has(v.replace(/[{[(:].*$/s, '').replace(/\s+/g, '_')))) return 'details';
    if (words.every((v) => /^(outbound\|\d+\||kube_[a-z0-9-]+_[a-z0-9-]+_\d+)/.test(v))) return 'cluster';
  }
  return all((v) => statuses.has(Number(v)) && v !== '-' && v !== false && v !== true) &&
    set.some((v) => Number(v) >= 200)
    ? 'status'
    : undefined;
}
