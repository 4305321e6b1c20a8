import type { Command } from 'commander';
import { everything } from '../../logs/question.ts';
import { fileSource } from '../../logs/sources/file.ts';
import { reports } from '../../report/index.ts';
import { diagnose } from '../../triage/diagnose.ts';
import { deliver } from '../deliver.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { show } from './triage.ts';

const recorded = 'examples/incident/access.log.gz';

export function configure(command: Command): void {
  command
    .argument('[nothing...]')
    .option('--out <file>', 'where the HTML report goes', 'vigia-incident.html')
    .option('--force', 'overwrite a file that vigia did not write');
}

export async function execute(_: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const log = io.asset(recorded);
  io.stderr.write(`vigia triage ${recorded}: a day at a gateway, recorded from a real Envoy\n\n`);
  const triage = diagnose(await fileSource({ names: [log], format: 'auto', overrides: {} }).count(everything));
  const named = {
    ...triage,
    reading: { ...triage.reading, files: triage.reading.files.map((f) => ({ ...f, name: recorded })) },
  };
  await show(named, 'text', {}, io);
  const out = options['out'] as string;
  deliver(await reports.html(named, { color: false, width: 80, redact: true }), {
    out,
    force: options['force'] === true,
    io,
  });
  const next = [
    [`open ${out}`, 'the same as a page to share, redacted'],
    ['npm run -s vigia -- triage YOUR.log', 'your own access log, whatever its format'],
    [`npm run -s vigia -- logs ${recorded} --side between`, 'the requests themselves'],
    ['npm run -s vigia -- explain UF,URX', 'a flag in words'],
  ];
  io.stdout.write(
    `\nWhere to look next\n${next.map(([command = '', what]) => `  ${command}\n      ${what}\n`).join('')}`,
  );
  return exitCodes.ok;
}
