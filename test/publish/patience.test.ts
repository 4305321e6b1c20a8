import { describe, expect, test } from 'vitest';
import type { Exchange, Reply, Request } from '../../src/publish/http.ts';
import { askedWait, type Patience, patient, settle } from '../../src/publish/patience.ts';
import { Stopped, Trouble, Unclear, Unreachable } from '../../src/publish/trouble.ts';

const get: Request = { method: 'GET', url: 'http://host/x', headers: {}, repeatable: true };
const post: Request = { ...get, method: 'POST', repeatable: false };
const reply = (status: number, headers: Reply['headers'] = {}): Reply => ({ status, headers, text: '' });

function watched(answers: readonly (Reply | Error)[]) {
  const waits: number[] = [];
  const told: string[] = [];
  const left = [...answers];
  const stop = { asked: false, promise: new Promise<void>(() => {}) };
  const patience: Patience = {
    stop,
    pause: async (ms) => void waits.push(ms),
    now: () => Date.parse('2026-11-25T10:00:00Z'),
    waiting: (host, why, ms) => told.push(`${host}: ${why}: ${ms}`),
  };
  const exchange: Exchange = async () => {
    const next = left.shift();
    if (next === undefined) throw new Error('asked once too often');
    if (next instanceof Error) throw next;
    return next;
  };
  return { ask: patient(exchange, patience), waits, told, left, stop, patience };
}

const failed = (code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(`connect ${code}`), { code }) });

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Wed, 25 Nov 2026 09:00:00 GMT' }, 0],
  [{ 'x-ratelimit-reset': '12' }, 12_000],
  [{ 'retry-after': 'soon', 'x-ratelimit-reset': '3' }, 3000],
  [{ 'x-ratelimit-reset': 'x' }, undefined],
  [{}, undefined],
])('%j asks to wait %s', (headers, ms) => {
  expect(askedWait(headers as Reply['headers'], Date.parse('2026-11-25T10:00:00Z'))).toBe(ms);
});

test('429 and 5xx are waited out: as long as is asked, else ever longer; what takes long is said', async () => {
  const { ask, waits, told } = watched([
    reply(429, { 'retry-after': '7' }),
    reply(503),
    reply(500),
    failed('ECONNRESET'),
    reply(200),
  ]);
  expect((await ask(get)).status).toBe(200);
  expect(waits).toEqual([7000, 1000, 2000, 4000]);
  expect(told).toEqual([
    'host: its rate limit is met: 7000',
    'host: it answers 500: 2000',
    'host: connect ECONNRESET: 4000',
  ]);
});

test('after six tries it ends: with the last answer, or with what kept it from coming', async () => {
  expect((await watched(Array(6).fill(reply(502))).ask(get)).status).toBe(502);
  await expect(watched(Array(6).fill(failed('ETIMEDOUT'))).ask(get)).rejects.toThrow(
    'host: connect ETIMEDOUT, 6 times',
  );
});

test('an address that is not there is not asked again', async () => {
  const { ask, left } = watched([failed('ECONNREFUSED'), reply(200)]);
  await expect(ask(get)).rejects.toThrow(Unreachable);
  expect(left.length).toBe(1);
});

test('a wait that nobody sits through ends at once, with its length', async () => {
  await expect(watched([reply(429, { 'x-ratelimit-reset': '3600' })]).ask(get)).rejects.toThrow(
    'it asks to wait 3600 s',
  );
});

describe('what must not be done twice', () => {
  test('is sent again after 429 only', async () => {
    expect((await watched([reply(429), reply(200)]).ask(post)).status).toBe(200);
    await expect(watched([reply(500), reply(200)]).ask(post)).rejects.toThrow(Unclear);
    await expect(watched([failed('ECONNRESET'), reply(200)]).ask(post)).rejects.toThrow(Unclear);
  });

  test('is looked for when its answer is lost, and sent again only when it is not there', async () => {
    const { patience } = watched([]);
    let sent = 0;
    const lose = async () => {
      sent++;
      throw new Unclear('lost');
    };
    expect(await settle(lose, async () => 'there', patience)).toBe('there');
    expect(sent).toBe(1);
    await expect(settle(lose, async () => undefined, patience)).rejects.toThrow(Trouble);
    expect(sent).toBe(4);
  });
});

test('a stop ends a wait', async () => {
  const { ask, stop } = watched([reply(503), reply(200)]);
  stop.asked = true;
  await expect(ask(get)).rejects.toThrow(Stopped);
});
