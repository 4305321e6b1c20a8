import type { Command } from 'commander';
import { LineParser } from '../../logs/read/line-parser.ts';
import { fill } from '../../logs/scan/blocks.ts';
import { openInput } from '../../logs/sources/file/input.ts';
import { nearest } from '../../nearest.ts';
import { explanationText } from '../../report/explanation.ts';
import { explain } from '../../triage/explain.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Misuse } from '../misuse.ts';
import { oneOf, parseMap } from '../options.ts';
import { colored } from './triage.ts';

export function configure(command: Command): void {
  command
    .argument(
      '[things...]',
      "flags (UF,URX), a details string, a cause's code, or a whole log line (quote it); - or nothing reads from standard input",
    )
    .option('-o, --output <format>', 'text, json', 'text')
    .option(
      '--map <field=key>',
      'which JSON key is which field: status=rc,flags=rf',
      (v: string, all: string[] | undefined) => [...(all ?? []), v],
    )
    .option('--color <when>', 'auto, always, never', 'auto')
    .addHelpText(
      'after',
      `
Examples:
  vigia explain UF,URX
  vigia explain 'upstream_reset_before_response_started{connection_termination}'
  tail -1 access.log | vigia explain`,
    );
}

const maxInput = 1 << 20;

export async function execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode> {
  const output = oneOf(options['output'] as string, ['text', 'json'], '--output');
  const given = args.length === 0 || (args.length === 1 && args[0] === '-') ? await standardInput(io) : args.join(' ');
  const parser = new LineParser('auto', parseMap((options['map'] as string[] | undefined) ?? []));
  const found = given
    .split('\n')
    .filter((l) => l.trim() !== '')
    .slice(0, 100)
    .map((line) => explain(line.trim(), parser));
  if (found.length === 0)
    throw new Misuse('nothing to explain', 'vigia explain UF,URX, a details string, or a log line');
  for (const e of found) {
    if (e.kind === 'nothing') {
      const guess = nearest(e.text, e.known);
      throw new Misuse(
        `"${e.text.length > 80 ? `${e.text.slice(0, 79)}…` : e.text}" is no flag, details string or access-log line that vigia knows`,
        guess
          ? `did you mean ${guess}?`
          : 'flags are upper case (UF), details lower case (via_upstream); a JSON line with names of its own needs --map',
      );
    }
  }
  const width = Math.min(io.stdout.columns ?? 80, 120);
  io.stdout.write(
    output === 'json'
      ? `${JSON.stringify(found, null, 2)}\n`
      : `${found.map((e) => explanationText(e, { width, color: colored(options['color'] as string | undefined, io), page: e.kind === 'cause' ? io.readFile(io.asset(e.page)) : undefined })).join('\n')}`,
  );
  return exitCodes.ok;
}

async function standardInput(io: Io): Promise<string> {
  if (io.stdinIsTTY) throw new Misuse('nothing to explain', 'vigia explain UF,URX, a details string, or a log line');
  const input = await openInput('-');
  const buffer = Buffer.alloc(maxInput);
  return buffer.toString('utf8', 0, await fill(input, buffer));
}
