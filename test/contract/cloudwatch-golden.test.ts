import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Question } from '../../src/logs/question.ts';
import { aggregationOf } from '../../src/logs/remote/from-question.ts';
import { layoutOf } from '../../src/logs/remote/layout.ts';
import { Insights } from '../../src/logs/sources/cloudwatch/language.ts';
import { parse } from './cloudwatch/parse.ts';
import { recorded, shapes } from './traffic.ts';

const window = { from: Date.parse('2026-11-20T09:00:00Z'), to: Date.parse('2026-11-20T10:00:00Z') };
const question: Question = {
  ...window,
  where: [
    { field: 'route', negated: false, values: ['shop/*', 'say "hi"'] },
    { field: 'status', negated: false, values: ['503', '504'] },
    { field: 'flags', negated: true, values: ['UC'] },
  ],
};
const sample = recorded(window.from, window.to);

/** The names of a shape's fields, as CloudWatch finds them. */
function namesOf(shape: (typeof shapes)[number]): readonly string[] {
  const names = new Set<string>();
  const add = (value: unknown, path: string): void => {
    if (value === null || typeof value !== 'object') names.add(path);
    else for (const [key, v] of Object.entries(value)) add(v, path === '' ? key : `${path}.${key}`);
  };
  for (const r of sample) add(JSON.parse(shape.message(r)), '');
  return [...names];
}

/** Every text that is sent, for a person to read and to paste into a console; UPDATE=1 writes them anew: read the diff. */
test.each(shapes.map((shape, i) => ({ shape, file: `cloudwatch-${i + 1}.txt` })))('$shape.name', ({ shape, file }) => {
  const layout = layoutOf(namesOf(shape), shape.map);
  const insights = new Insights(layout);
  const all = aggregationOf({ ...window, where: [] }, window, 60_000, layout);
  const some = aggregationOf(question, window, 60_000, layout);
  const texts = {
    'counts by signature': insights.counting(all),
    'counts by signature, with conditions': insights.counting(some),
    'a first and a last line of each kind': insights.sampling(some, 240),
    lines: insights.lines(some, 10_000),
  };
  for (const text of Object.values(texts)) {
    expect(parse(text).length).toBeGreaterThan(2);
    expect(text.length).toBeLessThan(10_000);
  }
  const now = `${shape.name}\n\n${Object.entries(texts)
    .map(([title, text]) => `# ${title} (${text.length} characters)\n${text}\n`)
    .join('\n')}`;
  const path = fileURLToPath(new URL(`golden/${file}`, import.meta.url));
  if (process.env['UPDATE']) writeFileSync(path, now);
  expect(now).toBe(readFileSync(path, 'utf8'));
});
