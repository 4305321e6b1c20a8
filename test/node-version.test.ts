import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tooOld } from '../src/cli/node-version.ts';

test('an older Node.js is told what is needed, and it is what package.json says', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const needed = engines.node.replace('>=', '');
  expect(tooOld('20.20.2')).toBe(`vigia needs Node.js ${needed} or newer; this is 20.20.2`);
  expect(tooOld('22.14.9')).toBe(`vigia needs Node.js ${needed} or newer; this is 22.14.9`);
  for (const version of [`${needed}.0`, '22.23.2', '23.0.0', '24.1.0-nightly']) expect(tooOld(version)).toBeUndefined();
});
