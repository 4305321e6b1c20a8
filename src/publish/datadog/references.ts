import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { DocumentKind } from '../plan.ts';

/** Another object that a document names: `${slo:prod-available}`. */
export interface Reference {
  readonly kind: DocumentKind;
  readonly id: string;
}

const reference = /\$\{(slo|monitor|dashboard):([^}]+)\}/g;

/** A document with the account's own ids for its references; those that `idOf` does not know stay. */
export function resolved(document: JsonObject, idOf: (of: Reference) => string | undefined): JsonObject {
  const value = (v: Json): Json => {
    if (typeof v === 'string')
      return v.replace(reference, (text, kind: DocumentKind, id: string) => idOf({ kind, id }) ?? text);
    if (isList(v)) return v.map(value);
    return isObject(v) ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, value(x)])) : v;
  };
  return Object.fromEntries(Object.entries(document).map(([k, v]) => [k, value(v)]));
}

const toDashboard = /\$\{dashboard:/;

/**
 * A document without links to dashboards that are not there (yet): boards lead to each other and monitors to boards, so the first can have no link. In
 * a monitor's message a link is a line. Whatever else is not there stays, and keeps the document from being written.
 */
export function withoutDeadLinks(document: JsonObject): JsonObject {
  const value = (v: Json): Json => {
    if (isList(v)) return v.map(value);
    if (typeof v === 'string') return toDashboard.test(v) ? linesWithout(v) : v;
    if (!isObject(v)) return v;
    const { custom_links: links, ...rest } = v;
    const alive = isList(links) ? links.filter((link) => !toDashboard.test(JSON.stringify(link))) : [];
    const kept = alive.length > 0 ? { custom_links: alive } : {};
    return { ...Object.fromEntries(Object.entries(rest).map(([k, x]) => [k, value(x)])), ...kept };
  };
  return Object.fromEntries(Object.entries(document).map(([k, v]) => [k, value(v)]));
}

const linesWithout = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !toDashboard.test(line))
    .join('\n');

/** What a document names, each once; after `resolved` what it still waits for. */
export function references(document: JsonObject): readonly Reference[] {
  const found = [...JSON.stringify(document).matchAll(reference)].map(
    ([, kind, id = '']): Reference => ({ kind: kind as DocumentKind, id }),
  );
  return found.filter((r, i) => found.findIndex((other) => other.kind === r.kind && other.id === r.id) === i);
}
