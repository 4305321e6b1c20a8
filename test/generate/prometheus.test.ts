import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generateAlertPages } from '../../scripts/generate/alert-pages.ts';
import { generatePrometheus, isRuleFile } from '../../src/generate/prometheus/index.ts';
import type { Group } from '../../src/generate/prometheus/rule.ts';
import { refused, schemasMissing } from './crd-schemas.ts';
import { exampleModel } from './model.ts';

const rulesOf = (name: 'small' | 'large') =>
  generatePrometheus(exampleModel(name))
    .filter(isRuleFile)
    .map(({ path, content }) => ({ path, groups: (parse(content) as { groups: readonly Group[] }).groups }));

describe.each(['small', 'large'] as const)('the rules of the %s contract', (name) => {
  test('are the same bytes each time', () => {
    expect(generatePrometheus(exampleModel(name))).toEqual(generatePrometheus(exampleModel(name)));
  });

  test('every alert has one prefix, a severity, words and a page that is there', () => {
    for (const { groups } of rulesOf(name))
      for (const rule of groups.flatMap((g) => g.rules)) {
        if (!('alert' in rule)) continue;
        expect(rule.alert).toMatch(/^EnvoyGateway([A-Z][a-z]+)+$/);
        expect(['critical', 'warning', 'info']).toContain(rule.labels['severity']);
        expect(rule.annotations['summary']).toMatch(/^[^{]+\.$/);
        expect(rule.annotations['description']).toBeTruthy();
        expect(existsSync(rule.annotations['page'] ?? ''), `${rule.alert}: ${rule.annotations['page']}`).toBe(true);
      }
  });

  test('names of groups are once in an environment', () => {
    const names = rulesOf(name).flatMap(({ path, groups }) => groups.map((g) => `${path.split('/')[2]} ${g.name}`));
    expect(new Set(names).size).toBe(names.length);
  });

  test.skipIf(schemasMissing !== undefined)('are what a PrometheusRule may hold', () => {
    for (const { path, groups } of rulesOf(name)) {
      const object = {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name: 'r' },
        spec: { groups },
      };
      expect(refused(object as never), path).toEqual([]);
    }
  });
});

test.each(generateAlertPages().map((p) => [p.path, p] as const))('%s is what the alerts say', (path, { content }) => {
  expect(readFileSync(path, 'utf8'), 'remedy: npm run generate').toBe(content);
});
