import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/**
 * Runs `work` while no other process does under the same lock file. A lock whose owner is gone is taken over; should two take it over in
 * the same instant the work is done twice, which the rename in `ensure` makes harmless.
 */
export function withLock(file: string, work: () => void): void {
  for (let said = false; !taken(file); sleep(500)) {
    const owner = ownerOf(file);
    if (owner !== undefined && !alive(owner)) rmSync(file, { force: true });
    else if (!said) {
      console.error(`tools: waiting for process ${owner ?? '?'}, which is making the same tool (${file})`);
      said = true;
    }
  }
  try {
    work();
  } finally {
    rmSync(file, { force: true });
  }
}

function taken(file: string): boolean {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock; undefined in the instant between its creation and its content, or when it was just released. */
function ownerOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
