import { expect, test } from 'vitest';
import { wrap } from '../src/report/wrap.ts';

test('lines are as wide as asked for, the later ones indented', () => {
  expect(wrap('whose fault a 503 is', 10, '  ')).toEqual(['whose', '  fault a', '  503 is']);
  expect(wrap('httproute/shop', 6)).toEqual(['httpro', 'ute/sh', 'op']);
});

test('a terminal narrower than an indent gets a letter a line, and an end', () => {
  for (const width of [2, 1, 0, -5]) expect(wrap('a bcd', width, '  ')).toEqual(['a', '  b', '  c', '  d']);
});
