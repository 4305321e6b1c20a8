import type { Command } from 'commander';
import { clean } from '../../report/clean.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { asked } from '../options.ts';
import { sharedFlags } from '../shared-flags.ts';
import { chosenStore, openStore, saysWindow, sourceFlags } from '../source.ts';

export function configure(command: Command): void {
  sourceFlags(sharedFlags(command.argument('[nothing...]')))
    .option('--show', 'print the queries and run none of them (what this command does anyway)')
    .addHelpText(
      'after',
      `
The store is asked what its records look like, which scans nothing. --status and --side choose among verdicts, so they are no
part of a query.

Examples:
  vigia query --cluster prod-us-east-1 --since 1h
  vigia query --source cloudwatch --log-group /gateways/prod --where route=shop/checkout`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const store = await chosenStore(options, args, io);
  if (!store) throw new Misuse('no store to write queries for', '--source cloudwatch, or --cluster NAME');
  const { question, overrides } = asked(options, io.now(), true);
  const { source, end } = await openStore(store, options, overrides, io);
  saysWindow(options, io);
  const queries = await source.queries(question).finally(end);
  const blocks = queries.map(({ title, beside, text }) =>
    [`# ${title}`, ...beside.map((line) => `# ${clean(line)}`), text, ''].join('\n'),
  );
  io.stdout.write(blocks.join('\n'));
  return exitCodes.ok;
}
