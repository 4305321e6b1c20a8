import { expect, test } from 'vitest';
import { quantiles } from '../../src/logs/buckets.ts';
import { atMost } from '../../src/logs/remote/at-most.ts';
import { type Clock, withBackOff } from '../../src/logs/remote/back-off.ts';
import { spread } from '../../src/logs/remote/latency-spread.ts';
import { layoutOf } from '../../src/logs/remote/layout.ts';
import { sampleWindow, sampleWindows } from '../../src/logs/remote/sample-window.ts';
import { bucketWidth, halves, slices } from '../../src/logs/remote/window.ts';
import { signatureOf } from '../../src/logs/signature.ts';

const minute = 60_000;

test.each([
  [1, 1],
  [180, 1],
  [181, 2],
  [360, 2],
  [24 * 60, 10],
  [7 * 24 * 60, 60],
  [30 * 24 * 60, 360],
  [365 * 24 * 60, 1440],
])('a window of %i minutes has buckets of %i', (window, bucket) => {
  expect(bucketWidth({ from: 7, to: 7 + window * minute })).toBe(bucket * minute);
});

test('slices leave no gap and no overlap, and are cut at buckets', () => {
  for (const [from, to, count] of [
    [0, 100 * minute, 3],
    [123, 100 * minute + 7, 4],
    [59_999, 60_001, 8],
    [5, 6, 3],
  ] as const) {
    const parts = slices({ from, to }, minute, count);
    expect(parts[0]?.from).toBe(from);
    expect(parts.at(-1)?.to).toBe(to);
    for (const [i, p] of parts.entries()) {
      expect(p.to).toBeGreaterThan(p.from);
      if (i > 0) expect(p.from).toBe(parts[i - 1]?.to);
      if (i > 0) expect(p.from % minute).toBe(0);
    }
    expect(parts.length).toBeLessThanOrEqual(count + 1);
  }
});

test('halves are two, until it is one bucket', () => {
  expect(halves({ from: 0, to: 10 * minute }, minute)).toEqual([
    { from: 0, to: 5 * minute },
    { from: 5 * minute, to: 10 * minute },
  ]);
  expect(halves({ from: 30_000, to: 150_000 }, minute)).toEqual([
    { from: 30_000, to: 60_000 },
    { from: 60_000, to: 150_000 },
  ]);
  expect(halves({ from: 60_000, to: 120_000 }, minute)).toBeUndefined();
  expect(halves({ from: 60_001, to: 119_000 }, minute)).toBeUndefined();
});

test('a histogram from counts at edges keeps their sums and its quantiles between them', () => {
  const counts = spread(100, [10, 100, 1000], [60, 10, 1], 4000);
  expect(counts.reduce((a, b) => a + b, 0)).toBe(100);
  const [q40, q41, q90, q91, all] = quantiles(counts, [0.4, 0.41, 0.9, 0.91, 1]);
  expect(q40).toBeLessThan(10);
  expect(q41).toBeGreaterThanOrEqual(10);
  expect(q90).toBeLessThan(101);
  expect(q91).toBeGreaterThanOrEqual(99);
  expect(all).toBeLessThan(4001);
  expect(quantiles(spread(0, [10], [0], 0), [0.5])).toEqual([]);
});

test('the shortest window that holds every kind', () => {
  const failed = (route: string, minutes: readonly number[]) =>
    minutes.map((m) => signatureOf({ route, status: 503, time: m * minute, flags: ['UH'] }));
  const of = (...all: ReturnType<typeof failed>[]) => sampleWindow(all.flat(), minute);
  expect(of(failed('a', [1, 50]), failed('b', [48]), failed('c', [30, 49]))).toEqual({
    from: 48 * minute,
    to: 51 * minute,
  });
  expect(of(failed('a', [3, 9]))).toEqual({ from: 3 * minute, to: 4 * minute });
  expect(of()).toBeUndefined();
});

test("a layout finds our fields in a store's names, whatever they stand in", () => {
  const nested = layoutOf([
    'body',
    'attributes.http.response.status_code',
    'attributes.envoy.route_name',
    'resource.k8s.pod.name',
    'attributes.vigia.details',
  ]);
  expect(nested.name('status')).toBe('attributes.http.response.status_code');
  expect(nested.name('pod')).toBe('resource.k8s.pod.name');
  expect(nested.name('vigia.details')).toBe('attributes.vigia.details');
  expect(nested.routeIs).toBe('route');
  expect(layoutOf(['resource.attributes.k8s.pod.name']).name('pod')).toBe('resource.attributes.k8s.pod.name');
  expect(layoutOf(['vigia_details', 'responseCode', 'upstreamCluster']).routeIs).toBe('backend');
  expect(layoutOf(['vigia_details']).name('vigia.details')).toBe('vigia_details');
  expect(layoutOf(['rc', 'response_code'], { status: 'rc' }).name('status')).toBe('rc');
});

test('at most so many at once, and a failure waits for what runs', async () => {
  let running = 0;
  let most = 0;
  const work = async (n: number) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (n === 3) throw new Error('three');
    return n * 2;
  };
  expect(await atMost(2, [0, 1, 2], work)).toEqual([0, 2, 4]);
  expect(most).toBe(2);
  const told: unknown[] = [];
  await expect(atMost(2, [3, 1, 2, 4], work, (e) => told.push(e))).rejects.toThrow('three');
  expect(told).toHaveLength(1);
  expect(running).toBe(0);
});

test('waits grow with full jitter up to a bound, and end with the attempts', async () => {
  const waits: number[] = [];
  const clock: Clock = { now: () => 0, random: () => 1, sleep: async (ms) => void waits.push(ms) };
  const options = { clock, signal: undefined, attempts: 6, baseMs: 100, maxMs: 1000 };
  const fail = () => Promise.reject(new Error('busy'));
  await expect(withBackOff(fail, { ...options, retryAfter: () => 0 })).rejects.toThrow('busy');
  expect(waits).toEqual([200, 400, 800, 1000, 1000]);
  waits.length = 0;
  await expect(withBackOff(fail, { ...options, retryAfter: () => undefined })).rejects.toThrow('busy');
  expect(waits).toEqual([]);
  await expect(
    withBackOff(fail, { ...options, attempts: 2, clock: { ...clock, random: () => 0 }, retryAfter: () => 7000 }),
  ).rejects.toThrow('busy');
  expect(waits).toEqual([7000]);
});

test('several short windows hold every kind, are few, and are never longer than the one', () => {
  const failed = (route: string, minutes: readonly number[]) =>
    minutes.map((m) => signatureOf({ route, status: 503, time: m * minute, flags: ['UH'] }));
  const of = (most: number, ...all: ReturnType<typeof failed>[]) =>
    sampleWindows(all.flat(), minute, most).map((w) => [w.from / minute, w.to / minute]);
  const apart = [failed('a', [1, 2, 30]), failed('b', [30]), failed('c', [59]), failed('d', [57])];
  expect(of(6, ...apart)).toEqual([
    [30, 31],
    [57, 58],
    [59, 60],
  ]);
  expect(of(2, ...apart)).toEqual([
    [30, 31],
    [57, 60],
  ]);
  expect(of(1, ...apart)).toEqual([[30, 60]]);
  expect(of(6, failed('a', [4]), failed('b', [5]))).toEqual([[4, 6]]);
  expect(of(6)).toEqual([]);
});
