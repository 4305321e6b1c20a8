import type { Test } from './expression.ts';

/** The opposite of a test, in the same terms: for a language that has no `not` around a condition. */
export function negate(test: Test): Test {
  switch (test.kind) {
    case 'all':
      return { kind: 'any', of: test.of.map(negate) };
    case 'any':
      return { kind: 'all', of: test.of.map(negate) };
    case 'set':
      return { kind: 'unset', read: test.read };
    case 'unset':
      return { kind: 'set', read: test.read };
    case 'text':
    case 'flag':
      return { ...test, negated: !test.negated };
    case 'prefix':
      return { kind: 'text', read: test.read, globs: test.prefixes.map((p) => `${p}*`), negated: true };
    case 'number': {
      const { read, from, below } = test;
      return {
        kind: 'any',
        of: [
          { kind: 'unset', read },
          ...(from === undefined ? [] : [{ kind: 'number', read, below: from } as const]),
          ...(below === undefined ? [] : [{ kind: 'number', read, from: below } as const]),
        ],
      };
    }
  }
}
