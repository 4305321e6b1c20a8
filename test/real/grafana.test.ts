import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Model } from '../../src/contract/model.ts';
import type { Artefact } from '../../src/generate/artefact.ts';
import { generateGrafana } from '../../src/generate/grafana/index.ts';
import { exampleModel } from '../generate/model.ts';
import { runTool } from './tools/tool.ts';

const config = fileURLToPath(new URL('../../dashboards/.lint', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vigia-boards-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** dashboard-linter's verdict, errors and warnings alike, and its own words. */
async function lint(name: string, text: string): Promise<{ readonly code: number; readonly said: readonly string[] }> {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const { code, stdout, stderr } = await runTool('dashboard-linter', ['lint', '--strict', '-c', config, file]);
  return { code, said: `${stdout}${stderr}`.split('\n').filter((line) => /❌|⚠|error/i.test(line)) };
}

/** Schema v2 for all environments. */
const both = (model: Model): Model => ({
  ...model,
  environments: [],
  clusters: model.clusters.map((c) => ({
    ...c,
    environment: { ...c.environment, grafana: { url: undefined, folder: 'Gateways', v2: true } },
  })),
});

const withV2 = (model: Model): readonly Artefact[] => {
  const changed = both(model);
  const environments = model.environments.map(
    (e) => changed.clusters.find((c) => c.environment.name === e.name)?.environment ?? e,
  );
  return generateGrafana({ ...changed, environments });
};

const boards = (['small', 'large'] as const).flatMap((example) =>
  withV2(exampleModel(example)).map((a) => [`${example}/${a.path}`, a.content] as const),
);

describe('dashboard-linter, strictly', () => {
  test.each(boards)('%s', async (name, content) => {
    expect(await lint(name, content)).toEqual({ code: 0, said: [] });
  });

  const [, overview = ''] = boards.find(([name]) => name.endsWith('dev/vigia-overview.json')) ?? [];
  const [, other = ''] = boards.find(([name]) => name.endsWith('dev/v2/vigia-overview.json')) ?? [];
  test.each([
    ['a unit that is none', '"unit": "reqps"', '"unit": "furlongs"', /unit/],
    ['PromQL that is none', '"expr": "sum(', '"expr": "sum((', /invalid PromQL/],
    ['a fixed window', '$__rate_interval', '5m', /should use \$__rate_interval/],
    [
      'no description',
      '"description": "Requests that ended',
      '"description": "", "was": "Requests that ended',
      /description/,
    ],
    ['a board that may be edited', '"editable": false', '"editable": true', /editable/],
  ])('would see %s, in either schema', async (name, from, to, message) => {
    for (const [schema, text] of [
      ['classic', overview],
      ['v2', other],
    ] as const) {
      const broken = text.replace(from, to);
      expect(broken, schema).not.toBe(text);
      const { code, said } = await lint(`broken/${schema}/${name}.json`, broken);
      expect(code, schema).toBe(1);
      expect(said.join('\n'), schema).toMatch(message);
    }
  });
});
