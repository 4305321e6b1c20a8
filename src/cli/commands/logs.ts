import type { Command } from 'commander';
import { fieldIds } from '../../envoy/fields.ts';
import { everything } from '../../logs/question.ts';
import { signatureOf } from '../../logs/signature.ts';
import { rereadable } from '../../logs/sources/file/input.ts';
import { fileNames } from '../../logs/sources/file/names.ts';
import { readRecords } from '../../logs/sources/file/records.ts';
import { fileSource } from '../../logs/sources/file.ts';
import { type Found, type RecordsReport, SourceError } from '../../logs/sources/source.ts';
import { nearest } from '../../nearest.ts';
import { clean } from '../../report/clean.ts';
import { type LineOutput, lineWriters } from '../../report/lines.ts';
import { judge } from '../../triage/judge.ts';
import { lonely, populationOf } from '../../triage/population.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { asked, oneOf } from '../options.ts';
import { tellRejects } from '../read-log.ts';
import { sharedFlags } from '../shared-flags.ts';
import { chosenStore, openStore, saysWindow, sourceFlags } from '../source.ts';
import { colored } from './triage.ts';

const outputs = ['table', 'json', 'raw'] as const;

export function configure(command: Command): void {
  sourceFlags(
    sharedFlags(command.argument('[files...]', 'access logs: plain, .gz or .zst, globs, or - for standard input')),
  )
    .option('-o, --output <format>', `${outputs.join(', ')}; json is one object a line`, 'table')
    .option('--all', 'every request, not only failures')
    .option('--limit <n>', 'stop after so many (0: no limit)', '0')
    .option('-f, --follow', 'go on as the file grows or the store gets more, until Ctrl-C')
    .option('--live', 'with --follow: the store pushes lines at once even where that costs (CloudWatch Live Tail)')
    .option('--no-live', 'with --follow: only ask, even where the store would push (Loki)')
    .option('--redact', 'leave out query strings, client addresses and tokens')
    .option('--color <when>', 'auto, always, never', 'auto')
    .addHelpText(
      'after',
      `
Each line's judgement is its own: side (none when nothing failed), cause, confidence. Shared durations are looked for in the
whole input first, so a file is read twice; standard input, --follow and stores are read once and judge each line by itself.
--follow shows a line once it is there: a request that takes a minute comes a minute after those that began with it.

Examples:
  vigia logs access.log --status 503
  vigia logs access.log -o json --all | jq -r .side | sort | uniq -c
  vigia logs access.log --follow --side gateway
  vigia logs --cluster prod-us-east-1 --since 15m --status 503 --limit 20`,
    );
}

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const output: LineOutput = oneOf(options['output'] as string, outputs, '--output');
  const limit = Number(options['limit']);
  if (!Number.isInteger(limit) || limit < 0) throw new Misuse(`--limit ${options['limit']}: not a whole number`);
  const store = await chosenStore(options, args, io);
  const { question, focus, format, overrides } = asked(options, io.now(), store !== undefined);
  if (!store && args.length === 0 && io.stdinIsTTY)
    throw new Misuse('no file to read', 'vigia logs access.log, or - for standard input');
  const names = store ? [] : fileNames(args.length === 0 ? ['-'] : args, nearest);
  if (!store) io.note?.({ source: 'file', bytes: undefined });
  const follow = options['follow'] === true;
  if (follow && !store && (names.length !== 1 || names[0] === '-'))
    throw new Misuse(
      '--follow reads one file',
      'to follow a pipe, leave --follow out: standard input is read as it comes',
    );
  const live = options['live'] as boolean | undefined;
  if (live !== undefined && !(follow && store))
    throw new Misuse(
      `--${live ? '' : 'no-'}live says how a store is followed`,
      follow ? 'a file is followed as it grows; leave it out' : '--follow, and --source or --cluster',
    );
  // Standard input can't be read twice, and a growing file has no end to wait for.
  const once = store !== undefined || follow || !names.every(rereadable);
  const population = once
    ? lonely(fieldIds)
    : populationOf(await fileSource({ names, format, overrides }).count(everything));
  const write = lineWriters[output]({
    color: output === 'table' && colored(options['color'] as string | undefined, io),
    width: io.stdout.columns ?? 120,
    redact: options['redact'] === true,
  });
  let shown = 0;
  const take = (found: Found): boolean => {
    const signature = signatureOf(found.record);
    // With one line to go by, what the line lacks its format lacks.
    const judgement = judge(
      signature,
      once ? lonely(Object.keys(found.record) as (typeof fieldIds)[number][]) : population,
    );
    const failed =
      judgement !== undefined &&
      (judgement.kind === 'failure' || (focus.status !== undefined && judgement.kind === 'aside'));
    if (!failed && options['all'] !== true) return true;
    if (focus.status && !focus.status(found.record.status)) return true;
    if (focus.side && judgement?.side !== focus.side) return true;
    if (shown === 0) io.stdout.write(write.head);
    io.stdout.write(write.line(found, judgement));
    shown++;
    return limit === 0 || shown < limit;
  };
  const read = { question, follow: follow ? io.stopped : undefined, take, room: () => io.stdout.room?.() };
  let report: RecordsReport;
  if (store) {
    const { source, end } = await openStore(store, options, overrides, io);
    saysWindow(options, io);
    let stopped = false;
    if (follow)
      void io.stopped.then(() => {
        stopped = true;
      });
    report = await source
      .read({ ...read, live, failing: options['all'] !== true })
      .catch((error: unknown) => {
        // Who follows ends it so, also while what was there before is still being read.
        if (stopped && error instanceof SourceError) return { lines: 0, rejects: 0, firstReject: undefined };
        throw error;
      })
      .finally(end);
  } else report = await readRecords({ names, format, overrides, ...read });
  for (const note of report.notes ?? []) io.stderr.write(`vigia: ${clean(note)}\n`);
  tellRejects(report, io);
  return exitCodes.ok;
}
