import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exampleModel } from '../../generate/model.ts';
import { type Cluster, crdsMissing, installCrds, startCluster } from '../tools/kubernetes.ts';
import { at, auditSize, changes } from './audit.ts';
import { everything } from './contents.ts';
import { helm, type Item, nameOf, writeChart } from './helm.ts';
import { dangling, type Followed, follow } from './pointed.ts';

if (crdsMissing !== undefined) process.stderr.write(`skipped: ${crdsMissing}\n`);

const dir = mkdtempSync(join(tmpdir(), 'vigia-uninstall-'));
const model = exampleModel('large');
const chart = writeChart(model, join(dir, 'large'));
const cluster = model.clusters.find((c) => c.name === 'prod-us-east-1');
const values = ['-f', join(chart, 'clusters/prod-us-east-1.yaml')];
const prepare = ['upgrade', 'vigia', chart, '-n', 'vigia', '--reuse-values', '--set', 'prepareUninstall=true'];

let api: Cluster;
/** All that the server held before anything of vigia's came. */
let empty: readonly string[];
let followed: Followed;

/** The cluster's values as another contract would have them. */
function otherValues(change: (text: string) => string): string[] {
  const file = join(dir, 'values.yaml');
  writeFileSync(file, change(readFileSync(values[1] ?? '', 'utf8')));
  return ['-f', file];
}

/** A Helm command that has to succeed; what it printed. */
async function run(...args: string[]): Promise<string> {
  const done = await helm(dir, args, api.kubeconfig);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return done.stdout;
}
const install = (...more: string[]) => run('install', 'vigia', chart, '-n', 'vigia', ...values, ...more);

const kept = async (): Promise<readonly Item[]> => {
  const got = await api.kubectl(['-n', 'vigia', 'get', 'services,referencegrants', '-o', 'json']);
  return (JSON.parse(got.stdout) as { items: Item[] }).items.filter((i) => !i.metadata.name.endsWith('-pods'));
};
const listenerPolicies = async (): Promise<number> =>
  (await api.kubectl(['get', 'listenerpolicies', '-A', '-o', 'name'])).stdout.split('\n').filter(Boolean).length;

