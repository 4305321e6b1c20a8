import { responseFlags } from '../../../envoy/response-flags.ts';
import { combined } from '../../remote/combine.ts';
import type { Read, Test } from '../../remote/expression.ts';
import { Inexpressible, wellFormed } from '../../remote/language.ts';
import type { Layout } from '../../remote/layout.ts';

const name = "Datadog's search";

/**
 * Datadog's log search (https://docs.datadoghq.com/logs/explorer/search_syntax/). Inside quotes only `"` and `\` are special and no wildcard is
 * one; outside, every special character takes a `\`. Control characters have no spelling
 * (a `?` would match others too), so they are refused.
 */
export class LogSearch {
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  literal(text: string): string {
    expressible(text);
    return `"${text.replace(/["\\]/g, '\\$&')}"`;
  }

  regex(glob: string): string {
    expressible(glob);
    return bare(glob, '*');
  }

  /** `@path` of an attribute, the bare name of a reserved one or of a tag. */
  field(read: Read): string {
    const path = this.#layout.name(read);
    if (path === undefined) throw new Inexpressible(name, `${read}: no record has it`);
    if (!/^@?[A-Za-z0-9_.\-/]{1,200}$/.test(path))
      throw new Inexpressible(
        name,
        `the field name ${JSON.stringify(path.slice(0, 80))}`,
        'letters, digits and _ . - / can be written',
      );
    return path;
  }

  has(read: Read): boolean {
    return this.#layout.name(read) !== undefined;
  }

  test(test: Test): string {
    switch (test.kind) {
      case 'all':
      case 'any':
        return combined(
          test.kind,
          test.of.map((t) => this.test(t)),
          { and: 'AND', or: 'OR', always, never },
        );
      case 'set':
        return this.#set(test.read);
      case 'unset':
        return `(-${this.field(test.read)}:* OR ${this.field(test.read)}:"-")`;
      case 'number': {
        const f = this.field(test.read);
        const sides = [
          ...(test.from === undefined ? [] : [`${f}:>=${number(test.from)}`]),
          ...(test.below === undefined ? [] : [`${f}:<${number(test.below)}`]),
        ];
        if (sides.length === 0) return this.#set(test.read);
        return sides.length === 1 ? (sides[0] ?? '') : `(${sides.join(' AND ')})`;
      }
      case 'prefix':
        return `${this.field(test.read)}:(${test.prefixes.map((p) => `${bare(p, '\\*')}*`).join(' OR ')})`;
      case 'flag': {
        const f = this.field('flags');
        // One text holds them all, comma-joined.
        const each = test.globs.flatMap((g) => [g, ...(responseFlags[g] ? [responseFlags[g].long] : [])]);
        const found = each.flatMap((g) => [g, `${g},*`, `*,${g}`, `*,${g},*`]).map((g) => this.regex(g));
        const any = `(${this.#set('flags')} AND ${f}:(${found.join(' OR ')}))`;
        return test.negated ? `(-${any})` : any;
      }
      case 'text': {
        const f = this.field(test.read);
        // A set value is never `-` or empty.
        const possible = test.globs.filter((g) => g !== '-' && g !== '');
        if (possible.some((g) => /^\*+$/.test(g))) return test.negated ? `(-${f}:* OR ${f}:"-")` : this.#set(test.read);
        if (possible.length === 0) return test.negated ? always : never;
        const each = possible.map((g) => (g.includes('*') ? this.regex(g) : this.literal(g)));
        const any = `(${this.#set(test.read)} AND ${f}:(${each.join(' OR ')}))`;
        return test.negated ? `(-${any})` : any;
      }
    }
  }

  #set(read: Read): string {
    const f = this.field(read);
    return `(${f}:* AND -${f}:"-")`;
  }
}

export const always = '*';
const never = '(-*)';

function expressible(text: string): void {
  if (!wellFormed(text)) throw new Inexpressible(name, 'half of a surrogate pair: no stored text holds one');
  if (control.test(text))
    throw new Inexpressible(name, 'a control character', 'a * in its place matches it, and anything else');
}

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Outside of quotes: what is special is escaped, and blanks too; `star` is what an asterisk becomes. */
const bare = (text: string, star: string): string =>
  [...text]
    .map((c) => {
      if (c === '*') return star;
      return /[+\-=&|><!(){}[\]^"“”~?:\\# ]/.test(c) ? `\\${c}` : c;
    })
    .join('');

/** A number without an exponent. */
function number(n: number): string {
  if (!Number.isFinite(n)) throw new Inexpressible(name, String(n));
  return Number.isInteger(n) ? n.toFixed(0) : String(Number(n.toFixed(6)));
}
