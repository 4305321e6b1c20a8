import type { Command } from 'commander';
import { ledgerFile } from '../../generate/drift.ts';
import { clean } from '../../report/clean.ts';
import { drifted } from '../drifted.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { plan, planOptions } from '../generated.ts';
import type { Io } from '../io.ts';
import { examine } from '../manifest-findings.ts';
import { Misuse } from '../misuse.ts';

export function configure(command: Command): void {
  planOptions(command).addHelpText(
    'after',
    `
Writes nothing; ends with 1 when a file is not what the contract says. Examples:
  vigia check
  vigia check --manifests deploy/`,
  );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  if (args.length > 0) throw new Misuse(`check takes no "${args[0]}"`, `vigia check -c ${args[0]}`);
  const planned = plan(options, io);
  const { broken } = examine(planned.model, options['manifests'] as string | undefined, io);
  for (const drift of planned.drifts) io.stdout.write(`${clean(drifted(drift, planned.at))}\n`);
  const forgotten = planned.drifts.length === 0 && !planned.ledgerFits;
  if (forgotten) io.stdout.write(`${planned.at(ledgerFile)}: not as vigia wrote it; \`vigia generate\` renews it\n`);
  const count = planned.drifts.length + (forgotten ? 1 : 0);
  io.stderr.write(
    count === 0
      ? `vigia: ${planned.artefacts.length} files are what the contract says\n`
      : `vigia: ${count} of ${planned.artefacts.length} files drifted\n`,
  );
  return count > 0 || broken ? exitCodes.findings : exitCodes.ok;
}
