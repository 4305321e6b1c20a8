import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exampleModel } from '../../generate/model.ts';
import { crdsMissing } from '../tools/kubernetes.ts';
import { type Lab, startLab, type Wanted } from './argocd-lab.ts';
import { auditSize, type Change, changes } from './audit.ts';
import { everything, namesOf, uids, versions } from './contents.ts';
import { dangling, type Followed, follow } from './pointed.ts';

if (crdsMissing !== undefined) process.stderr.write(`skipped: ${crdsMissing}\n`);

const models = { small: exampleModel('small'), large: exampleModel('large') };
const prod: Wanted = { chart: 'large', cluster: 'prod-us-east-1' };
const prepared: Wanted = { ...prod, prepareUninstall: true };
const gateways = models.large.clusters.find((c) => c.name === prod.cluster)?.gateways ?? [];
const grants = new Set(gateways.map((g) => g.namespace));
/** The only gateway of its namespace. */
const alone = gateways.find((g) => gateways.filter((o) => o.namespace === g.namespace).length === 1);

let lab: Lab;
let followed: Followed;
/** All that the server held before anything of vigia's came. */
let empty: readonly string[];

const named = (kind: string): Promise<readonly string[]> => namesOf(lab.api, kind);
/** What came since; the addresses of Services, which the server lists too, come and go with them. */
const more = async (): Promise<readonly string[]> =>
  (await everything(lab.api)).filter((n) => !empty.includes(n) && !n.startsWith('IPAddress '));
const pointedAt = (): Promise<object> => uids(lab.api, ['Service', 'ReferenceGrant']);
/** What was changed but for what Argo CD notes of itself. */
const changed = (since: number): readonly Change[] =>
  changes(lab.api, since).filter((c) => !['applications', 'events'].includes(c.resource));
const deleted = (since: number): ReadonlySet<string> =>
  new Set(changed(since).flatMap((c) => (c.verb === 'delete' ? [c.resource] : [])));

/** The contract without one gateway, which was the only one of its namespace. */
const without = (): void =>
  lab.push(prod, (values) => {
    values.collector.replicas += 1;
    values.grants = values.grants.filter((n) => n !== alone?.namespace);
    delete values.policies.objects[`ListenerPolicy/${alone?.namespace}/${alone?.name}-vigia`];
  });

beforeAll(async () => {
  if (crdsMissing !== undefined) return;
  lab = await startLab(mkdtempSync(join(tmpdir(), 'vigia-argocd-')), models);
  empty = await everything(lab.api);
}, 180_000);
afterAll(() => lab?.stop());
beforeEach(async () => {
  if (crdsMissing === undefined) followed = await follow(lab.api);
});
// Whatever a test does, at no moment does a policy point at what is not there.
afterEach(async () => {
  if (crdsMissing !== undefined) return;
  expect(dangling(await followed.history())).toEqual([]);
  followed.stop();
});

