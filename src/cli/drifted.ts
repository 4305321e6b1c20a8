import type { Drift, DriftKind } from '../generate/drift.ts';

const words: Readonly<Record<DriftKind, string>> = {
  missing: 'not there; `vigia generate` writes it',
  outdated: 'is what an earlier contract said; `vigia generate` renews it',
  edited: 'edited by hand; move the change into the contract, or `vigia generate --force` drops it',
  foreign: 'not written by vigia; move it elsewhere, or `vigia generate --force` overwrites it',
  'left over': 'the contract no longer asks for it; `vigia generate` removes it',
  'left over, edited':
    'the contract no longer asks for it, and it is not as vigia wrote it; remove it, or `vigia generate --force` does',
};

/** One drift as a line: the place, what is the matter, and the remedy. */
export function drifted({ path, kind, line }: Drift, at: (path: string) => string): string {
  return `${at(path)}${line === undefined ? '' : `:${line}`}: ${words[kind]}`;
}
