import { expect, test } from 'vitest';
import { timeOf } from '../../src/logs/read/value.ts';

const minute = '2026-11-23T10:07:';

test('a time in the minute that was read last is what it is by itself', () => {
  for (let i = 0; i < 2000; i++) {
    const at = Date.UTC(2026, 10, 23, 10, Math.floor(i / 50)) + ((i * 7919) % 60_000);
    const text = new Date(at).toISOString();
    expect(timeOf(text), text).toBe(at);
  }
});

test.each([
  [`${minute}0a.000Z`, undefined],
  [`${minute}05.00:Z`, undefined],
  [`${minute}05.0000`, Date.UTC(2026, 10, 23, 10, 7, 5)],
  [`${minute}05.123+`, undefined],
  [`${minute}05,123Z`, undefined],
  [`${minute}05.1234Z`, Date.UTC(2026, 10, 23, 10, 7, 5, 123)],
  // As the rest of it reads a leap second.
  [`${minute}60.500Z`, Date.UTC(2026, 10, 23, 10, 8, 0, 500)],
  ['2026-11-23T10:07:05+02:00', Date.UTC(2026, 10, 23, 8, 7, 5)],
  ['2026-11-23T10:07:05.1-0300', Date.UTC(2026, 10, 23, 13, 7, 5, 100)],
  ['-', null],
])('%s after another time of its minute', (text, time) => {
  expect(timeOf(`${minute}01.000Z`)).toBe(Date.UTC(2026, 10, 23, 10, 7, 1));
  expect(timeOf(text)).toBe(time);
});

test('a leap second does not move the minute', () => {
  expect(timeOf(`${minute}60.000Z`)).toBe(Date.UTC(2026, 10, 23, 10, 8));
  expect(timeOf(`${minute}01.000Z`)).toBe(Date.UTC(2026, 10, 23, 10, 7, 1));
});
