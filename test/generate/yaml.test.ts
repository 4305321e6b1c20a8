import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { yamlText } from '../../src/generate/yaml.ts';

/** Texts made of what YAML gives a meaning to; the same on every run. */
function* texts(count: number): Generator<string> {
  const parts = [
    '0',
    '1_000',
    '1:30',
    '0x1F',
    '0o7',
    '.5',
    '~',
    'on',
    'No',
    'NULL',
    '=',
    '<<',
    '- a',
    'a: b',
    '#',
    ' #c',
    '"',
    "'",
    '\n',
    '\t',
    '{',
    ']',
    '&a',
    '*a',
    '!t',
    '|',
    '>',
    '%',
    '@',
    '`',
    '\\',
    '\u0007',
    '\u2028',
    '\u00e9',
    '\ud83d\ude80',
    ' ',
    'x',
    '$',
    '---',
    '2026-11-23',
    '+.inf',
    'y',
  ];
  let seed = 7;
  const next = (n: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * n);
  };
  for (const part of parts) yield part;
  for (let i = 0; i < count; i += 1)
    yield Array.from({ length: 1 + next(5) }, () => parts[next(parts.length)]).join('');
}

test.each(['1.1', '1.2'] as const)(
  'every text comes back as text from a YAML %s reader, as value and in a list',
  (version) => {
    let seen = 0;
    for (const text of texts(2_000)) {
      const value = { value: text, list: [text], 'a key': { nested: text } };
      expect(parse(yamlText(value), { version })).toEqual(value);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(2_000);
  },
);

test('members that are undefined are left out, order stays', () => {
  expect(yamlText({ b: 1, a: undefined, c: ['on', 'off it goes'] })).toBe('b: 1\nc:\n- "on"\n- off it goes\n');
});
