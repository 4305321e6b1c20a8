import { expect, test } from 'vitest';
import { everything } from '../src/logs/question.ts';
import { limits } from '../src/logs/scan/limits.ts';
import { Tally } from '../src/logs/scan/tally.ts';

const minute = 60_000;

function sampled(kinds: readonly string[]) {
  const tally = new Tally(everything);
  for (const [i, details] of kinds.entries())
    tally.add(
      { status: 503, flags: ['UF'], details, route: 'shop/cart', time: i * minute },
      { file: 'access.log', line: i + 1 },
      'x'.repeat(i === 0 ? 5000 : 10),
    );
  return tally.answer([]).samples;
}
const lines = (kinds: readonly string[]) => sampled(kinds).map((s) => s.place.line);
const same = (n: number) => Array.from({ length: n }, () => 'a');

test('of each kind the first, one from the middle and one of the last fifth', () => {
  expect([1, 2, 3, 4, 5, 100, 110, 1000].map((n) => lines(same(n)))).toEqual([
    [1],
    [1, 2],
    [1, 2, 3],
    [1, 2, 4],
    [1, 2, 5],
    [1, 32, 100],
    [1, 32, 100],
    [1, 256, 1000],
  ]);
});

test('kinds do not take from one another, and come in the order of the lines', () => {
  expect(lines(['a', 'b', 'a', 'b', 'a', 'c', 'b', 'a'])).toEqual([1, 2, 3, 4, 6, 7, 8]);
});

test('with too many kinds each has its first', () => {
  const many = Array.from({ length: limits.samples + 50 }, (_, i) => `kind ${i}`);
  expect(lines([...many, ...many])).toEqual(Array.from({ length: limits.samples }, (_, i) => i + 1));
});

test('a sample is one request: its own signature, its line cut', () => {
  const [first] = sampled(same(5));
  expect(first?.signature).toMatchObject({ count: 1, time: 0 });
  expect(first?.raw).toBe(`${'x'.repeat(limits.raw)}…`);
});
