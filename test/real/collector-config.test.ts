import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { generateCollector } from '../../src/generate/collector/index.ts';
import { contracts } from '../pipeline/contracts.ts';
import { onFreePorts } from './pipeline/collector.ts';
import { modelOf } from './pipeline/contract.ts';
import { standIns, unserved } from './pipeline/stand-ins.ts';
import { deprecations, startCollector, validateCollector } from './tools/collector.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const env = {
  MY_POD_IP: '127.0.0.1',
  POD_NAME: 'collector-0',
  QUEUE_DIR: join(dir, 'queue'),
  MIMIR_PASSWORD: 'secret',
  // sigv4auth asks for credentials while it is validated.
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
  VIGIA_LOKI_TOKEN: 'secret',
  VIGIA_TRACES_API_KEY: 'secret',
};

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/contracts/${name}/vigia.yaml`, import.meta.url), 'utf8');
const all = Object.entries({ ...contracts, 'examples/small': example('small'), 'examples/large': example('large') });

describe.each(all)('%s', (_, contract) => {
  const files = generateCollector(modelOf(contract));

  test('a real Collector accepts every file; components that it was not built with are stood in for, and held to a schema of ours', async () => {
    for (const { path, content } of files) {
      const checked = standIns(content);
      const { code, stderr } = await validateCollector(checked.config, dir, env);
      expect(stderr, path).toBe('');
      expect(code, path).toBe(0);
      expect(checked.replaced.every((name) => unserved.has(name.split('/')[0] ?? ''))).toBe(true);
    }
  });

  // k8s_attributes wants the Kubernetes API when it starts, so a file with it is only validated.
  const startable = files.find((f) => !f.content.includes('k8s_attributes'));
  if (startable === undefined) return;
  test('it starts, warns of nothing and calls nothing deprecated', async () => {
    const home = mkdtempSync(join(dir, 'start-'));
    const { config } = await onFreePorts(standIns(startable.content).config);
    const collector = await startCollector(config, home, { ...env, QUEUE_DIR: join(home, 'queue') });
    try {
      expect(deprecations(collector.log())).toEqual([]);
      const said = collector.log().split('\n');
      expect(
        said.filter((line) => /"level":"(warn|error)"/.test(line) && !/kubernetes|sts|dial|sd-/i.test(line)),
      ).toEqual([]);
    } finally {
      await collector.stop();
    }
  });
});
