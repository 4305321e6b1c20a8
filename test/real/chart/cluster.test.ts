import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Model } from '../../../src/contract/model.ts';
import { exampleModel } from '../../generate/model.ts';
import { type Cluster, crdsMissing, installCrds, startCluster } from '../tools/kubernetes.ts';
import { at, auditSize, changes } from './audit.ts';
import { helm, type Item, items, writeChart } from './helm.ts';

if (crdsMissing !== undefined) process.stderr.write(`skipped: ${crdsMissing}\n`);

const dir = mkdtempSync(join(tmpdir(), 'vigia-install-'));
const models = { small: exampleModel('small'), large: exampleModel('large') };
const charts = {
  small: writeChart(models.small, join(dir, 'small')),
  large: writeChart(models.large, join(dir, 'large')),
};
const clusters = Object.entries(models).flatMap(([example, m]) =>
  m.clusters.map((c) => [example as keyof typeof models, c.name] as const),
);

let api: Cluster;
const run = (args: readonly string[]) => helm(dir, args, api.kubeconfig);
const values = (example: keyof typeof charts, name: string): string[] => [
  '-f',
  join(charts[example], `clusters/${name}.yaml`),
];

async function namespaces(model: Model): Promise<void> {
  const names = new Set([
    'vigia',
    ...model.clusters.flatMap((c) => c.gateways.map((g) => g.namespace)),
    'kgateway-system',
  ]);
  for (const name of names)
    await api.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

const kinds =
  'listenerpolicies,gatewayparameters,referencegrants,podmonitors,prometheusrules,opentelemetrycollectors,statefulsets,deployments,services,configmaps,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings,horizontalpodautoscalers,poddisruptionbudgets,networkpolicies';

/** Everything of vigia's on the server. */
async function ours(): Promise<readonly Item[]> {
  const got = await api.kubectl(['get', kinds, '-A', '-l', 'app.kubernetes.io/part-of=vigia', '-o', 'json']);
  expect(got.stderr).toBe('');
  return (JSON.parse(got.stdout) as { items: Item[] }).items;
}

/** Removes what an uninstall keeps on purpose. */
async function clear(): Promise<void> {
  await api.kubectl(['-n', 'vigia', 'delete', 'service,referencegrant', '-l', 'app.kubernetes.io/part-of=vigia']);
}

beforeAll(async () => {
  if (crdsMissing !== undefined) return;
  api = await startCluster(join(dir, 'api'));
  await namespaces(models.small);
  await namespaces(models.large);
}, 120_000);
afterAll(async () => {
  await api?.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(crdsMissing !== undefined)(
  'with ../shared beside the checkout: a real Kubernetes API and a real Helm',
  () => {
    test('without kgateway it refuses before anything is made', async () => {
      const done = await run(['install', 'vigia', charts.small, '-n', 'vigia', ...values('small', 'dev')]);
      expect(done.code).not.toBe(0);
      expect(done.stderr).toMatch(/no kgateway \(no gateway.kgateway.dev\/v1alpha1\): install kgateway first/);
      expect((await api.kubectl(['-n', 'vigia', 'get', 'services,secrets', '-o', 'name'])).stdout).toBe('');
      await installCrds(api);
    });

    test.each(clusters)(
      '%s contract, cluster %s: installed, upgraded, rolled back, uninstalled; grants and Service before policies, always',
      async (example, name) => {
        const chart = charts[example];
        const base = ['-n', 'vigia', ...values(example, name)];
        const start = auditSize(api);
        // The values before the last change: one setting else, and one policy that was not there yet.
        const cluster = models[example].clusters.find((c) => c.name === name);
        const last = cluster?.gateways.at(-1);
        const lacking = `policies.objects.ListenerPolicy/${last?.namespace}/${last?.name}-vigia=null`;
        const installed = await run([
          'install',
          'vigia',
          chart,
          ...base,
          '--set',
          'collector.replicas=7',
          '--set',
          lacking,
        ]);
        expect(installed, installed.stderr).toMatchObject({ code: 0 });
        const first = changes(api, start);
        const policies = at(first, 'listenerpolicies');
        expect(policies.length).toBe((cluster?.gateways.length ?? 0) - 1);
        const before = [...at(first, 'services'), ...at(first, 'referencegrants')];
        for (const earlier of before) for (const policy of policies) expect(earlier).toBeLessThan(policy);

        const second = await run(['upgrade', 'vigia', chart, ...base]);
        expect(second, second.stderr).toMatchObject({ code: 0 });
        const all = await ours();
        expect(all.filter((i) => i.kind === 'ListenerPolicy').length).toBe(cluster?.gateways.length);

        const versions = (list: readonly Item[]) =>
          Object.fromEntries(
            list.map((i) => [
              `${i.kind} ${i.metadata.namespace} ${i.metadata.name}`,
              (i.metadata as unknown as { resourceVersion: string }).resourceVersion,
            ]),
          );
        const third = await run(['upgrade', 'vigia', chart, ...base]);
        expect(third, third.stderr).toMatchObject({ code: 0 });
        expect(versions(await ours())).toEqual(versions(all));

        const mark = auditSize(api);
        const back = await run(['rollback', 'vigia', '1', '-n', 'vigia']);
        expect(back, back.stderr).toMatchObject({ code: 0 });
        const rolled = await ours();
        expect(rolled.filter((i) => i.kind === 'ListenerPolicy').length).toBe((cluster?.gateways.length ?? 0) - 1);
        // Kubernetes takes no Secret above 1 MiB, and Helm keeps each release in one.
        const release = await api.kubectl([
          '-n',
          'vigia',
          'get',
          'secret',
          'sh.helm.release.v1.vigia.v4',
          '-o',
          'json',
        ]);
        const stored = (JSON.parse(release.stdout) as { data: { release: string } }).data.release.length;
        process.stderr.write(
          `${example}/${name}: ${rolled.length} objects, a release of ${Math.round(stored / 1_000)} KB\n`,
        );
        expect(stored).toBeLessThan(600_000);

        const gone = await run(['uninstall', 'vigia', '-n', 'vigia']);
        expect(gone, gone.stderr).toMatchObject({ code: 0 });
        const after = changes(api, mark);
        const kept = [...at(after, 'services', 'delete'), ...at(after, 'referencegrants', 'delete')];
        expect(kept.map((i) => after[i]?.name).filter((n) => n !== `${cluster?.collector.service}-pods`)).toEqual([]);
        const left = (await ours()).map((i) => i.kind);
        expect(new Set(left)).toEqual(
          new Set(['Service', ...(at(first, 'referencegrants').length > 0 ? ['ReferenceGrant'] : [])]),
        );

        // What was kept is taken over again; in two steps, as NOTES say, nothing is left (uninstall.test.ts looks at each).
        const again = await run(['install', 'vigia', chart, ...base]);
        expect(again, again.stderr).toMatchObject({ code: 0 });
        const prepared = await run(['upgrade', 'vigia', chart, ...base, '--set', 'prepareUninstall=true']);
        expect(prepared, prepared.stderr).toMatchObject({ code: 0 });
        expect(await run(['uninstall', 'vigia', '-n', 'vigia'])).toMatchObject({ code: 0 });
        expect(await ours()).toEqual([]);
      },
      120_000,
    );

    test('a second release, a Service of somebody else and another port are refused, each with its remedy', async () => {
      const install = (release: string, ...more: string[]) =>
        run(['install', release, charts.small, '-n', 'vigia', ...values('small', 'dev'), ...more]);
      expect(await install('vigia')).toMatchObject({ code: 0 });
      const second = await install('other');
      expect(second.code).not.toBe(0);
      expect(second.stderr).toMatch(/vigia is in this cluster already, as release vigia in namespace vigia/);
      const port = await run([
        'upgrade',
        'vigia',
        charts.small,
        '-n',
        'vigia',
        ...values('small', 'dev'),
        '--set',
        'collector.service.port=4999',
      ]);
      expect(port.code).not.toBe(0);
      expect(port.stderr).toMatch(/has port 4317 and these values 4999/);
      await run(['uninstall', 'vigia', '-n', 'vigia']);
      await clear();

      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'vigia-collector', namespace: 'vigia' },
        spec: { ports: [{ port: 4317 }] },
      };
      await api.apply(JSON.stringify(service));
      const foreign = await install('vigia');
      expect(foreign.code).not.toBe(0);
      expect(foreign.stderr).toMatch(
        /is there and no Helm release's own .*collector.service.create=false, or hand it over with --take-ownership/,
      );
      const beside = await install('vigia', '--set', 'collector.service.create=false');
      expect(beside, beside.stderr).toMatchObject({ code: 0 });
      await run(['uninstall', 'vigia', '-n', 'vigia']);
      await api.kubectl(['-n', 'vigia', 'delete', 'service', 'vigia-collector']);
      const missing = await install('vigia', '--set', 'collector.service.create=false');
      expect(missing.stderr).toMatch(
        /there is no Service vigia\/vigia-collector: kubectl apply -f kgateway\/dev\/before first/,
      );
    });

    test('from any namespace, as the README of the chart has it: what the contract says lives where the contract says', async () => {
      const done = await run(['install', 'vigia', charts.small, ...values('small', 'dev')]);
      expect(done, done.stderr).toMatchObject({ code: 0 });
      const places = new Set((await ours()).map((i) => i.metadata.namespace));
      expect(places).toEqual(new Set(['vigia', 'kgateway-system']));
      expect(done.stdout).toMatch(/vigia for cluster dev \(environment dev\)/);
      expect(await run(['upgrade', 'vigia', charts.small, ...values('small', 'dev')])).toMatchObject({ code: 0 });
      expect(await run(['uninstall', 'vigia'])).toMatchObject({ code: 0 });
      await clear();
    });

    test("every operator's objects are accepted too, CEL rules and all: OpenTelemetry's, Grafana's, Datadog's", async () => {
      const more = ['collector.mode=operator', 'dashboards.mode=operator', 'datadogObjects.enabled=true'].flatMap(
        (v) => ['--set', v],
      );
      for (const [example, name] of [
        ['small', 'dev'],
        ['large', 'prod-us-east-1'],
      ] as const) {
        const done = await run(['install', 'vigia', charts[example], '-n', 'vigia', ...values(example, name), ...more]);
        expect(done, done.stderr).toMatchObject({ code: 0 });
        const kinds = 'opentelemetrycollectors,grafanadashboards,datadogmonitors,datadogdashboards';
        const got = JSON.parse((await api.kubectl(['get', kinds, '-A', '-o', 'json'])).stdout) as { items: Item[] };
        const found = new Set(got.items.map((i) => i.kind));
        expect(found.has('OpenTelemetryCollector')).toBe(true);
        expect(found.has(example === 'small' ? 'GrafanaDashboard' : 'DatadogMonitor')).toBe(true);
        expect(await run(['uninstall', 'vigia', '-n', 'vigia'])).toMatchObject({ code: 0 });
        await clear();
      }
    });

    test("the Collector's account may read pods where it scrapes, and nothing else", async () => {
      const done = await run([
        'install',
        'vigia',
        charts.large,
        '-n',
        'vigia',
        ...values('large', 'staging-us-east-1'),
        '--set',
        'collector.rbac.allPods=false',
      ]);
      expect(done, done.stderr).toMatchObject({ code: 0 });
      const token = (await api.kubectl(['-n', 'vigia', 'create', 'token', 'vigia-collector'])).stdout.trim();
      expect(token.length).toBeGreaterThan(100);
      // With its own token, not the test's rights.
      const can = async (...what: string[]) =>
        (await api.kubectl(['--token', token, 'auth', 'can-i', ...what])).code === 0;
      const who = await api.kubectl(['--token', token, 'auth', 'whoami']);
      expect(who.stdout).toContain('system:serviceaccount:vigia:vigia-collector');
      for (const verb of ['get', 'list', 'watch']) expect(await can(verb, 'pods', '-n', 'edge')).toBe(true);
      expect(await can('list', 'pods', '-n', 'kgateway-system')).toBe(true);
      expect(await can('list', 'pods', '-n', 'kube-system')).toBe(false);
      expect(await can('list', 'pods', '-A')).toBe(false);
      expect(await can('get', 'secrets', '-n', 'edge')).toBe(false);
      expect(await can('create', 'pods', '-n', 'edge')).toBe(false);
      await run(['uninstall', 'vigia', '-n', 'vigia']);
      await clear();
    });

    test('its pods pass the "restricted" Pod Security standard', async () => {
      const label = ['label', 'namespace', 'vigia', 'pod-security.kubernetes.io/enforce=restricted', '--overwrite'];
      expect((await api.kubectl(label)).code).toBe(0);
      const more = [
        '--set',
        'standalone.enabled=true',
        '--set',
        'watch.enabled=true',
        '--set',
        'watch.image.repository=x',
        '--set-string',
        'watch.image.tag=1',
        '--set',
        'watch.args={--source=loki}',
      ];
      const rendered = await run([
        'template',
        'vigia',
        charts.small,
        '-n',
        'vigia',
        ...values('small', 'dev'),
        ...more,
      ]);
      const pods = items(rendered.stdout).flatMap((i) => {
        const spec =
          i.kind === 'Pod'
            ? i.spec
            : (i.spec as { template?: { spec?: Record<string, unknown> } } | undefined)?.template?.spec;
        return spec ? [{ name: i.metadata.name.toLowerCase(), spec }] : [];
      });
      expect(pods.length).toBe(6);
      for (const { name, spec } of pods) {
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `try-${name}`, namespace: 'vigia' },
          spec: { ...spec, serviceAccountName: undefined },
        };
        const made = await api.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod));
        expect(made, `${name}: ${made.stderr}`).toMatchObject({ code: 0 });
      }
      const bad = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'bad', namespace: 'vigia' },
        spec: { containers: [{ name: 'x', image: 'x' }] },
      };
      expect((await api.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(bad))).stderr).toMatch(
        /violates PodSecurity "restricted/,
      );
    });
  },
);
