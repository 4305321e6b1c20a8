import type { Command } from 'commander';
import { type DriftKind, guarded, ledgerFile } from '../../generate/drift.ts';
import { clean } from '../../report/clean.ts';
import { drifted } from '../drifted.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { plan, planOptions } from '../generated.ts';
import type { Io } from '../io.ts';
import { examine } from '../manifest-findings.ts';
import { Failed, Misuse } from '../misuse.ts';

export function configure(command: Command): void {
  planOptions(command)
    .option('--force', 'overwrite files that were edited by hand or that vigia did not write')
    .addHelpText(
      'after',
      `
Writes all files or none. Examples:
  vigia generate
  vigia generate --manifests deploy/
  vigia generate --only kgateway --out /tmp/preview`,
    );
}

const signs: Readonly<Record<DriftKind, string>> = {
  missing: '+',
  outdated: '~',
  edited: '~',
  foreign: '~',
  'left over': '-',
  'left over, edited': '-',
};

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  if (args.length > 0) throw new Misuse(`generate takes no "${args[0]}"`, `vigia generate -c ${args[0]}`);
  const planned = plan(options, io);
  if (examine(planned.model, options['manifests'] as string | undefined, io).broken) {
    io.stderr.write('vigia: nothing written: what is said above would take a Gateway down\n');
    return exitCodes.findings;
  }
  const blocked = options['force'] === true ? [] : planned.drifts.filter((d) => guarded.has(d.kind));
  if (blocked.length > 0) {
    for (const drift of blocked) io.stderr.write(`${clean(drifted(drift, planned.at))}\n`);
    io.stderr.write('vigia: nothing written: what is listed above holds work that is not in the contract\n');
    return exitCodes.findings;
  }
  const content = new Map(planned.artefacts.map((a) => [a.path, a.content]));
  try {
    io.writeFiles([
      ...planned.drifts.map(({ path }) => ({ path: planned.at(path), content: content.get(path) })),
      ...(planned.ledgerFits ? [] : [{ path: planned.at(ledgerFile), content: planned.ledger }]),
    ]);
  } catch (error) {
    throw new Failed(`nothing written: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const { path, kind } of planned.drifts) io.stdout.write(`${signs[kind]} ${clean(planned.at(path))}\n`);
  const removed = planned.drifts.filter((d) => !content.has(d.path)).length;
  const written = planned.drifts.length - removed;
  io.stderr.write(
    `vigia: ${written} written, ${removed} removed, ${planned.artefacts.length - written} already as the contract has them\n`,
  );
  return exitCodes.ok;
}
