import { z } from 'zod';
import { nearest } from '../nearest.ts';
import type { Finding, Path } from './problem.ts';
import { type Contract, contractSchema } from './schema/index.ts';
import { looksLikeSecret } from './secrets.ts';

export type Shaped =
  | { readonly contract: Contract }
  | { readonly findings: readonly (Finding & { missing: boolean })[] };

/** The schema's verdict on a value, each issue as a sentence with the nearest right spelling. */
export function shape(value: unknown): Shaped {
  const parsed = contractSchema.safeParse(value, { error: expected });
  if (parsed.success) return { contract: parsed.data };
  return { findings: parsed.error.issues.flatMap((issue) => [...sentences(issue, value)]) };
}

/** What would have been right, where the schema has no words of its own. For an unknown key: the known ones. */
function expected(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      if (issue.inst instanceof z.ZodObject) return Object.keys(issue.inst.shape).join(', ');
      return issue.inst instanceof z.ZodRecord && issue.inst.keyType instanceof z.ZodEnum
        ? issue.inst.keyType.options.join(', ')
        : undefined;
    case 'invalid_type':
      return (
        { object: 'a map of keys and values', record: 'a map of names', array: 'a list', string: 'text' } as Record<
          string,
          string
        >
      )[issue.expected];
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? `one of ${issue.options.join(', ')}` : undefined;
    default:
      return undefined;
  }
}

function* sentences(issue: z.core.$ZodIssue, root: unknown): Generator<Finding & { missing: boolean }> {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(', ');
    for (const key of issue.keys) {
      const guess = nearest(key, known);
      const hint = guess ? `did you mean ${guess}?` : `expected one of ${issue.message}`;
      yield { path: [...path, key], message: 'unknown key', hint, onKey: true, missing: false };
    }
    return;
  }
  if (issue.code === 'invalid_key') {
    const said = issue.issues[0]?.message ?? 'a name';
    const key = String(path.at(-1));
    const known = issue.issues[0]?.code === 'invalid_value' ? issue.issues[0].values.map(String) : [];
    const guess = nearest(key, known);
    yield {
      path,
      message: `no such key: expected ${said}`,
      hint: guess && `did you mean ${guess}?`,
      onKey: true,
      missing: false,
    };
    return;
  }
  const found = valueAt(root, path);
  if (found === undefined || found === null) {
    yield {
      path,
      message: `${found === null ? 'has no value' : 'is missing'}: expected ${issue.message}`,
      onKey: true,
      missing: found === undefined,
    };
    return;
  }
  yield { path, message: `${shown(found)}: expected ${issue.message}`, hint: remedy(found, issue), missing: false };
}

function remedy(found: unknown, issue: z.core.$ZodIssue): string | undefined {
  const known =
    issue.code === 'invalid_value'
      ? issue.values.map(String)
      : issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)
        ? issue.options.map(String)
        : [];
  const text = String(found);
  if (typeof found !== 'string' && known.includes(text)) return `YAML reads it as a ${typeof found}: write "${text}"`;
  const guess = typeof found === 'object' || known.length < 2 ? undefined : nearest(text, known);
  return guess && `did you mean ${guess}?`;
}

/** A value as a message shows it: short, and never a credential. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'a map';
  const text = String(value);
  if (looksLikeSecret(text)) return '(not shown: looks like a credential)';
  const printable = text.replace(/[\p{C}]/gu, '\u00b7');
  const short = printable.length > 60 ? `${printable.slice(0, 59)}…` : printable;
  return typeof value === 'string' ? short : `${short} (a ${typeof value})`;
}

export function valueAt(root: unknown, path: Path): unknown {
  let at = root;
  for (const part of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}
