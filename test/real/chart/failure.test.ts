import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exampleModel } from '../../generate/model.ts';
import { type Cluster, crdsMissing, installCrds, startCluster } from '../tools/kubernetes.ts';
import type { Ended } from '../tools/tool.ts';
import { namesOf, versions } from './contents.ts';
import { helm, writeChart } from './helm.ts';
import { dangling, type Event, type Followed, follow, references } from './pointed.ts';

if (crdsMissing !== undefined) process.stderr.write(`skipped: ${crdsMissing}\n`);

const dir = mkdtempSync(join(tmpdir(), 'vigia-failure-'));
const model = exampleModel('large');
const chart = writeChart(model, join(dir, 'large'));
const name = 'prod-us-east-1';
const gateways = model.clusters.find((c) => c.name === name)?.gateways ?? [];
const last = `ListenerPolicy/${gateways.at(-1)?.namespace}/${gateways.at(-1)?.name}-vigia`;
const file = join(chart, `clusters/${name}.yaml`);
const values = ['-f', file];
/** The Collector under another name: all that policies point at is new. */
const renamed = ['-f', join(dir, 'renamed.yaml')];
/** An object that the server refuses when it is its turn, after the policies. */
const refusedLast = ['-f', join(dir, 'refused.yaml')];

let api: Cluster;
let followed: Followed;
const run = (...args: string[]): Promise<Ended> => helm(dir, args, api.kubeconfig);
const upgrade = (...more: string[]): Promise<Ended> => run('upgrade', 'vigia', chart, '-n', 'vigia', ...more);
async function succeeded(done: Promise<Ended>): Promise<void> {
  const ended = await done;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
}
const failed = async (done: Promise<Ended>): Promise<void> => {
  const ended = await done;
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toContain('namespaces "nowhere" not found');
};

/** The Services that policies have pointed at, in the order in which they turned to them. */
function turns(events: readonly Event[]): readonly string[] {
  const named = events.flatMap((e) =>
    e.type !== 'DELETED' && e.object.kind === 'ListenerPolicy' ? references(e.object.spec).map((r) => r.name) : [],
  );
  return named.filter((n, i) => n !== named[i - 1]);
}

beforeAll(async () => {
  if (crdsMissing !== undefined) return;
  writeFileSync(join(dir, 'renamed.yaml'), readFileSync(file, 'utf8').replaceAll('vigia-collector', 'vigia-next'));
  const nowhere = {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: 'last', namespace: 'nowhere' },
    spec: {
      from: [{ group: 'gateway.kgateway.dev', kind: 'ListenerPolicy', namespace: 'edge' }],
      to: [{ group: '', kind: 'Service' }],
    },
  };
  writeFileSync(join(dir, 'refused.yaml'), JSON.stringify({ extraManifests: [nowhere] }));
  api = await startCluster(join(dir, 'api'));
  await installCrds(api);
  for (const namespace of new Set(['vigia', 'kgateway-system', ...gateways.map((g) => g.namespace)]))
    await api.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
}, 120_000);
afterAll(async () => {
  await api?.stop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  if (crdsMissing === undefined) followed = await follow(api);
});
// Whatever a test does, at no moment does a policy point at what is not there, and in two steps all of it goes.
afterEach(async () => {
  if (crdsMissing !== undefined) return;
  if ((await run('status', 'vigia', '-n', 'vigia')).code !== 0) await succeeded(install());
  await succeeded(upgrade(...values, '--set', 'prepareUninstall=true'));
  await succeeded(run('uninstall', 'vigia', '-n', 'vigia'));
  expect(await versions(api)).toEqual({});
  expect(dangling(await followed.history())).toEqual([]);
  followed.stop();
});
const install = (...more: string[]): Promise<Ended> =>
  run('install', 'vigia', chart, '-n', 'vigia', ...values, ...more);

// Flux's helm-controller asks the same of Helm: its remediation is a rollback, or an uninstall, and its `cleanupOnFail` is this flag.
describe.skipIf(crdsMissing !== undefined)(
  'with ../shared beside the checkout: what fails halfway, by a real Helm on a real Kubernetes API',
  () => {
    test.each([
      ['an upgrade, then a rollback', []],
      // No pod is ever ready here, so the rollback's own wait is cut short.
      ['an upgrade that rolls back by itself', ['--rollback-on-failure', '--timeout=5s']],
    ])('%s: policies turn to the new Service and back', async (_, flags) => {
      await succeeded(install());
      await failed(upgrade(...renamed, ...refusedLast, ...flags));
      if (flags.length === 0) await succeeded(run('rollback', 'vigia', '-n', 'vigia'));
      expect(turns(await followed.history())).toEqual(['vigia-collector', 'vigia-next', 'vigia-collector']);
      expect(await namesOf(api, 'ListenerPolicy')).toHaveLength(gateways.length);
      // It stays as an earlier name's does.
      expect(await namesOf(api, 'Service')).toContain('vigia-next');
    });

    test('an upgrade that cleans up takes nothing that policies point at, while the Collector keeps its name', async () => {
      await succeeded(install('--set', `policies.objects.${last}=null`));
      await failed(upgrade(...values, ...refusedLast, '--cleanup-on-fail'));
      expect(await namesOf(api, 'ListenerPolicy')).toHaveLength(gateways.length - 1);
      expect(await namesOf(api, 'Service')).toContain('vigia-collector');
    });

    test('as UPGRADING warns, cleaning up after another name takes the new Service from under its policies', async () => {
      await succeeded(install());
      await failed(upgrade(...renamed, ...refusedLast, '--cleanup-on-fail'));
      expect(await namesOf(api, 'Service')).not.toContain('vigia-next');
      expect(dangling(await followed.history())).toContainEqual(
        expect.stringMatching(/^DELETED Service vigia\/vigia-next: .* lacks Service vigia\/vigia-next:4317$/),
      );
      await succeeded(run('rollback', 'vigia', '-n', 'vigia'));
      followed.stop();
      followed = await follow(api);
    });

    test('as UPGRADING warns, without hooks a missing grant is not made', async () => {
      await succeeded(install('--no-hooks'));
      expect(dangling(await followed.history())).toContainEqual(expect.stringMatching(/ lacks a grant in vigia$/));
      await succeeded(upgrade(...values));
      followed.stop();
      followed = await follow(api);
    });

    test('an install, then an uninstall: what policies point at stays for the next try', async () => {
      await failed(install(...refusedLast));
      expect(await namesOf(api, 'ListenerPolicy')).toHaveLength(gateways.length);
      await succeeded(run('uninstall', 'vigia', '-n', 'vigia'));
      expect(await namesOf(api, 'ListenerPolicy')).toEqual([]);
      expect(await namesOf(api, 'Service')).toEqual(['vigia-collector']);
      await succeeded(install());
    });
  },
);
