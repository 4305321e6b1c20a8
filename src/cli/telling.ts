import type { CommandFacts } from '../telemetry/facts.ts';
import { commands } from './commands/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Io, Noted } from './io.ts';
import { version } from './version.ts';

/** Runs the program, then says of it what the OTEL_* variables ask for. The SDK is loaded after the command and its output. */
export async function telling(
  argv: readonly string[],
  io: Io,
  run: (argv: readonly string[], io: Io) => Promise<ExitCode>,
): Promise<ExitCode> {
  const began = io.now();
  let noted: Noted = { source: 'none', bytes: undefined };
  // Not a copy: reading `stopped` would take away what Ctrl-C does.
  const listening: Io = Object.create(io, {
    note: {
      value: (facts: Noted) => {
        noted = { source: facts.source, bytes: facts.bytes ?? noted.bytes };
      },
    },
  });
  let exitCode: ExitCode | undefined;
  try {
    exitCode = await run(argv, listening);
    return exitCode;
  } finally {
    const given = argv.find((a) => !a.startsWith('-'));
    const command = given !== undefined && Object.hasOwn(commands, given) ? given : 'unknown';
    const facts: CommandFacts = { command, ...noted, began, ended: io.now(), exitCode, outcome: wordOf(exitCode) };
    const { sendFacts } = await import('../telemetry/send.ts');
    if (!(await sendFacts(facts, io.env, version))) io.leave?.();
  }
}

function wordOf(code: ExitCode | undefined): CommandFacts['outcome'] {
  return (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).find((word) => exitCodes[word] === code) ?? 'crashed';
}
