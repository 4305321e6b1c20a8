import { SourceError } from '../sources/source.ts';
import type { Aggregation, Read, Test } from './expression.ts';

/**
 * How one store's query language spells an expression. Every text that is not ours (route names, header values, what a user typed) goes
 * through `literal` or `regex`, every field through `field`; nothing is concatenated past them. Each must hold for the attack set of
 * test/contract/hostile.ts: the compiled text reads back as one literal, and it matches that value and no other.
 */
export interface Language {
  /** The text as a literal; throws Inexpressible when the language can't write it. */
  literal(text: string): string;
  /** An expression that matches the glob whole (`*` is any run of characters) and nothing else; with the language's own delimiters. */
  regex(glob: string): string;
  /** What the store calls the field, quoted where it must be; throws Inexpressible for a name the language can't write. */
  field(read: Read): string;
  /** A condition of a filter. */
  test(test: Test): string;
  /** The whole query that answers in rows. */
  counting(aggregation: Aggregation): string;
}

/** The language has no way to say it: refused, never sent half-quoted. */
export class Inexpressible extends SourceError {
  constructor(language: string, what: string, hint?: string) {
    super(`${language} can't express ${what}`, hint);
    this.name = 'Inexpressible';
  }
}

/** A lone surrogate is in no stored text: UTF-8 has none. */
export const wellFormed = (text: string): boolean =>
  !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
