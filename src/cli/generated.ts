import { normalize } from 'node:path';
import type { Command } from 'commander';
import type { Model } from '../contract/model.ts';
import { spell } from '../contract/problem.ts';
import { type Artefact, Ungeneratable } from '../generate/artefact.ts';
import { type Drift, drifts, type Ledger, ledgerFile, ledgerText, readLedger } from '../generate/drift.ts';
import { type GeneratorEntry, type GeneratorId, generate, generatorIds, generators } from '../generate/index.ts';
import { type OpenedContract, openContract } from './contract.ts';
import type { Io } from './io.ts';
import { Failed, Misuse } from './misuse.ts';
import { oneOf } from './options.ts';

/** What the contract asks for against what is on disk. */
export interface Plan {
  readonly model: Model;
  readonly artefacts: readonly Artefact[];
  readonly drifts: readonly Drift[];
  /** The ledger's text when all is written. */
  readonly ledger: string;
  /** Whether the ledger on disk is that already. */
  readonly ledgerFits: boolean;
  /** Where a generated path is, as the user would name it. */
  at(path: string): string;
}

/** Options of `generate` and `check` alike. */
export function planOptions(command: Command): Command {
  return command
    .argument('[nothing...]')
    .option('-c, --contract <file>', 'the contract', 'vigia.yaml')
    .option('--out <folder>', 'the folder that holds the generated folders', '.')
    .option('--only <names>', `some generators only: ${generatorIds.join(', ')}`)
    .option(
      '--manifests <path>',
      "the cluster's own manifests, to look for what would undo or break the generated ones",
    );
}

/** Reads contract and disk, generates, and compares. Writes nothing. */
export function plan(options: Record<string, unknown>, io: Io): Plan {
  const contract = openContract(options['contract'] as string, io);
  const { model } = contract;
  // As io.listFiles spells the paths below it.
  const out = normalize(options['out'] as string);
  const at = (path: string): string => (out === '.' ? path : `${out.replace(/\/+$/, '')}/${path}`);
  const { text, entries } = ledgerOf(at(ledgerFile), io);
  const ids = chosen(options['only'] as string | undefined, entries);
  const mine = (path: string): boolean => ids.some((id) => within(id, path));
  const artefacts = generated(ids, contract);
  const own = new Map([...entries].filter(([path]) => mine(path)));
  const others = new Map([...entries].filter(([path]) => !mine(path)));
  const prefix = at('');
  const strays = ids
    .flatMap((id) => generators[id].folders)
    .flatMap((folder) => io.listFiles(at(folder)) ?? [])
    .map((file) => file.slice(prefix.length));
  const ledger = ledgerText(artefacts, others);
  return {
    model,
    artefacts,
    drifts: drifts(artefacts, own, strays, (path) => readable(at(path), io)),
    ledger,
    ledgerFits: ledger === text,
    at,
  };
}

/** What generators make; where one can't, the line of the contract that asks for it. */
function generated(ids: readonly GeneratorId[], { model, file, placeOf }: OpenedContract): readonly Artefact[] {
  try {
    return generate(model, ids);
  } catch (error) {
    if (!(error instanceof Ungeneratable)) throw error;
    const { line, column } = placeOf(error.path);
    throw new Misuse(`${file}:${line}:${column}: ${spell(error.path)}: ${error.message}`, error.hint);
  }
}

/** The named generators; unasked, all that run unasked and those whose files are there already. */
function chosen(only: string | undefined, ledger: Ledger): readonly GeneratorId[] {
  if (only !== undefined) {
    const named = new Set(only.split(',').map((name) => oneOf(name.trim(), generatorIds, '--only')));
    return generatorIds.filter((id) => named.has(id));
  }
  return generatorIds.filter((id) => {
    const { onRequest }: GeneratorEntry = generators[id];
    return !onRequest || [...ledger.keys()].some((path) => within(id, path));
  });
}

function within(id: GeneratorId, path: string): boolean {
  const { folders }: GeneratorEntry = generators[id];
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

function ledgerOf(file: string, io: Io): { readonly text: string | undefined; readonly entries: Ledger } {
  const text = readable(file, io);
  const ledger = readLedger(text ?? '');
  if ('badLine' in ledger)
    throw new Failed(
      `${file}:${ledger.badLine}: not a SHA-256, two blanks and a path below this folder`,
      'vigia keeps in it what it wrote; restore it, or delete it and run `vigia generate`',
    );
  return { text, entries: ledger };
}

function readable(file: string, io: Io): string | undefined {
  try {
    return io.readFile(file);
  } catch (error) {
    throw new Failed(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
