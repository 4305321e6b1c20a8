import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { everything } from '../src/logs/question.ts';
import { fileSource } from '../src/logs/sources/file.ts';
import { json } from '../src/report/json.ts';
import { markdown } from '../src/report/markdown.ts';
import { reportJsonSchema, reportSchema } from '../src/report/schema.ts';
import { text } from '../src/report/text.ts';
import { diagnose } from '../src/triage/diagnose.ts';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const formats = [
  'vigia',
  'envoy-text',
  'istio-text',
  'kgateway-json',
  'envoy-gateway-json',
  'camel-json',
  'short-json',
].map((f) => `examples/formats/${f}.log`);
const triageOf = async (path: string) =>
  diagnose(await fileSource({ names: [at(path)], format: 'auto', overrides: {} }).count(everything));

test('docs/report.schema.json is what the code says', () => {
  expect(
    readFileSync(at('docs/report.schema.json'), 'utf8'),
    'remedy: npm run -s vigia -- triage --json-schema > docs/report.schema.json',
  ).toBe(reportJsonSchema());
});

describe.each([...formats, 'examples/incident/access.log.gz'])('%s', (path) => {
  test('the JSON report has its documented shape, redacted and not', async () => {
    const triage = await triageOf(path);
    for (const redact of [true, false]) {
      const parsed = reportSchema.safeParse(JSON.parse(json(triage, { redact })));
      expect(parsed.error?.issues ?? []).toEqual([]);
    }
  });

  test('text fits 80 and 140 columns; only lines to paste may be longer', async () => {
    const triage = await triageOf(path);
    for (const width of [80, 140]) {
      const long = text(triage, { color: false, width, detailed: 99 })
        .split('\n')
        .filter((l) => l.length > width && !/^ {12}/.test(l));
      expect(long).toEqual([]);
    }
  });

  test('shared reports hold no query, client address, token or e-mail', async () => {
    const triage = await triageOf(path);
    for (const report of [json(triage, { redact: true }), markdown(triage, { redact: true })]) {
      expect(report).not.toMatch(/\?(page|token|q|id)=/);
      expect(report).not.toMatch(/\b(198\.51\.100|203\.0\.113)\.\d+\b/);
      expect(report).not.toMatch(/eyJ[\w-]{10,}/);
      expect(report).not.toMatch(/[\w.]+@[\w-]+\.\w+/);
    }
  });
});
