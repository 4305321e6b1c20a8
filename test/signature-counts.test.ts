import { expect, test } from 'vitest';
import { SignatureCounts } from '../src/logs/scan/signature-counts.ts';
import { traitsOf } from '../src/logs/signature.ts';

const request = (host: string, minute: number) => ({
  traits: traitsOf({ status: 404, flags: ['NR'], details: 'route_not_found', authority: host }),
  happened: { duration: 0, age: undefined, time: minute * 60_000, host: -1, weight: undefined },
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
  expect(new Set(all.map((s) => s.authority))).toEqual(new Set(['(other)']));
});

test('what is frequent keeps its name and its hosts where what is rare is folded', () => {
  const counts = new SignatureCounts(500);
  for (let i = 0; i < 50_000; i++) {
    const { traits, happened } = request(i % 3 === 0 ? `shop-${i % 20}.example.com` : `scan-${i}.example.com`, i % 300);
    counts.add(counts.numberOf(traits), { ...happened, host: counts.hostNumber(`10.0.0.${i % 4}`) }, 1);
  }
  expect(counts.full).toBe(true);
  const all = counts.signatures();
  const byName = new Map<string, number>();
  for (const s of all) byName.set(`${s.authority}`, (byName.get(`${s.authority}`) ?? 0) + s.count);
  const shops = [...byName].filter(([name]) => name.startsWith('shop-'));
  expect(shops.map(([, count]) => count).sort()).toEqual([...Array(13).fill(833), ...Array(7).fill(834)]);
  expect(byName.get('(other)')).toBeGreaterThan(33_000);
  expect([...byName.values()].reduce((a, b) => a + b)).toBe(50_000);
  const hosts = all.flatMap((s) => [...s.hosts.values()]);
  expect(hosts.reduce((a, b) => a + b)).toBe(50_000);
});

test('time gives way before names do, and no further than it helps', () => {
  const counts = new SignatureCounts(500);
  // Fifty names over ten hours: 600 minutes of each are too many, ten hours of each are not.
  for (let i = 0; i < 30_000; i++) {
    const { traits, happened } = request(`shop-${i % 50}.example.com`, Math.floor(i / 50));
    counts.add(counts.numberOf(traits), happened, 1);
  }
  expect(counts.full).toBe(false);
  expect(counts.bucketMs).toBe(64 * 60_000);
  expect(new Set(counts.signatures().map((s) => s.count))).toEqual(new Set([64, 24]));
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

test('which hosts are told apart does not depend on the order in which requests are counted', () => {
  const hostsOf = (order: readonly number[]) => {
    const counts = new SignatureCounts(500);
    // Numbered as they are met; counted in another order.
    for (let i = 0; i < 200; i++) counts.hostNumber(`10.0.0.${i}`);
    const { traits, happened } = request('shop.example.com', 0);
    for (const i of order)
      counts.add(counts.numberOf(traits), { ...happened, host: counts.hostNumber(`10.0.0.${i}`) }, 1);
    return new Map([...(counts.signatures()[0]?.hosts ?? [])].sort());
  };
  const ascending = Array.from({ length: 600 }, (_, i) => i % 200);
  const expected = hostsOf(ascending);
  expect(expected.size).toBe(65);
  expect(expected.get('10.0.0.63')).toBe(3);
  expect(expected.get('(other)')).toBe(3 * (200 - 64));
  expect(hostsOf(ascending.toReversed())).toEqual(expected);
  expect(hostsOf(ascending.map((i) => (i * 77) % 200))).toEqual(expected);
});
