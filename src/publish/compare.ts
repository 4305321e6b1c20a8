import { isList, isObject, type Json, type JsonObject } from './json.ts';

/** What a kind of document means beyond its bytes. `shape` is a path with lists as `[]`: `panels[].targets[]`. */
export interface Rules {
  /** What an element of this list is known by, so that order is no difference; undefined: by its position. */
  identity(shape: string, element: Json): string | undefined;
  /** Absent and this value mean the same. */
  isDefault(shape: string, value: Json): boolean;
  /** A key or an element that only the live document has is the service's own addition and nobody's edit. */
  isFilledIn(shape: string, value: Json): boolean;
  /** The order of this list is seen by whoever looks at it, and nothing else in its elements tells it. */
  isOrdered(shape: string, wanted: readonly Json[]): boolean;
  /** Two unequal values that mean the same. */
  same(shape: string, live: Json, wanted: Json): boolean;
}

/** One difference. `wanted` undefined: only live has it. `live` undefined: only the contract has it. */
export interface Difference {
  /** Keys from the top, list elements by identity or position. */
  readonly path: readonly string[];
  readonly live: Json | undefined;
  readonly wanted: Json | undefined;
}

/** Where two documents differ in meaning, in the order of the wanted one. */
export function compare(live: JsonObject, wanted: JsonObject, rules: Rules): readonly Difference[] {
  const found: Difference[] = [];
  walk(live, wanted, '', []);
  return found;

  function walk(a: Json | undefined, b: Json | undefined, shape: string, path: readonly string[]): void {
    if (b === undefined) {
      if (a !== undefined && !isServices(a, shape, rules)) found.push({ path, live: a, wanted: b });
      return;
    }
    if (a === undefined) {
      if (!meansNothing(b, shape, rules)) found.push({ path, live: a, wanted: b });
      return;
    }
    if (isObject(a) && isObject(b)) {
      if (rules.same(shape, a, b)) return;
      for (const key of new Set([...Object.keys(b), ...Object.keys(a)]))
        walk(own(a, key), own(b, key), shape === '' ? key : `${shape}.${key}`, [...path, key]);
      return;
    }
    if (isList(a) && isList(b)) {
      const [ours, theirs] = [named(b, shape), named(a, shape)];
      for (const id of new Set([...ours.keys(), ...theirs.keys()]))
        walk(theirs.get(id), ours.get(id), `${shape}[]`, [...path, id]);
      if (rules.isOrdered(`${shape}[]`, b)) order([...theirs.keys()], [...ours.keys()], path);
      return;
    }
    if (a !== b && !rules.same(shape, a, b) && !(meansNothing(a, shape, rules) && meansNothing(b, shape, rules)))
      found.push({ path, live: a, wanted: b });
  }

  function order(a: readonly string[], b: readonly string[], path: readonly string[]): void {
    const [live, wanted] = [a.filter((id) => b.includes(id)), b.filter((id) => a.includes(id))];
    if (live.some((id, i) => id !== wanted[i])) found.push({ path: [...path, 'order'], live, wanted });
  }

  /** By identity; a second one of the same name is told apart by its number. */
  function named(list: readonly Json[], shape: string): Map<string, Json> {
    const elements = new Map<string, Json>();
    for (const [i, element] of list.entries()) {
      const id = rules.identity(`${shape}[]`, element) ?? `[${i}]`;
      let free = id;
      for (let n = 2; elements.has(free); n++) free = `${id} #${n}`;
      elements.set(free, element);
    }
    return elements;
  }
}

/**
 * What of a document carries meaning: without defaults and empties, what has an identity and no order sorted by it. Two documents that `compare` finds the
 * same have the same essence, unless one has what the service filled in and the rules don't know.
 */
export function essence(value: Json, rules: Rules, shape = ''): Json {
  if (isList(value)) {
    const list = value.map((element) => ({
      id: rules.identity(`${shape}[]`, element),
      element: essence(element, rules, `${shape}[]`),
    }));
    if (!rules.isOrdered(`${shape}[]`, value) && list.every(({ id }) => id !== undefined))
      list.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
    return list.map(({ element }) => element);
  }
  if (!isObject(value)) return value;
  const at = (key: string) => (shape === '' ? key : `${shape}.${key}`);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, v]) => !meansNothing(v, at(key), rules) && !rules.isFilledIn(at(key), v))
      .map(([key, v]) => [key, essence(v, rules, at(key))]),
  );
}

/** No own key is undefined in JSON, and what the prototype has is no key of the document. */
function own(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Only live has it: nothing, filled in by the service, or made only of these. */
function isServices(value: Json, shape: string, rules: Rules): boolean {
  if (meansNothing(value, shape, rules) || rules.isFilledIn(shape, value)) return true;
  if (isList(value)) return value.every((element) => isServices(element, `${shape}[]`, rules));
  return isObject(value) && Object.entries(value).every(([key, v]) => isServices(v, `${shape}.${key}`, rules));
}

/** null, empty, a default, or made only of these: the same as not being there. */
function meansNothing(value: Json, shape: string, rules: Rules): boolean {
  if (value === null || value === '' || rules.isDefault(shape, value)) return true;
  if (isList(value)) return value.length === 0;
  if (!isObject(value)) return false;
  return Object.entries(value).every(([key, v]) => meansNothing(v, `${shape}.${key}`, rules));
}
