import { globSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SourceError } from '../source.ts';
import { reasonOf } from './input.ts';

/** The files that the arguments name, in their order, each once: names, globs (quoted, so that the shell left them alone), `-` for stdin. */
export function fileNames(
  args: readonly string[],
  nearest: (name: string, among: readonly string[]) => string | undefined,
): readonly string[] {
  const names = new Set<string>();
  for (const arg of args) for (const name of expand(arg, nearest)) names.add(name);
  return [...names];
}

function expand(
  arg: string,
  nearest: (name: string, among: readonly string[]) => string | undefined,
): readonly string[] {
  if (arg === '-') return [arg];
  try {
    if (!statSync(arg).isDirectory()) return [arg];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new SourceError(`${arg}: ${reasonOf(error)}`, undefined, { cause: error });
    const found = /[*?[{]/.test(arg) ? globSync(arg).sort() : [];
    if (found.length > 0) return found;
    throw new SourceError(/[*?[{]/.test(arg) ? `${arg}: no file matches` : `${arg}: no such file`, near(arg, nearest), {
      cause: error,
    });
  }
  throw new SourceError(`${arg}: is a directory`, `name its files: vigia triage '${join(arg, '*.log')}'`);
}

function near(
  arg: string,
  nearest: (name: string, among: readonly string[]) => string | undefined,
): string | undefined {
  try {
    const guess = nearest(basename(arg), readdirSync(dirname(arg)));
    return guess && `did you mean ${join(dirname(arg), guess)}?`;
  } catch {
    return undefined;
  }
}