beforeAll(async () => {
  if (crdsMissing !== undefined) return;
  api = await startCluster(join(dir, 'api'));
  await installCrds(api);
  const names = new Set([
    'vigia',
    'kgateway-system',
    ...model.clusters.flatMap((c) => c.gateways.map((g) => g.namespace)),
  ]);
  for (const name of names)
    await api.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  empty = await everything(api);
}, 120_000);
beforeEach(async () => {
  if (crdsMissing !== undefined) return;
  expect(await everything(api)).toEqual(empty);
  followed = await follow(api);
});
// Whatever a test does, at no moment does a policy point at what is not there.
afterEach(async () => {
  if (crdsMissing !== undefined) return;
  expect(dangling(await followed.history())).toEqual([]);
  followed.stop();
});
afterAll(async () => {
  await api?.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(crdsMissing !== undefined)(
  'with ../shared beside the checkout: an uninstall that leaves nothing, on a real Kubernetes API',
  () => {
    test('two steps: policies go first, then Service and grants, and the server is as it was before', async () => {
      await install();
      const [grants, policies] = [(await kept()).length - 1, await listenerPolicies()];
      expect(grants).toBeGreaterThan(1);
      expect(policies).toBe(cluster?.gateways.length);

      const mark = auditSize(api);
      const said = await run(...prepare);
      expect(said).toContain('helm uninstall vigia -n vigia');
      expect(said).toContain('helm rollback vigia -n vigia');
      const first = changes(api, mark);
      expect(at(first, 'listenerpolicies', 'delete')).toHaveLength(policies);
      // Step one takes nothing that a policy points at.
      expect([...at(first, 'services', 'delete'), ...at(first, 'referencegrants', 'delete')]).toEqual([]);
      expect(await listenerPolicies()).toBe(0);
      expect(await kept()).toHaveLength(grants + 1);

      const second = auditSize(api);
      await run('uninstall', 'vigia', '-n', 'vigia');
      const then = changes(api, second);
      expect(at(then, 'services', 'delete').map((i) => then[i]?.name)).toContain('vigia-collector');
      expect(at(then, 'listenerpolicies', 'delete')).toEqual([]);
      expect(await everything(api)).toEqual(empty);
    });

    test('rollback from step one: every policy is back, and Service and grants never went and are kept again', async () => {
      await install();
      const before = await everything(api);
      const there = await kept();
      for (const from of ['the first revision', 'a later one']) {
        if (from === 'a later one') await run('upgrade', 'vigia', chart, '-n', 'vigia', ...values);
        await run(...prepare);
        const mark = auditSize(api);
        await run('rollback', 'vigia', '-n', 'vigia');
        const back = changes(api, mark);
        expect(at(back, 'listenerpolicies').length, from).toBe(cluster?.gateways.length);
        for (const resource of ['services', 'referencegrants']) expect(at(back, resource, 'delete'), from).toEqual([]);
        const helmsOwn = (name: string) => !name.startsWith('Secret vigia/sh.helm.release');
        expect((await everything(api)).filter(helmsOwn), from).toEqual(before.filter(helmsOwn));
        for (const item of await kept())
          expect(item.metadata.annotations, `${from}: ${nameOf(item)}`).toMatchObject({
            'helm.sh/resource-policy': 'keep',
          });
        expect((await kept()).map(uid), from).toEqual(there.map(uid));
      }
      await run(...prepare);
      await run('uninstall', 'vigia', '-n', 'vigia');
    });

    test('helm uninstall alone keeps Service and grants; installed again and prepared, they go all the same', async () => {
      await install();
      const there = (await kept()).map(uid);
      const mark = auditSize(api);
      await run('uninstall', 'vigia', '-n', 'vigia');
      expect(at(changes(api, mark), 'referencegrants', 'delete')).toEqual([]);
      expect((await kept()).map(uid)).toEqual(there);
      await install();
      expect((await kept()).map(uid)).toEqual(there);
      await run(...prepare);
      await run('uninstall', 'vigia', '-n', 'vigia');
    });

    test('what an earlier name of the Collector or a namespace without gateways left goes too', async () => {
      const former = otherValues((text) =>
        text.replaceAll('vigia-collector', 'former').replace(/^grants:\n/m, 'grants:\n- retired\n'),
      );
      await run('install', 'vigia', chart, '-n', 'vigia', ...former);
      await run('upgrade', 'vigia', chart, '-n', 'vigia', ...values);
      const names = (await kept()).map(nameOf);
      expect(names).toContain('Service vigia/former');
      expect(names).toContain('ReferenceGrant vigia/former-listenerpolicy-retired');
      await run(...prepare);
      await run('uninstall', 'vigia', '-n', 'vigia');
    });

    test("a policy of somebody else's that points at the Service stops it before anything is changed", async () => {
      await install();
      const policy = {
        apiVersion: 'gateway.kgateway.dev/v1alpha1',
        kind: 'ListenerPolicy',
        metadata: { name: 'by-hand', namespace: cluster?.gateways[0]?.namespace },
        spec: {
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' }],
          default: {
            httpSettings: {
              accessLog: [
                {
                  openTelemetry: {
                    grpcService: {
                      logName: 'access',
                      backendRef: { name: 'vigia-collector', namespace: 'vigia', port: 4317 },
                    },
                  },
                },
              ],
            },
          },
        },
      };
      const applied = await api.apply(JSON.stringify(policy));
      expect(applied, applied.stderr).toMatchObject({ code: 0 });
      const mark = auditSize(api);
      const refused = await helm(dir, prepare, api.kubeconfig);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/by-hand points at Service vigia-collector and is not of this release.*delete it/);
      expect(changes(api, mark).filter((c) => c.resource !== 'secrets')).toEqual([]);
      await api.kubectl(['-n', policy.metadata.namespace ?? '', 'delete', 'listenerpolicy', 'by-hand']);
      await run(...prepare);
      await run('uninstall', 'vigia', '-n', 'vigia');
    });

    test("a namespace that is not there is told; Helm's own --create-namespace makes it, and leaves it", async () => {
      const elsewhere = otherValues((text) => text.replace(/^( *namespace: )vigia$/gm, '$1telemetry'));
      const refused = await helm(dir, ['install', 'vigia', chart, ...elsewhere], api.kubeconfig);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/there is no namespace telemetry.*kubectl create namespace telemetry first/);
      expect(await everything(api)).toEqual(empty);
      const there = ['-n', 'telemetry'];
      await run('install', 'vigia', chart, ...there, '--create-namespace', ...elsewhere);
      await run('upgrade', 'vigia', chart, ...there, '--reuse-values', '--set', 'prepareUninstall=true');
      await run('uninstall', 'vigia', ...there);
      expect(await everything(api)).toEqual([...empty, 'Namespace -/telemetry'].sort());
      // No controller empties a namespace here.
      await api.kubectl(['delete', 'namespace', 'telemetry', '--wait=false']);
      const finalized = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'telemetry' }, spec: {} };
      await api.kubectl(
        ['replace', '--raw', '/api/v1/namespaces/telemetry/finalize', '-f', '-'],
        JSON.stringify(finalized),
      );
    });
  },
);

const uid = (i: Item): string => i.metadata.uid ?? '';
