import { compare, type Difference, essence } from '../compare.ts';
import { fingerprint, type JsonObject } from '../json.ts';
import type { DocumentKind } from '../plan.ts';
import type { Wanted } from '../wanted.ts';
import { datadogRules, normal } from './normal.ts';

export const nouns: Readonly<Record<DocumentKind, string>> = {
  slo: 'objective',
  monitor: 'monitor',
  dashboard: 'dashboard',
};

export const keyOf = ({ kind, id }: Pick<Wanted, 'kind' | 'id'>): string => `${kind} ${id}`;

/** What a document means, in a few characters. */
export function contentOf(kind: DocumentKind, document: JsonObject): string {
  return fingerprint(essence(normal(kind, document), datadogRules));
}

export function differ(kind: DocumentKind, live: JsonObject, wanted: JsonObject): readonly Difference[] {
  return compare(normal(kind, live), normal(kind, wanted), datadogRules);
}
