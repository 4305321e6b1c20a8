import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { Tail, type TailState } from '../../src/logs/sources/file/tail.ts';
import { line, minute, noon, refused } from './fake.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigia-tail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const fresh = (content = ''): string => {
  const path = join(folder, `access-${files++}.log`);
  writeFileSync(path, content);
  return path;
};

/** A request that began so many ms after noon, with a name of its own. */
const request = (after: number, route = `r${after}`): string =>
  `${line({ start_time: new Date(noon + after).toISOString(), route_name: route, ...refused })}\n`;

function tailOf(path: string, change: { next?: number; resume?: TailState } = {}) {
  const warned: string[] = [];
  const tail = new Tail({
    names: [path],
    format: 'auto',
    overrides: {},
    where: [],
    every: minute,
    next: change.next ?? noon,
    now: () => noon + 60 * minute,
    resume: change.resume,
    warn: (m) => warned.push(m),
  });
  const answer = async (n: number): Promise<Record<string, number>> => {
    const from = noon + n * minute;
    const { routes } = await tail.count({ from, to: from + minute, where: [] });
    tail.settle(from + minute);
    return Object.fromEntries(routes.map((r) => [r.route, r.requests]));
  };
  return { tail, warned, answer };
}

test('each request is in the window in which it began; what comes late goes into the next', async () => {
  const path = fresh(request(-5000, 'before'));
  const { tail, answer } = tailOf(path);
  appendFileSync(path, request(-1000, 'began-before') + request(0, 'a') + request(60_000, 'c') + request(59_999, 'b'));
  expect(await answer(0)).toEqual({ a: 1, b: 1 });
  expect(tail.late).toBe(0);
  appendFileSync(path, request(30_000, 'late'));
  expect(await answer(1)).toEqual({ c: 1, late: 1 });
  expect(tail.late).toBe(1);
  expect(await answer(2)).toEqual({});
});

test('half a line waits for its other half', async () => {
  const path = fresh();
  const { answer } = tailOf(path);
  const whole = request(1000, 'whole');
  appendFileSync(path, whole.slice(0, 50));
  expect(await answer(0)).toEqual({});
  appendFileSync(path, whole.slice(50));
  expect(await answer(1)).toEqual({ whole: 1 });
});

test('a rotation by rename: the old file to its end, the new one from its start, also when the writer is slow to turn', async () => {
  const path = fresh();
  const { tail, answer, warned } = tailOf(path);
  appendFileSync(path, request(1000, 'a'));
  tail.idle();
  renameSync(path, `${path}.1`);
  tail.idle();
  // Envoy goes on with the old file until it is told to open the new one.
  appendFileSync(`${path}.1`, request(2000, 'b'));
  writeFileSync(path, '');
  tail.idle();
  appendFileSync(`${path}.1`, request(3000, 'c').trimEnd());
  appendFileSync(path, request(4000, 'd'));
  expect(await answer(0)).toEqual({ a: 1, b: 1, c: 1, d: 1 });
  expect(warned).toEqual([]);
});

test('a truncated file, shorter or grown past the old end again, is read from its start, and what may be lost is said', async () => {
  for (const more of [1, 40]) {
    const path = fresh();
    const { tail, answer, warned } = tailOf(path);
    appendFileSync(path, request(1000, 'a') + request(1500, 'b'));
    tail.idle();
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    for (let i = 0; i < more; i++) appendFileSync(path, request(2000 + i, 'new'));
    expect(await answer(0)).toEqual({ a: 1, b: 1, new: more });
    expect(warned).toEqual([expect.stringContaining('was truncated')]);
  }
});

test('killed anywhere and started again from what was saved: every line counted once, through rotations', async () => {
  const path = fresh();
  const counted: Record<string, number> = {};
  let next = noon;
  let resume: TailState | undefined;
  let written = 0;
  let rotated = 0;
  for (let life = 0; life < 40; life++) {
    // Some lines of this window, some of the next, some that come too late.
    for (const after of [0, 1, 2].map((n) => (life + n - 1) * minute + (life % 7) * 1000))
      if (after >= 0) appendFileSync(path, request(after, `line-${written++}`));
    const { tail } = tailOf(path, { next, ...(resume ? { resume } : {}) });
    if (life === 0) for (const i of [0, 1]) appendFileSync(path, request(500 + i, `line-${written++}`));
    tail.idle();
    if (life % 5 === 2) {
      renameSync(path, `${path}.${++rotated}`);
      writeFileSync(path, request(life * minute + 1, `line-${written++}`));
      tail.idle();
    }
    if (life % 3 !== 1) {
      const { routes } = await tail.count({ from: next, to: next + minute, where: [] });
      const state = JSON.parse(JSON.stringify(tail.state(next + minute)));
      // Killed before it was saved: the answer is lost, and asked for again.
      if (life % 4 !== 3) {
        for (const r of routes) counted[r.route] = (counted[r.route] ?? 0) + r.requests;
        next += minute;
        resume = state;
      }
    }
    resume ??= JSON.parse(JSON.stringify(tail.state(next)));
    tail.close();
  }
  const { tail } = tailOf(path, { next, ...(resume ? { resume } : {}) });
  for (let i = 0; i < 45; i++) {
    const { routes } = await tail.count({ from: next, to: next + minute, where: [] });
    for (const r of routes) counted[r.route] = (counted[r.route] ?? 0) + r.requests;
    next += minute;
    tail.settle(next);
  }
  expect(Object.values(counted).filter((n) => n !== 1)).toEqual([]);
  // What the first life found in the file when it began is not its business.
  const all = Array.from({ length: written }, (_, i) => `line-${i}`).slice(2);
  expect(all.filter((name) => counted[name] === undefined)).toEqual([]);
  tail.close();
});

test('a file that is far ahead is read on as windows are answered, so that few are held', async () => {
  const path = fresh();
  const { tail, answer } = tailOf(path);
  appendFileSync(path, Array.from({ length: 50 }, (_, i) => request(i * minute + 1, `m${i}`)).join(''));
  tail.idle();
  expect(tail.state(noon).generations[0]?.closed).toBe(6 * request(minute + 1, 'm1').length);
  for (let i = 0; i < 50; i++) expect(await answer(i)).toEqual({ [`m${i}`]: 1 });
});

test('lines that can not be read are counted once, lines from the future go into the present', async () => {
  const path = fresh();
  const { tail } = tailOf(path, { next: noon + 60 * minute });
  appendFileSync(path, `nonsense\n${request(100 * minute, 'future')}`);
  const from = noon + 60 * minute;
  const answer = await tail.count({ from, to: from + minute, where: [] });
  expect(answer.reading.rejects).toBe(1);
  expect(answer.requests).toBe(1);
});

test('a compressed file, a folder and a missing file are refused with what to do', () => {
  const zipped = join(folder, 'access.log.gz');
  writeFileSync(zipped, gzipSync(request(0)));
  expect(() => tailOf(zipped)).toThrow('compressed, and such a file does not grow');
  expect(() => tailOf(folder)).toThrow('not a plain file');
  expect(() => tailOf(join(folder, 'nowhere.log'))).toThrow('no such file');
});
