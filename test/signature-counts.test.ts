import { expect, test } from 'vitest';
import { SignatureCounts } from '../src/logs/scan/signature-counts.ts';
import { traitsOf } from '../src/logs/signature.ts';

const request = (host: string, minute: number) => ({
  traits: traitsOf({ status: 404, flags: ['NR'], details: 'route_not_found', authority: host }),
  happened: { duration: 0, age: undefined, time: minute * 60_000, host: undefined, weight: undefined },
});

test('names that never repeat are folded, and kept nowhere', () => {
  const counts = new SignatureCounts(500);
  for (let i = 0; i < 50_000; i++) {
    const { traits, happened } = request(`scan-${i}.example.com`, i % 300);
    counts.add(counts.numberOf(traits), happened, 1);
  }
  expect(counts.full).toBe(true);
  expect(counts.kinds).toBeLessThan(600);
  const all = counts.signatures();
  expect(all.reduce((sum, s) => sum + s.count, 0)).toBe(50_000);
  expect(all.map((s) => s.authority)).toEqual(['(other)']);
});

test('a name that was told apart before goes by its number still', () => {
  const counts = new SignatureCounts(10);
  const first = counts.numberOf(request('first.example.com', 0).traits);
  for (let i = 0; i < 100; i++) {
    const { traits, happened } = request(`${i}.example.com`, 0);
    counts.add(counts.numberOf(traits), happened, 1);
  }
  expect(counts.numberOf(request('first.example.com', 0).traits)).toBe(first);
});
