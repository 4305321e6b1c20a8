import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateCollector } from '../../src/generate/collector/index.ts';
import { contracts } from '../pipeline/contracts.ts';
import { atVersion, modelOf } from './pipeline/contract.ts';
import { runnable } from './pipeline/runnable.ts';
import { binaries, deprecations, startCollector, type Version, validateCollector } from './tools/collector.ts';
import { type Cluster, startCluster } from './tools/kubernetes.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-config-'));
let kubernetes: Cluster;
// Label lookup and scraping ask the Kubernetes API when they start.
beforeAll(async () => {
  kubernetes = await startCluster(join(dir, 'kubernetes'));
});
afterAll(async () => {
  await kubernetes?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const env = {
  MY_POD_IP: '127.0.0.1',
  POD_NAME: 'collector-0',
  MIMIR_PASSWORD: 'secret',
  // sigv4auth asks for credentials while it is validated.
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
  VIGIA_LOKI_TOKEN: 'secret',
  VIGIA_MIMIR_PASSWORD: 'secret',
  VIGIA_TRACES_API_KEY: 'secret',
};

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/contracts/${name}/vigia.yaml`, import.meta.url), 'utf8');
const all = Object.entries({ ...contracts, 'examples/small': example('small'), 'examples/large': example('large') });

/** Every file of every contract, as it is written for a Collector of the version. */
const files = (version: Version): readonly (readonly [string, string])[] =>
  all.flatMap(([name, contract]) =>
    generateCollector(atVersion(modelOf(contract), version)).map((f) => [`${name}: ${f.path}`, f.content] as const),
  );

/** Accepts it, starts it with all its pipelines, and says nothing that is more than information. */
async function runs(content: string, version: Version): Promise<void> {
  const binary = binaries[version];
  const home = mkdtempSync(join(dir, 'run-'));
  const settings = { ...env, QUEUE_DIR: join(home, 'queue'), KUBECONFIG: kubernetes.kubeconfig };
  const config = await runnable(content, { version, home, kubeconfig: kubernetes.kubeconfig });
  const { code, stderr } = await validateCollector(config, home, settings, binary);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const collector = await startCollector(config, home, settings, binary);
  // Readers and watches say what ails them a moment later.
  await sleep(500);
  const log = collector.log();
  await collector.stop();
  expect(deprecations(log)).toEqual([]);
  expect(log.split('\n').filter((line) => /"level":"(warn|error|fatal)"/.test(line))).toEqual([]);
}

describe('0.155.0, the default, starts every generated file without a warning', () => {
  test.each(files('0.155.0'))('%s', (_, content) => runs(content, '0.155.0'));
});

describe('0.161.0, the newest that could be built, starts every generated file in the newer spelling', () => {
  test.each(files('0.161.0'))('%s', (_, content) => runs(content, '0.161.0'));
});
