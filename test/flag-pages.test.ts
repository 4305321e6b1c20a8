import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateFlagPages } from '../scripts/generate/flags.ts';
import { responseFlags } from '../src/envoy/response-flags.ts';

const folder = 'docs/flags';
const pages = generateFlagPages();

test('every flag has a page, and nothing else lies beside them', () => {
  const names = ['README.md', ...Object.keys(responseFlags).map((f) => `${f}.md`)];
  expect(readdirSync(folder).sort(), 'remedy: npm run generate, and delete what it does not write').toEqual(
    names.sort(),
  );
  expect(pages.length).toBe(31);
});

test.each(pages.map((p) => [p.path, p.content]))('%s is what the tables say', (path, content) => {
  expect(readFileSync(path, 'utf8'), 'remedy: npm run generate').toBe(content);
});

test('links lead to pages that are there', () => {
  const broken = pages.flatMap(({ path, content }) =>
    [...content.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, to = '']) =>
      existsSync(join(folder, to)) ? [] : [`${path}: ${to}`],
    ),
  );
  expect(broken).toEqual([]);
});
