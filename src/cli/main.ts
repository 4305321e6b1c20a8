import { Command, CommanderError } from 'commander';
import { SourceError } from '../logs/sources/source.ts';
import { nearest } from '../nearest.ts';
import { clean } from '../report/clean.ts';
import { wantsTelemetry } from '../telemetry/wanted.ts';
import { commands } from './commands/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { Failed, Misuse } from './misuse.ts';
import { telling } from './telling.ts';
import { version } from './version.ts';

const epilogue = `
Exit codes: 0 fine, 1 findings (failures, when --fail-on asks), 2 wrong use, 3 could not do it.
Data goes to standard output; progress, warnings and errors to standard error.`;

/** The program: arguments and a machine in, an exit code out. Loads only the command that was asked for. */
export function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  return wantsTelemetry(io.env) ? telling(argv, io, answering) : answering(argv, io);
}

async function answering(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.misuse;
    if (error instanceof Misuse) return complain(io, error, exitCodes.misuse);
    if (error instanceof SourceError || error instanceof Failed) return complain(io, error, exitCodes.failed);
    throw error;
  }
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = new Command('vigia');
  program.description('Reads the flags: whose fault a failing request at an Envoy gateway is, and why.');
  program.version(version, '-V, --version').addHelpText('after', epilogue);
  quiet(program, io);
  const name = argv.find((a) => !a.startsWith('-'));
  if (name !== undefined && name !== 'help' && !Object.hasOwn(commands, name)) {
    const guess = nearest(name, Object.keys(commands));
    throw new Misuse(
      `no command "${name}"`,
      guess ? `did you mean ${guess}?` : `one of ${Object.keys(commands).join(', ')}`,
    );
  }
  let code: ExitCode = exitCodes.ok;
  const wanted = name === 'help' ? argv[argv.indexOf('help') + 1] : name;
  for (const [key, entry] of Object.entries(commands)) {
    const command = program.command(key).description(entry.summary);
    quiet(command, io);
    // Only the command in question is loaded; for the others the name and summary are enough.
    if (key !== wanted) continue;
    const { configure, execute } = await entry.load();
    configure(command);
    command.action(async (args: readonly string[], options: Record<string, unknown>) => {
      code = await execute(args, options, io);
    });
  }
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    return exitCodes.misuse;
  }
  await program.parseAsync(argv, { from: 'user' });
  return code;
}

function quiet(command: Command, io: Io): void {
  command.exitOverride().showSuggestionAfterError(true);
  command.configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text.startsWith('error:') ? text.replace(/^error:/, 'vigia:') : text),
    getOutHelpWidth: () => Math.min(io.stdout.columns ?? 80, 100),
    getErrHelpWidth: () => Math.min(io.stderr.columns ?? 80, 100),
  });
}

function complain(io: Io, error: Misuse | Failed | SourceError, code: ExitCode): ExitCode {
  io.stderr.write(`vigia: ${clean(error.message)}\n`);
  if ('details' in error) for (const line of error.details) io.stderr.write(`${clean(line)}\n`);
  if (error.hint) io.stderr.write(`       ${clean(error.hint)}\n`);
  return code;
}
