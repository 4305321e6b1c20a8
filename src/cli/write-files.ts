import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file to write, or to remove when it has no content. */
export interface Change {
  readonly path: string;
  readonly content: string | undefined;
}

/**
 * All changes or none. Everything is written beside its place first, so a full disk or a missing permission shows before anything is
 * touched; should a rename fail after that, what was done is undone. Folders that end up empty go.
 */
export function writeFiles(changes: readonly Change[]): void {
  const part = (path: string): string => `${path}.vigia-part`;
  const before = new Map<string, Buffer | undefined>();
  const parts = new Set<string>();
  try {
    for (const { path, content } of changes) {
      if (content === undefined) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(part(path), content);
      parts.add(part(path));
    }
    for (const { path, content } of changes) {
      before.set(path, bytes(path));
      if (content === undefined) rmSync(path, { force: true });
      else renameSync(part(path), path);
    }
  } catch (error) {
    for (const [path, old] of before)
      if (old === undefined) rmSync(path, { force: true });
      else writeFileSync(path, old);
    throw error;
  } finally {
    for (const path of parts) rmSync(path, { force: true });
  }
  for (const { path, content } of changes) if (content === undefined) prune(dirname(path));
}

function bytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function prune(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, which is the normal case.
    return;
  }
  prune(dirname(folder));
}
