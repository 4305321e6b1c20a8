import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

/** A command: its options, and what it does. Its one positional argument is a list (`[things...]`). */
export interface CommandModule {
  configure(command: Command): void;
  execute(args: readonly string[], options: Record<string, unknown>, io: Io): Promise<ExitCode>;
}

/** A registry line: the summary shown in --help, and the file, loaded on first use. */
export interface CommandEntry {
  readonly summary: string;
  load(): Promise<CommandModule>;
}
