import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { line, refused } from './fake.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-watch-command-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

async function start(args: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', bin, 'watch', ...args, '--listen', '127.0.0.1:0'],
    { cwd: dir, env: { PATH: process.env['PATH'] } },
  );
  let said = '';
  child.stderr.on('data', (d) => {
    said += d;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  while (!/http:\S+/.test(said) && child.exitCode === null) await sleep(50);
  const url = /http:[^\s;]+/.exec(said)?.[0] ?? '';
  const total = async (name: string): Promise<number> => {
    const text = await (await fetch(url)).text();
    return [...text.matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'gm'))].reduce((sum, m) => sum + Number(m[1]), 0);
  };
  return { child, ended, total, said: () => said, url };
}

async function reaches(total: () => Promise<number>, wanted: number): Promise<number> {
  for (const end = Date.now() + 15_000; ; await sleep(100)) {
    const found = await total();
    if (found >= wanted || Date.now() > end) return found;
  }
}

const failures = 'gateway_verdict_failures_total';

test('killed, the file rotated meanwhile, started again with its state: every request once, the same instance', async () => {
  const log = join(dir, 'access.log');
  writeFileSync(log, '');
  const write = (count: number): void => {
    for (let i = 0; i < count; i++)
      appendFileSync(log, `${line({ start_time: new Date().toISOString(), ...refused })}\n`);
  };
  const args = ['access.log', '--every', '1s', '--delay', '1s', '--state', 'state.json'];
  const first = await start(args);
  await sleep(1200);
  write(10);
  expect(await reaches(() => first.total(failures), 10)).toBe(10);
  write(5);
  await sleep(300);
  first.child.kill('SIGKILL');
  await first.ended;
  const before = JSON.parse(readFileSync(join(dir, 'state.json'), 'utf8'));
  write(7);
  renameSync(log, `${log}.1`);
  writeFileSync(log, '');
  write(3);
  const second = await start(args);
  expect(await reaches(() => second.total(failures), 25)).toBe(25);
  await sleep(2500);
  expect(await second.total(failures)).toBe(25);
  expect(JSON.parse(readFileSync(join(dir, 'state.json'), 'utf8')).instance).toBe(before.instance);

  // A third one that takes the state: the second ends and says why, and does not write it again.
  const third = await start(args);
  expect(await second.ended).toBe(3);
  expect(second.said()).toContain('another vigia watch has taken it');
  expect(await reaches(() => third.total(failures), 25)).toBe(25);
  third.child.kill('SIGTERM');
  expect(await third.ended).toBe(0);
  const other = await start(['access.log', '--every', '2s', '--state', 'state.json']);
  expect(await other.ended).toBe(2);
  expect(other.said()).toContain('of another watch');
});

test('a port that is taken, and a Collector that is away: the one ends it, the other is counted and told once', async () => {
  writeFileSync(join(dir, 'b.log'), '');
  const one = await start(['b.log', '--every', '1s', '--delay', '0s', '--otlp', 'http://127.0.0.1:9']);
  expect(await reaches(() => one.total('vigia_watch_push_errors_total'), 2)).toBeGreaterThanOrEqual(2);
  expect(one.said().match(/not taken by the Collector/g)?.length).toBe(1);
  const port = new URL(one.url).port;
  const two = spawn(process.execPath, [bin, 'watch', 'b.log', '--listen', `127.0.0.1:${port}`], { cwd: dir });
  let said = '';
  two.stderr.on('data', (d) => {
    said += d;
  });
  expect((await once(two, 'close'))[0]).toBe(3);
  expect(said).toContain('something listens there already');
  const began = Date.now();
  one.child.kill('SIGTERM');
  expect(await one.ended).toBe(0);
  expect(Date.now() - began).toBeLessThan(8000);
});
