import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Change, writeFiles } from './write-files.ts';

/** Where text goes, and whether a person watches. */
export interface Sink {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  /** What was written waits for a slow reader: resolves when it is out. Undefined: it does not. */
  readonly room?: () => Promise<void> | undefined;
}

/** What a command says of its reading, where its own telemetry is asked for: a source's name and a number, nothing of the logs. */
export interface Noted {
  readonly source: string;
  readonly bytes: number | undefined;
}

/** How a program ended, and what it said. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The only door to the machine besides logs/sources: everything a command reads of it or does to it. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTTY: boolean;
  now(): number;
  readFile(path: string): string | undefined;
  /** All or nothing: written beside its place, then renamed. Makes missing folders. */
  writeFile(path: string, content: string): void;
  /** The same for many files, and for removing: all changes or none. */
  writeFiles(changes: readonly Change[]): void;
  /** One line that a person answers on the terminal, asked on standard error; undefined: they closed it or pressed Ctrl-C. */
  ask(question: string): Promise<string | undefined>;
  /** All that standard input holds. */
  readStdin(): string;
  /** The files in a folder and below it, sorted; undefined when it is no folder. Links are not followed. */
  listFiles(path: string): readonly string[] | undefined;
  /** Runs a program to its end without a shell; undefined when there is no such program. */
  run(program: string, args: readonly string[]): Promise<Ran | undefined>;
  /** A file of the package itself, relative to its root. */
  asset(path: string): string;
  /** Resolves when the user (Ctrl-C) or the system (SIGTERM) asks to stop; for commands that run until then. */
  readonly stopped: Promise<void>;
  /** There only where somebody listens (telling.ts). */
  readonly note?: (facts: Noted) => void;
  /** Ends the process once its output is out, whatever was given up and still holds it. */
  readonly leave?: () => void;
}

/** What of Node's process an Io is made of; only bin.ts names process itself. */
export interface Machine {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly env: NodeJS.ProcessEnv;
  readonly root: string;
  cwd(): string;
  once(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit?(): void;
}

export function nodeIo(machine: Machine): Io {
  const sink = (stream: NodeJS.WriteStream): Sink => ({
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    // A pipe has no width; COLUMNS is how a caller says one.
    columns: stream.columns ?? (Number(machine.env['COLUMNS']) || undefined),
    room: () =>
      stream.writableNeedDrain ? new Promise((resolve) => void stream.once('drain', () => resolve())) : undefined,
  });
  let stopped: Promise<void> | undefined;
  return {
    stdout: sink(machine.stdout),
    stderr: sink(machine.stderr),
    env: machine.env,
    stdinIsTTY: machine.stdin.isTTY === true,
    now: () => Date.now(),
    asset: (path) => resolve(machine.root, path),
    // After whoever still waits for a promise has set the exit code.
    leave: () => void setImmediate(() => machine.stdout.write('', () => machine.exit?.())),
    get stopped() {
      // Listening takes away the signals' default; only a command that waits for them may do so.
      stopped ??= new Promise((done) => {
        machine.once('SIGINT', () => done());
        machine.once('SIGTERM', () => done());
      });
      return stopped;
    },
    readFile(path) {
      try {
        return readFileSync(resolve(machine.cwd(), path), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    ask: (question) =>
      new Promise((done) => {
        const line = createInterface({ input: machine.stdin, output: machine.stderr });
        line.once('close', () => done(undefined));
        line.question(question, (answer) => {
          done(answer);
          line.close();
        });
      }),
    readStdin: () => readFileSync(0, 'utf8'),
    listFiles(path) {
      const folder = resolve(machine.cwd(), path);
      try {
        return readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(path, relative(folder, join(entry.parentPath, entry.name))))
          .sort();
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
        throw error;
      }
    },
    run: (program, args) =>
      new Promise((done, fail) => {
        const child = spawn(program, args, { cwd: machine.cwd(), env: machine.env, stdio: ['ignore', 'pipe', 'pipe'] });
        const said = { stdout: '', stderr: '' };
        for (const stream of ['stdout', 'stderr'] as const)
          child[stream].setEncoding('utf8').on('data', (text: string) => {
            said[stream] += text;
          });
        child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? done(undefined) : fail(error)));
        child.on('close', (status) => done({ status, ...said }));
      }),
    writeFiles: (changes) => writeFiles(changes.map((c) => ({ ...c, path: resolve(machine.cwd(), c.path) }))),
    writeFile(path, content) {
      const target = resolve(machine.cwd(), path);
      const part = `${target}.vigia-part`;
      mkdirSync(dirname(target), { recursive: true });
      try {
        writeFileSync(part, content);
        renameSync(part, target);
      } finally {
        rmSync(part, { force: true });
      }
    },
  };
}
