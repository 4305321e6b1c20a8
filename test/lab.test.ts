import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { envoyBinary } from './lab/envoy.ts';
import { formatNames } from './lab/formats.ts';
import type { ScenarioLines } from './lab/run.ts';
import { scenarios } from './lab/scenarios/index.ts';
import { runLabSteadily } from './lab/steady.ts';
import { complaints } from './lab/verdict.ts';

const absent = !existsSync(envoyBinary);
const why = 'needs a real Envoy, which is not there: run "npm run tools -- envoy"';

if (absent && process.env['CI']) {
  test('the lab has its Envoy', () => expect.fail(why));
} else if (absent) {
  test.skip(`the lab ${why}`);
} else {
  describe('a real Envoy writes what the scenario says', () => {
    const found = new Map<string, ScenarioLines>();
    beforeAll(async () => {
      for (const result of await runLabSteadily()) found.set(result.scenario.name, result);
    });

    test.each(scenarios.map((s) => [s.name, s] as const))('%s', (name, scenario) => {
      const lines = found.get(name)?.lines;
      expect(complaints(scenario, lines?.vigia ?? [])).toEqual([]);
      expect(new Set(formatNames.map((f) => lines?.[f].length)).size).toBe(1);
    });
  });
}

test('scenario names are unique: routes, clusters and listeners are called after them', () => {
  expect(new Set(scenarios.map((s) => s.name)).size).toBe(scenarios.length);
});

test('the README lists every scenario with its verdict', () => {
  const readme = readFileSync(new URL('lab/README.md', import.meta.url), 'utf8');
  const rows = new Map(readme.split('\n').map((line) => [/^\| ([a-z0-9-]+) \|/.exec(line)?.[1], line]));
  for (const { name, side, cause } of scenarios) {
    expect(rows.get(name), name).toMatch(new RegExp(`\\| ${side} \\| ${cause ?? ''} \\|$`));
  }
});