describe.skipIf(crdsMissing !== undefined)(
  'with ../shared beside the checkout: a real Argo CD on a real Kubernetes API',
  () => {
    test('first sync: namespace, Service, grants, policies; no wave waits for a Collector that is not ready', async () => {
      await lab.application(prod);
      const mark = auditSize(lab.api);
      await lab.sync();
      const made = changed(mark).filter((c) => c.verb === 'create' || c.verb === 'patch');
      const order = ['namespaces', 'services', 'referencegrants', 'listenerpolicies'].map((resource) =>
        made.flatMap((c, i) => (c.resource === resource && c.name !== 'vigia-collector-pods' ? [i] : [])),
      );
      expect(order.map((o) => o.length)).toEqual([1, 1, grants.size, gateways.length]);
      for (const [i, wave] of order.entries())
        expect(Math.min(...wave)).toBeGreaterThan(Math.max(-1, ...order.slice(0, i).flat()));
      // No pod runs here, and the sync has ended all the same: the Collector is of the last wave, which nothing waits for.
      expect((await lab.inSync()).status?.health?.status).toBe('Progressing');
      expect(await named('StatefulSet')).toEqual(['vigia-collector']);
      // Helm's test is no hook of Argo CD's.
      expect(await named('Pod')).toEqual([]);
    });

    test('synced again, nothing is written', async () => {
      const before = await versions(lab.api);
      expect(Object.keys(before).length).toBeGreaterThan(gateways.length);
      await lab.sync();
      expect(await versions(lab.api)).toEqual(before);
      await lab.inSync();
    });

    test('upgrade without a gateway: its policy goes, the grant of its namespace stays, and the Application is Synced', async () => {
      const mark = auditSize(lab.api);
      without();
      const { status } = await lab.sync();
      const kept = status?.operationState?.syncResult?.resources?.filter((r) => r.status === 'PruneSkipped');
      expect(kept).toMatchObject([{ kind: 'ReferenceGrant', message: 'ignored (no prune)' }]);
      expect(await named('ListenerPolicy')).not.toContain(`${alone?.name}-vigia`);
      expect(await named('ReferenceGrant')).toContain(`vigia-collector-listenerpolicy-${alone?.namespace}`);
      expect(deleted(mark)).toEqual(new Set(['listenerpolicies']));
      const resources = (await lab.inSync()).status?.resources ?? [];
      expect(resources.filter((r) => r.status !== 'Synced').map((r) => r.kind)).toEqual(['ReferenceGrant']);
    });

    test('rollback to the commit before: the policy finds the grant that never went', async () => {
      lab.revert();
      await lab.sync();
      expect(await named('ListenerPolicy')).toContain(`${alone?.name}-vigia`);
      await lab.inSync();
    });

    test('the Collector under another name: Service and grants come before the policies turn to them, the old ones stay', async () => {
      lab.rewrite(prod, (text) => text.replaceAll('vigia-collector', 'vigia-next'));
      await lab.sync();
      expect(await named('Service')).toEqual(expect.arrayContaining(['vigia-collector', 'vigia-next']));
      expect(await named('ReferenceGrant')).toHaveLength(2 * grants.size);
      await lab.inSync();
      lab.revert();
      await lab.sync();
      await lab.inSync();
    });

    test('prepareUninstall with pruning takes the policies and nothing that they point at; without it they come back', async () => {
      const there = await pointedAt();
      await lab.application(prepared);
      const mark = auditSize(lab.api);
      await lab.sync();
      expect(deleted(mark)).toEqual(new Set(['listenerpolicies', 'gatewayparameters']));
      expect(await named('ListenerPolicy')).toEqual([]);
      expect(await pointedAt()).toEqual(there);
      await lab.application(prod);
      await lab.sync();
      expect(await named('ListenerPolicy')).toHaveLength(gateways.length);
      expect(await pointedAt()).toEqual(there);
      await lab.inSync();
    });

    test('prepared and deleted: only what another name left stays, and goes as UPGRADING says', async () => {
      await lab.application(prepared);
      await lab.sync();
      await lab.remove();
      const left = (await more()).filter((n) => !n.startsWith('ReferenceGrant vigia/vigia-next-'));
      expect(left).toEqual(['Namespace -/vigia', 'Service vigia/vigia-next']);
      const rest = ['delete', 'services,referencegrants', '-l', 'app.kubernetes.io/part-of=vigia'];
      expect(await lab.api.kubectl(['-n', 'vigia', ...rest])).toMatchObject({ code: 0 });
      expect(await more()).toEqual(['Namespace -/vigia']);
    });

    test('automated, self-healing, applied by the server: one sync for a push, and not again and again', async () => {
      const automated = { automated: { prune: true, selfHeal: true }, syncOptions: ['ServerSideApply=true'] };
      await lab.application({ ...prod, syncPolicy: automated });
      await lab.inSync();
      without();
      await lab.argo.refresh('vigia');
      await lab.argo.until('vigia', 'synced twice', (app) => app?.status?.history?.length === 2);
      await lab.inSync();
      const before = await versions(lab.api);
      await lab.argo.refresh('vigia');
      // Longer than self-heal's first pauses.
      await sleep(10_000);
      expect((await lab.argo.get('vigia'))?.status?.history).toHaveLength(2);
      expect(await versions(lab.api)).toEqual(before);
    });

    test('deleted without preparation: policies go, Service and grants stay', async () => {
      const there = await pointedAt();
      await lab.remove();
      const stayed = Object.keys(there).filter((n) => !n.endsWith('-pods'));
      expect(await more()).toEqual(['Namespace -/vigia', ...stayed].sort());
    });

    test('taken over again, prepared without pruning and deleted: waves go from the last to the first', async () => {
      lab.revert();
      await lab.application(prod);
      await lab.sync();
      await lab.application(prepared);
      await lab.sync(false);
      expect(await named('ListenerPolicy')).toHaveLength(gateways.length);
      await lab.remove();
      const went = (await followed.history()).filter((e) => e.type === 'DELETED').map((e) => e.object);
      const kinds = went.flatMap((i) => (i.metadata.name.endsWith('-pods') ? [] : [i.kind]));
      expect(kinds.filter((k, i) => k !== kinds[i - 1])).toEqual(['ListenerPolicy', 'ReferenceGrant', 'Service']);
      expect(await more()).toEqual(['Namespace -/vigia']);
    });

    test.each([
      ['small', 'dev', 'by the client'],
      ['small', 'dev', 'by the server'],
      ['large', 'staging-us-east-1', 'by the client'],
    ])(
      '%s contract, cluster %s, applied %s: dashboards, rules and monitors too are Synced, and nothing is left',
      async (chart, cluster, how) => {
        const options = how === 'by the server' ? { syncPolicy: { syncOptions: ['ServerSideApply=true'] } } : {};
        const wanted = { chart, cluster, ...options };
        await lab.application(wanted);
        await lab.sync();
        await lab.inSync();
        expect((await named('ConfigMap')).filter((n) => n !== 'vigia-collector')).toHaveLength(6);
        expect((await named('PrometheusRule')).length).toBeGreaterThan(0);
        const before = await versions(lab.api);
        await lab.sync();
        expect(await versions(lab.api)).toEqual(before);
        await lab.application({ ...wanted, prepareUninstall: true });
        await lab.sync();
        await lab.remove();
        expect(await more()).toEqual(['Namespace -/vigia']);
      },
    );
  },
);
