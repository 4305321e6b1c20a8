import { expect, test } from 'vitest';
import { bounded, parseInstant, parseSpan, parseWindow } from '../src/cli/time.ts';

const now = Date.parse('2026-11-20T15:30:00Z');
const at = (text: string): string => new Date(parseInstant(text, '--from', now)).toISOString();

test.each([
  ['2026-11-20T14:05:00Z', '2026-11-20T14:05:00.000Z'],
  ['2026-11-20T14:05:00.250+01:00', '2026-11-20T13:05:00.250Z'],
  ['2026-11-20T14:05+0530', '2026-11-20T08:35:00.000Z'],
  ['2026-11-20T23:30-05:00', '2026-11-21T04:30:00.000Z'],
  ['2026-11-20 14:05', '2026-11-20T14:05:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['14:05', '2026-11-20T14:05:00.000Z'],
  ['9:00:30', '2026-11-20T09:00:30.000Z'],
])('%s is %s: UTC where no zone is named, whatever the machine has', (text, instant) => {
  expect(at(text)).toBe(instant);
});

test.each(['24:00', '14:60', '2026-02-30', '2026-11-20T14:05+25', 'yesterday', '1763647200', ''])(
  '%j is no time, and what is one is said',
  (text) => {
    expect(() => at(text)).toThrow(`--from ${text}: not a time`);
  },
);

test('spans, windows, and the hour before where no beginning is given', () => {
  expect(parseSpan('90m', '--since')).toBe(5_400_000);
  expect(parseSpan('1h30m', '--since')).toBe(5_400_000);
  expect(() => parseSpan('90', '--since')).toThrow('--since 90: not a span of time');
  expect(parseWindow({ since: '90m' }, now)).toEqual({ from: now - 5_400_000, to: undefined });
  expect(() => parseWindow({ since: '1h', from: '14:05' }, now)).toThrow('--since and --from both');
  expect(() => parseWindow({ from: '14:05', to: '14:05' }, now)).toThrow(
    'the window ends (2026-11-20T14:05:00.000Z) before it begins (2026-11-20T14:05:00.000Z)',
  );
  expect(bounded({ from: undefined, to: undefined }, now)).toEqual({ from: now - 3_600_000, to: now });
  expect(bounded({ from: undefined, to: 7_200_000 }, now)).toEqual({ from: 3_600_000, to: 7_200_000 });
});
