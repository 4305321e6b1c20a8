import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolPath } from './tool.ts';

/** A tool that keeps running until it is told to stop. */
export interface Daemon {
  readonly pid: number;
  /** All it has written so far. */
  log(): string;
  /** SIGTERM, and SIGKILL for one that has not ended after ten seconds, or the grace that it was started with. */
  stop(): Promise<void>;
  /** SIGKILL: what a crash looks like. */
  kill(): Promise<void>;
}

export interface Start {
  /** Of a tool, or what to call `program`. */
  readonly name: string;
  readonly program?: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it has nothing but `env`, as in a container; else this process' own too. */
  readonly bare?: boolean;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly graceMs?: number;
  /** Whether it serves by now; an exception means not yet. */
  ready(log: () => string): Promise<boolean> | boolean;
}

// One that outlives an interrupted run would keep its memory and ports.
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a tool and returns when it serves; when it ends before that, what it said last is in the error. */
export async function startDaemon(start: Start): Promise<Daemon> {
  // Appended to: a restart after a crash goes on in the same log.
  const handle = openSync(start.logFile, 'a');
  const before = readFileSync(start.logFile).length;
  const child = spawn(start.program ?? toolPath(start.name), start.args, {
    env: { ...(start.bare ? {} : process.env), ...start.env },
    ...(start.cwd !== undefined && { cwd: start.cwd }),
    stdio: ['ignore', handle, handle],
  });
  closeSync(handle);
  running.add(child);
  let failed: Error | undefined;
  const gone = new Promise<void>((resolve) => {
    const end = (error?: Error): void => {
      failed = error;
      running.delete(child);
      resolve();
    };
    child.once('exit', () => end());
    child.once('error', end);
  });
  const log = (): string => readFileSync(start.logFile).subarray(before).toString();
  const ended = (): boolean => failed !== undefined || child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    const slow = setTimeout(() => child.kill('SIGKILL'), start.graceMs ?? 10_000);
    await gone;
    clearTimeout(slow);
  };
  const deadline = Date.now() + (start.timeoutMs ?? 30_000);
  while (!(await isReady(start, log))) {
    if (ended() || Date.now() > deadline) {
      const why = failed?.message ?? (ended() ? `ended with ${child.exitCode ?? child.signalCode}` : 'is not ready');
      await end('SIGKILL');
      throw new Error(`${start.name} ${why}; its last words in ${start.logFile}:\n${log().slice(-3000)}`);
    }
    await sleep(50);
  }
  return { pid: child.pid ?? 0, log, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function isReady(start: Start, log: () => string): Promise<boolean> {
  try {
    return await start.ready(log);
  } catch {
    return false;
  }
}
