import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'vigia-slow-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a reader that pauses is waited for: nothing is lost, and what it has not read is not held in memory', async () => {
  const lines = 500_000;
  const line = JSON.stringify({
    start_time: '2026-11-20T09:00:00Z',
    response_code: 503,
    response_flags: 'UH',
    path: '/cart',
  });
  writeFileSync(join(dir, 'access.log'), `${line}\n`.repeat(lines));
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', bin, 'logs', 'access.log', '-o', 'json'],
    {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'close');
  // Nobody listens yet, so the pipe fills.
  await sleep(6_000);
  expect(child.exitCode).toBe(null);
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  expect(Number(peak)).toBeGreaterThan(30_000);
  expect(Number(peak)).toBeLessThan(200_000);
  let count = 0;
  child.stdout.on('data', (part: Buffer) => {
    for (const byte of part) if (byte === 10) count++;
  });
  const [code] = await ended;
  expect([code, count]).toEqual([0, lines]);
});
