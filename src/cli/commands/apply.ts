import type { Command } from 'commander';
import { agreed, carryOut, type Outcome, type Step, steps } from '../../publish/apply.ts';
import type { Stop } from '../../publish/patience.ts';
import { drifted, type Item } from '../../publish/plan.ts';
import { itemName, planJson, planText } from '../../publish/tell.ts';
import { clean } from '../../report/clean.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { published, publishOptions, told, widthOf } from '../published.ts';

export function configure(command: Command): void {
  publishOptions(command)
    .option('--yes', 'do not ask')
    .option('--overwrite', 'also what somebody edited there: their edits are lost')
    .option('--prune', "also delete this contract's own objects that it no longer asks for")
    .addHelpText(
      'after',
      `
Shows the plan, asks, then writes one object after the other and reads each again. Ctrl-C ends it between two of them; run again, it goes on where
it was. Tokens come from the environment: GRAFANA_TOKEN; DD_API_KEY and DD_APP_KEY. Examples:
  vigia apply
  vigia apply --only datadog --env prod --yes
  vigia apply --prune`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  if (args.length > 0) throw new Misuse(`apply takes no "${args[0]}"`, `vigia apply -c ${args[0]}`);
  const yes = options['yes'] === true;
  if (!yes && !io.stdinIsTTY)
    throw new Misuse(
      'apply asks before it writes, and there is no terminal to ask on',
      '--yes answers beforehand; `vigia diff` only looks',
    );
  const consent = { overwrite: options['overwrite'] === true, prune: options['prune'] === true };
  const stop = stopOf(io);
  const { plans, patience, json } = await published(options, io, stop);
  const all = plans.map(([, plan]) => plan);
  io.stdout.write(json ? planJson(all) : all.map((p) => planText(p, widthOf(io))).join('\n'));
  const todo = steps(plans, consent);
  const untouched = drifted(all).filter((i) => !agreed(i, consent));
  if (todo.length === 0) {
    io.stderr.write(
      untouched.length === 0 ? 'vigia: nothing to do\n' : `vigia: nothing written; ${keptWords(untouched)}\n`,
    );
    return exitOf(untouched);
  }
  if (!yes && !(await agreedBy(io, todo, untouched))) {
    io.stderr.write('vigia: nothing written\n');
    return exitCodes.failed;
  }
  const outcome = await told(() => carryOut(todo, patience, (step, trouble) => report(step, trouble, io)));
  summary(outcome, todo.length, untouched, io);
  if (outcome.failed.length + outcome.left.length > 0) return exitCodes.failed;
  return exitOf(untouched);
}

/** What is left over and was not asked for harms nobody; the rest is a finding. */
const exitOf = (untouched: readonly Item[]): ExitCode =>
  untouched.some((i) => i.state !== 'left over') ? exitCodes.findings : exitCodes.ok;

function stopOf(io: Io): Stop {
  const stop = { asked: false, promise: io.stopped };
  void io.stopped.then(() => {
    stop.asked = true;
    io.stderr.write('\nvigia: stopping after what is being written; once more ends it at once\n');
  });
  return stop;
}

async function agreedBy(io: Io, todo: readonly Step[], untouched: readonly Item[]): Promise<boolean> {
  const deletions = todo.filter((s) => s.item.state === 'left over').length;
  const lost = todo.filter((s) => ['edited', 'unclear', 'foreign'].includes(s.item.state)).length;
  const words = [
    `${todo.length - deletions} to write`,
    ...(lost > 0 ? [`${lost} of them with somebody's edits, which are lost`] : []),
    ...(deletions > 0 ? [`${deletions} to delete`] : []),
    ...(untouched.length > 0 ? [keptWords(untouched)] : []),
  ];
  const answer = await io.ask(`vigia: ${words.join(', ')}. Do it? [y/N] `);
  // Closed or interrupted, the line of the question is still open.
  if (answer === undefined) io.stderr.write('\n');
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

const keptWords = (items: readonly Item[]): string =>
  `${items.length} ${items.length === 1 ? 'stays' : 'stay'} as ${items.length === 1 ? 'it is' : 'they are'}, for the reasons above`;

function report({ item }: Step, trouble: { message: string; hint: string | undefined } | undefined, io: Io): void {
  const verb =
    item.state === 'left over'
      ? 'deleted, and gone'
      : `${item.state === 'missing' ? 'made' : 'written'}, and read back as it was sent`;
  if (!trouble) {
    io.stderr.write(`vigia: ${clean(itemName(item))}: ${verb}\n`);
    return;
  }
  io.stderr.write(`vigia: ${clean(itemName(item))}: ${clean(trouble.message)}\n`);
  if (trouble.hint) io.stderr.write(`       ${clean(trouble.hint)}\n`);
}

function summary({ done, failed, left, stopped }: Outcome, count: number, untouched: readonly Item[], io: Io): void {
  const parts = [
    `${stopped ? 'stopped: ' : ''}${done.length} of ${count} done`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(left.length > 0 ? [`${left.length} not done`] : []),
    ...(untouched.length > 0 ? [keptWords(untouched)] : []),
  ];
  io.stderr.write(`vigia: ${parts.join(', ')}${failed.length + left.length > 0 ? '; run it again to go on' : ''}\n`);
}
