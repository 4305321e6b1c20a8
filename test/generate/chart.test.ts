import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generate } from '../../src/generate/index.ts';
import { exampleModel, hostile, modelOf } from './model.ts';

const models = { small: exampleModel('small'), large: exampleModel('large'), hostile: modelOf(hostile) };
const made = Object.fromEntries(Object.entries(models).map(([name, m]) => [name, generate(m, ['chart'])]));
const file = (name: string, path: string): string =>
  made[name]?.find((a) => a.path === `charts/vigia/${path}`)?.content ?? '';

describe('the chart', () => {
  test.each(Object.keys(models))("%s contract: every cluster's values fit the chart's own schema", (name) => {
    const check = new Ajv({ strict: false }).compile(JSON.parse(file(name, 'values.schema.json')));
    const values = made[name]?.filter((a) => /\/(clusters|ci)\/.*\.yaml$|\/values\.yaml$/.test(a.path)) ?? [];
    expect(values.length).toBeGreaterThan(9);
    for (const { path, content } of values)
      expect(check(parse(content)), `${path}: ${JSON.stringify(check.errors)}`).toBe(true);
  });

  test('a value that the chart does not have is refused by the schema', () => {
    const check = new Ajv({ strict: false }).compile(JSON.parse(file('small', 'values.schema.json')));
    const values = parse(file('small', 'clusters/dev.yaml'));
    expect(check({ ...values, colector: {} })).toBe(false);
    expect(check({ ...values, collector: { ...values.collector, replicas: 'two' } })).toBe(false);
    expect(check({ ...values, global: { anything: 1 } })).toBe(true);
  });

  test('every value has its comment, its row in the README, and the same default in both', () => {
    const yaml = file('small', 'values.yaml');
    const rows = [...file('small', 'README.md').matchAll(/^\| `([\w.]+)` \| .* \| `(.*)` \| (.*) \|$/gm)];
    expect(rows.length).toBeGreaterThan(60);
    for (const [, path = '', shown = '', description = ''] of rows) {
      const value = path.split('.').reduce<unknown>((v, key) => (v as Record<string, unknown>)[key], parse(yaml));
      expect(JSON.parse(shown.replaceAll('\\|', '|')), path).toEqual(value);
      expect(description.length, path).toBeGreaterThan(3);
      expect(yaml).toContain(`# -- ${description.replaceAll('\\|', '|')}`);
    }
  });

  test('the same bytes twice, with no clock and no path', () => {
    expect(generate(exampleModel('large'), ['chart'])).toEqual(made['large']);
  });

  test('a cluster that scrapes for itself gets rights where it scrapes; one that Prometheus scrapes gets none', () => {
    const rbac = (name: string, cluster: string) => parse(file(name, `clusters/${cluster}.yaml`)).collector.rbac;
    expect(rbac('small', 'dev')).toEqual({ namespaces: [], allPods: false });
    expect(rbac('large', 'prod-us-east-1').namespaces).toContain('kgateway-system');
  });
});
