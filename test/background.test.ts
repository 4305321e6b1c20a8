import { describe, expect, test } from 'vitest';
import { everything } from '../src/logs/question.ts';
import type { AccessRecord } from '../src/logs/record.ts';
import { Tally } from '../src/logs/scan/tally.ts';
import { diagnose } from '../src/triage/diagnose.ts';
import { Random } from './scan/random.ts';

const minute = 60_000;
const hour = 60 * minute;
const midnight = Date.parse('2026-11-20T00:00:00Z');

const route = 'shop/cart';
const good: AccessRecord = { status: 200, flags: [], details: 'via_upstream', route, duration: 12 };
const noRoute: AccessRecord = { status: 404, flags: ['NR'], details: 'route_not_found', route: null, duration: 0 };
const denied: AccessRecord = { status: 403, flags: ['UAEX'], details: 'ext_authz_denied', route, duration: 1 };
const noHost: AccessRecord = { status: 503, flags: ['UH'], details: 'no_healthy_upstream', route, duration: 0 };

/** A request and when it came, in ms since midnight. */
type At = readonly [at: number, what: AccessRecord];

const every = (step: number, from: number, to: number, what: AccessRecord): At[] =>
  Array.from({ length: Math.floor((to - from) / step) }, (_, i): At => [from + i * step, what]);

/** `n` at random times of a day whose nights are a tenth as busy as its days. */
function likeTraffic(n: number, seed: number, what: AccessRecord): At[] {
  const random = new Random(seed);
  const found: At[] = [];
  while (found.length < n) {
    const at = random.int(24 * hour);
    if (random.chance(at < 6 * hour ? 0.1 : 1)) found.push([at, what]);
  }
  return found;
}

function triage(...requests: readonly At[]) {
  const tally = new Tally(everything);
  for (const [i, [at, what]] of requests.toSorted((a, b) => a[0] - b[0]).entries())
    tally.add({ ...what, time: midnight + at }, { file: 'test', line: i + 1 }, '');
  return diagnose(tally.answer([]));
}
const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
const shape = (...requests: readonly At[]) =>
  triage(...requests).verdicts.map((v) => ({
    cause: v.cause,
    background: v.background,
    windows: v.windows.map((w) => `${clock(w.from)}-${clock(w.to)}`),
  }));

const day = every(5_000, 0, 24 * hour, good);
const bursts = [
  ...every(2_000, 9 * hour, 9 * hour + 10 * minute, noHost),
  ...every(2_000, 15 * hour, 15.1 * hour, noHost),
];

describe('windows', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('evenly sparse noise is one window, its nights too (seed %i)', (seed) => {
    const [verdict, ...others] = shape(...likeTraffic(20_000, seed, good), ...likeTraffic(150, seed + 100, denied));
    expect(others).toEqual([]);
    expect(verdict?.windows).toHaveLength(1);
  });

  test('two outages are two windows, whatever the traffic between them', () => {
    const windows = ['09:00-09:10', '15:00-15:06'];
    expect(shape(...day, ...bursts)[0]?.windows).toEqual(windows);
    expect(shape(...likeTraffic(20_000, 1, good), ...bursts)[0]?.windows).toEqual(windows);
    expect(shape(...bursts)[0]?.windows, 'a log of failures only').toEqual(windows);
  });
});

describe('background', () => {
  const scans = every(7 * minute, 0, 24 * hour, noRoute);

  test('scans all day at a low rate do not lead, however many they are', () => {
    const found = triage(...day, ...scans, ...bursts.slice(0, 50));
    expect(found.verdicts.map((v) => [v.cause, v.background, v.count])).toEqual([
      ['no-healthy-upstream', false, 50],
      ['no-route', true, 205],
    ]);
    expect(found.totals).toMatchObject({ failures: 255, background: 205, withoutRoute: 205 });
  });

  test('a burst of the same is an incident', () => {
    const gone = every(200, 12 * hour, 12 * hour + 2 * minute, noRoute);
    expect(shape(...day, ...gone)).toEqual([{ cause: 'no-route', background: false, windows: ['12:00-12:02'] }]);
    expect(shape(...day, ...scans, ...gone)[0]?.background).toBe(false);
  });

  test('what hits a tenth of all requests, or of one route, is an incident though it lasts all day', () => {
    expect(shape(...day, ...every(20_000, 0, 24 * hour, noRoute))[0]?.background).toBe(false);
    const small = { route: 'shop/admin' };
    const hurt = every(30 * minute, 0, 24 * hour, { ...denied, ...small });
    const well = every(10 * minute, 0, 24 * hour, { ...good, ...small });
    expect(shape(...day, ...hurt, ...well)[0]?.background).toBe(false);
    expect(shape(...day, ...every(30 * minute, 0, 24 * hour, denied))[0]?.background).toBe(true);
  });

  test('what a backend or the gateway has to mend never is', () => {
    expect(shape(...day, ...every(30 * minute, 0, 24 * hour, noHost))[0]?.background).toBe(false);
  });

  test('a log of failures only goes by the spread; one without times by the rate; nothing shown is no background', () => {
    expect(shape(...scans, ...bursts).map((v) => [v.cause, v.background])).toEqual([
      ['no-healthy-upstream', false],
      ['no-route', true],
    ]);
    expect(shape(...day.slice(0, 100), [1, noRoute])[0]?.background, 'low rate, too few to see a spread').toBe(true);
    expect(shape([1, good], [2, noRoute])[0]?.background, 'nothing shown').toBe(false);
  });

  test('noise that follows the traffic is even', () => {
    const rush = (n: number, what: AccessRecord) => every(hour / n, 12 * hour, 13 * hour, what);
    const [v] = shape(...day.filter((_, i) => i % 50 === 0), ...scans, ...rush(20_000, good), ...rush(400, noRoute));
    expect(v).toMatchObject({ cause: 'no-route', background: true });
  });
});
