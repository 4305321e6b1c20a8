import type { Command } from 'commander';
import { drifted } from '../../publish/plan.ts';
import { planJson, planText } from '../../publish/tell.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { published, publishOptions, widthOf } from '../published.ts';

export function configure(command: Command): void {
  publishOptions(command).addHelpText(
    'after',
    `
Writes nothing; ends with 1 when something live is not what the contract says. A change is told as: what is live -> what the contract says.
Tokens come from the environment: GRAFANA_TOKEN; DD_API_KEY and DD_APP_KEY. Examples:
  vigia diff
  vigia diff --only grafana --env prod
  vigia diff -o json`,
  );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  if (args.length > 0) throw new Misuse(`diff takes no "${args[0]}"`, `vigia diff -c ${args[0]}`);
  // Nothing is written, so Ctrl-C may end it anywhere.
  const { plans, json } = await published(options, io, { asked: false, promise: new Promise(() => {}) });
  const all = plans.map(([, plan]) => plan);
  const width = widthOf(io);
  io.stdout.write(json ? planJson(all) : all.map((p) => planText(p, width)).join('\n'));
  const count = all.reduce((sum, p) => sum + p.items.length, 0);
  const drift = drifted(all).length;
  const waiting = all.flatMap((p) => p.items).filter((i) => i.state === 'waiting').length;
  const later = waiting === 0 ? '' : `; ${waiting} can't be yet`;
  io.stderr.write(
    drift === 0
      ? `vigia: ${count - waiting} objects are what the contract says${later}\n`
      : `vigia: ${drift} of ${count} objects are not what the contract says${later}\n`,
  );
  return drift > 0 ? exitCodes.findings : exitCodes.ok;
}
