import { createHash } from 'node:crypto';
import type { Artefact } from './artefact.ts';
import { isGenerated } from './generated.ts';

/** Beside the generated folders: what vigia wrote last, in sha256sum's format (`sha256sum -c vigia.sha256`), sorted by path. */
export const ledgerFile = 'vigia.sha256';

/** Path to SHA-256 of what vigia wrote there. */
export type Ledger = ReadonlyMap<string, string>;

/**
 * How a path differs from what the contract says. `outdated` and `left over` are vigia's own bytes, so they are replaced and removed;
 * `edited`, `foreign` and `left over, edited` hold somebody's work.
 */
export type DriftKind = 'missing' | 'outdated' | 'edited' | 'foreign' | 'left over' | 'left over, edited';

export interface Drift {
  readonly path: string;
  readonly kind: DriftKind;
  /** The first line that differs, from 1; absent where a whole file is missing or too many. */
  readonly line: number | undefined;
}

/** Kinds that `vigia generate` does not overwrite unless forced. */
export const guarded: ReadonlySet<DriftKind> = new Set<DriftKind>(['edited', 'foreign', 'left over, edited']);

/**
 * What differs between what is generated and what is on disk. `strays` are files of the generated folders that the ledger does not know; of
 * those only the ones that carry vigia's banner or mark are its business.
 */
export function drifts(
  artefacts: readonly Artefact[],
  ledger: Ledger,
  strays: readonly string[],
  read: (path: string) => string | undefined,
): readonly Drift[] {
  const wanted = new Set(artefacts.map((a) => a.path));
  const changed = artefacts.flatMap(({ path, content }): Drift[] => {
    const there = read(path);
    if (there === content) return [];
    const line = there === undefined ? undefined : firstDifference(there, content);
    return [{ path, kind: kindOf(there, ledger.get(path)), line }];
  });
  const known = [...ledger].flatMap(([path, hash]): Drift[] => {
    const there = wanted.has(path) ? undefined : read(path);
    if (there === undefined) return [];
    return [{ path, kind: sha256(there) === hash ? 'left over' : 'left over, edited', line: undefined }];
  });
  const unknown = strays.flatMap((path): Drift[] =>
    !wanted.has(path) && !ledger.has(path) && isGenerated(read(path) ?? '')
      ? [{ path, kind: 'left over, edited', line: undefined }]
      : [],
  );
  return [...changed, ...known, ...unknown].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function kindOf(there: string | undefined, hash: string | undefined): DriftKind {
  if (there === undefined) return 'missing';
  if (hash === undefined) return 'foreign';
  return sha256(there) === hash ? 'outdated' : 'edited';
}

function firstDifference(a: string, b: string): number {
  const [left, right] = [a.split('\n'), b.split('\n')];
  const at = left.findIndex((line, i) => line !== right[i]);
  return (at < 0 ? left.length : at) + 1;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The ledger after writing: entries of generators that did not run stay. */
export function ledgerText(artefacts: readonly Artefact[], others: Ledger): string {
  const all = new Map([...others, ...artefacts.map(({ path, content }) => [path, sha256(content)] as const)]);
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, hash]) => `${hash}  ${path}\n`)
    .join('');
}

/** Reads the ledger; undefined with the number of a line that is none. Paths that lead elsewhere are refused: files are removed by it. */
export function readLedger(text: string): Ledger | { readonly badLine: number } {
  const ledger = new Map<string, string>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const [, hash, path] = /^([0-9a-f]{64}) [ *]([^\0]+)$/.exec(line) ?? [];
    const parts = path?.split(/[/\\]/) ?? [];
    if (hash === undefined || path === undefined || parts.length < 2 || parts.some((p) => ['', '.', '..'].includes(p)))
      return { badLine: i + 1 };
    ledger.set(path, hash);
  }
  return ledger;
}
