import type { JsonObject } from '../json.ts';
import type { DocumentKind } from '../plan.ts';
import type { Wanted } from '../wanted.ts';
import type { Live } from './kinds.ts';

/** Objectives come first: widgets hold their ids. */
export const kindsInOrder: readonly DocumentKind[] = ['slo', 'monitor', 'dashboard'];

/** A composite monitor holds the ids of its parts, so it is made after them and deleted before them. */
const rank = (document: JsonObject): number => (document['type'] === 'composite' ? 1 : 0);

export const partsFirst = (all: readonly Wanted[]): readonly Wanted[] =>
  all.toSorted((a, b) => rank(a.document) - rank(b.document));

export const compositesFirst = (all: readonly (readonly [string, Live])[]): readonly (readonly [string, Live])[] =>
  all.toSorted(([, a], [, b]) => rank(b.document) - rank(a.document));
