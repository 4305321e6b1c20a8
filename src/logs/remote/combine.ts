import type { Test } from './expression.ts';

/** Joins compiled tests in a language that spells `and` and `or` so, and has these for what always and never holds. */
export function combined(
  kind: Extract<Test, { readonly of: unknown }>['kind'],
  tests: readonly string[],
  words: { readonly and: string; readonly or: string; readonly always: string; readonly never: string },
): string {
  const [same, other] = kind === 'all' ? [words.always, words.never] : [words.never, words.always];
  if (tests.includes(other)) return other;
  const parts = tests.filter((t) => t !== same);
  if (parts.length === 0) return same;
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(kind === 'all' ? ` ${words.and} ` : ` ${words.or} `)})`;
}
