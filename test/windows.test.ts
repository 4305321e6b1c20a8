import { expect, test } from 'vitest';
import { SignatureCounts } from '../src/logs/scan/signature-counts.ts';
import { traitsOf } from '../src/logs/signature.ts';
import { windowsOf } from '../src/triage/windows.ts';

const at = (time: string): number => Date.parse(`2026-11-23T${time}Z`);

test('a window reaches no further than the log does, however wide its buckets are', () => {
  const counts = new SignatureCounts(500);
  counts.bucketMs = 64 * 60_000;
  const number = counts.numberOf(
    traitsOf({ status: 503, flags: ['UH'], details: 'no_healthy_upstream', route: 'shop' }),
  );
  for (const time of ['06:00:30', '07:10:00', '08:39:59'])
    counts.add(number, { time: at(time), duration: 0, age: undefined, host: -1, weight: undefined }, 1);
  const signatures = counts.signatures();
  const log = { bucketMs: counts.bucketMs, timeline: [], requests: 3, signatures };
  const bounds = { first: at('06:00:30'), last: at('08:39:59') };
  expect(windowsOf(signatures, { ...log, ...bounds })).toEqual([
    { from: at('06:00:00'), to: at('08:40:00'), count: 3 },
  ]);
  const [unbounded] = windowsOf(signatures, { ...log, first: undefined, last: undefined });
  expect(unbounded?.from).toBeLessThan(at('06:00:00'));
});

test('failing health checks before and after all requests keep their own times', () => {
  const counts = new SignatureCounts(500);
  const number = counts.numberOf(traitsOf({ status: 503, flags: ['UH'], route: 'shop', userAgent: 'kube-probe/1.33' }));
  for (const time of ['05:00:30', '09:00:00'])
    counts.add(number, { time: at(time), duration: 0, age: undefined, host: -1, weight: undefined }, 1);
  const signatures = counts.signatures();
  const bounds = { first: at('06:00:30'), last: at('08:39:59') };
  const found = windowsOf(signatures, { bucketMs: 60_000, timeline: [], requests: 100, signatures, ...bounds });
  for (const { from, to } of found) expect(to).toBeGreaterThan(from);
  expect(found[0]?.from).toBe(at('05:00:00'));
  expect(found.at(-1)?.to).toBe(at('09:01:00'));
});
