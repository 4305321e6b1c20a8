import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../../bench/chart.ts';
import type { Model } from '../../../src/contract/model.ts';
import { exampleModel, modelOf } from '../../generate/model.ts';
import { type Cluster, crdsMissing, installCrds, startCluster } from '../tools/kubernetes.ts';
import type { Ended } from '../tools/tool.ts';
import { auditSize, changes } from './audit.ts';
import { helm, writeChart } from './helm.ts';

if (crdsMissing !== undefined) process.stderr.write(`skipped: ${crdsMissing}\n`);

const dir = mkdtempSync(join(tmpdir(), 'vigia-presence-'));
const models = { small: exampleModel('small'), large: exampleModel('large'), many: modelOf(contract(40, 2_000)) };
const charts = {
  small: writeChart(models.small, join(dir, 'small')),
  large: writeChart(models.large, join(dir, 'large')),
  many: writeChart(models.many, join(dir, 'many')),
};
const ci = readdirSync(join(charts.small, 'ci')).sort();

let api: Cluster;
const run = (...args: string[]): Promise<Ended> => helm(dir, args, api.kubeconfig);
let installed: keyof typeof charts = 'small';
function install(example: keyof typeof charts, file: string, ...more: string[]): Promise<Ended> {
  installed = example;
  return run('install', 'vigia', charts[example], '-n', 'vigia', '-f', join(charts[example], file), ...more);
}
const succeeded = (done: Ended): string => {
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return done.stdout;
};

/** What a refused command said; it must not have changed anything. */
async function refused(command: () => Promise<Ended>): Promise<string> {
  const mark = auditSize(api);
  const done = await command();
  expect(done.code).not.toBe(0);
  expect(changes(api, mark)).toEqual([]);
  return done.stderr;
}

const namespaced = async (names: Iterable<string>): Promise<void> => {
  for (const name of names)
    await api.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
};
const gatewaysOf = (model: Model): readonly string[] =>
  model.clusters.flatMap((c) => c.gateways.map((g) => g.namespace));

beforeAll(async () => {
  if (crdsMissing !== undefined) return;
  api = await startCluster(join(dir, 'api'));
  await installCrds(api);
  const operators = /\.(monitoring\.coreos\.com|opentelemetry\.io|integreatly\.org|datadoghq\.com)$/;
  const crds = (await api.kubectl(['get', 'crds', '-o', 'name'])).stdout.trim().split('\n');
  const absent = crds.filter((name) => operators.test(name));
  expect(absent.length).toBeGreaterThan(4);
  expect((await api.kubectl(['delete', '--wait=true', ...absent])).code).toBe(0);
  await namespaced(['vigia', 'other', 'kgateway-system', ...gatewaysOf(models.large), ...gatewaysOf(models.many)]);
}, 120_000);
// In two steps, and nothing is left, however the test ended.
afterEach(async () => {
  if (crdsMissing !== undefined || (await run('status', 'vigia', '-n', 'vigia')).code !== 0) return;
  const set = ['--reuse-values', '--set', 'prepareUninstall=true'];
  succeeded(await run('upgrade', 'vigia', charts[installed], '-n', 'vigia', ...set));
  succeeded(await run('uninstall', 'vigia', '-n', 'vigia'));
  const kinds = 'all,configmaps,serviceaccounts,listenerpolicies,gatewayparameters,referencegrants';
  const left = await api.kubectl(['get', kinds, '-A', '-l', 'app.kubernetes.io/part-of=vigia', '-o', 'name']);
  expect(left).toMatchObject({ code: 0, stdout: '' });
});
afterAll(async () => {
  await api?.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(crdsMissing !== undefined)(
  'with ../shared beside the checkout: a real Kubernetes API with kgateway and without any operator',
  () => {
    test('what lacks its operator is left out and named, or refused where it was asked for', async () => {
      const asked = (set: string) => refused(() => install('small', 'clusters/dev.yaml', '--set', set));
      expect(await asked('collector.mode=operator')).toMatch(/needs the OpenTelemetry operator/);
      expect(await asked('datadogObjects.enabled=true')).toMatch(/needs Datadog's operator .*vigia apply does without/);
      expect(await asked('rules.enabled=true')).toMatch(
        /no matches for kind "PrometheusRule".*ensure CRDs are installed/s,
      );
      expect(await asked('dashboards.mode=operator')).toMatch(/no matches for kind "GrafanaDashboard"/);
      const said = succeeded(await install('small', 'clusters/dev.yaml'));
      expect(said).toContain('PodMonitors and rules: NOT made: no Prometheus operator here');
      expect(said).toContain('The rules are in alerts/prometheus/dev');
      expect(said).toMatch(/Grafana dashboards: 6, as ConfigMaps with grafana_dashboard=1/);
    });

    test('a Secret that is not there is named, and not where it is', async () => {
      const missing = 'MISSING: Secret vigia/datadog with key api-key: the Collector does not start without it.';
      expect(succeeded(await install('large', 'clusters/prod-us-east-1.yaml'))).toContain(missing);
      const secret = ['create', 'secret', 'generic', 'datadog', '--from-literal=api-key=x'];
      succeeded(await api.kubectl(['-n', 'vigia', ...secret]));
      const file = join(charts.large, 'clusters/prod-us-east-1.yaml');
      expect(succeeded(await run('upgrade', 'vigia', charts.large, '-n', 'vigia', '-f', file))).not.toContain(
        'MISSING',
      );
    });

    test('bad input is refused before harm: unknown cluster, newer contract, wrong value, no Service of an external Collector', async () => {
      const asked = (set: string) => refused(() => install('small', 'clusters/dev.yaml', '--set', set));
      expect(await asked('cluster=prod')).toMatch(/cluster "prod" is not in the contract .* it has dev/);
      expect(await asked('contractVersion=2')).toMatch(/contract of version 2, and this chart knows version 1/);
      expect(await asked('collector.replicas=0')).toMatch(/collector.replicas|minimum/);
      expect(await asked('collector.mode=external')).toMatch(/there is no Service vigia\/vigia-collector/);
    });

    test("a second release elsewhere is refused: by the chart for one Collector, by Helm for one Gateway's policies", async () => {
      succeeded(await install('small', 'clusters/dev.yaml'));
      const file = join(charts.small, 'clusters/dev.yaml');
      const second = (values = file) =>
        refused(() => run('install', 'vigia', charts.small, '-n', 'other', '-f', values));
      expect(await second()).toMatch(/vigia is in this cluster already, as release vigia in namespace vigia/);
      const elsewhere = join(dir, 'elsewhere.yaml');
      writeFileSync(elsewhere, readFileSync(file, 'utf8').replace(/^( *namespace: )vigia$/gm, '$1other'));
      expect(await second(elsewhere)).toMatch(
        /"http-vigia" in namespace "kgateway-system" exists and cannot be imported into the current release/,
      );
    });

    test.each(ci)('%s installs, and leaves nothing', async (file) => {
      // Without their operator two can't be; the schema of what they make is held in cluster.test.ts.
      const operator = /^(operator|grafana-operator)-/.test(file);
      if (operator) {
        expect(await refused(() => install('small', `ci/${file}`))).toMatch(/operator|no matches for kind/);
        return;
      }
      succeeded(await install('small', `ci/${file}`));
    });

    test('40 gateways and 2,000 routes: a release far below the 1 MiB of a Secret', async () => {
      succeeded(await install('many', 'clusters/prod.yaml'));
      const secret = ['get', 'secret', 'sh.helm.release.v1.vigia.v1', '-o', 'json'];
      const { data } = JSON.parse((await api.kubectl(['-n', 'vigia', ...secret])).stdout) as {
        data: { release: string };
      };
      process.stderr.write(`40 gateways, 2,000 routes: a release of ${Math.round(data.release.length / 1_000)} KB\n`);
      expect(data.release.length).toBeLessThan(600_000);
    });

    test('UPGRADING is right: another kind of workload, another size of volume', async () => {
      const file = join(charts.small, 'clusters/dev.yaml');
      const upgrade = (...set: string[]) =>
        run('upgrade', 'vigia', charts.small, '-n', 'vigia', '-f', file, ...set.flatMap((s) => ['--set', s]));
      const volume = 'collector.workload=StatefulSet,collector.queue.persistent=true';
      succeeded(await install('small', 'clusters/dev.yaml'));
      succeeded(await upgrade(volume));
      const workloads = async () =>
        (await api.kubectl(['-n', 'vigia', 'get', 'deployments,statefulsets', '-o', 'name'])).stdout.trim();
      expect(await workloads()).toBe('statefulset.apps/vigia-collector');
      const larger = await upgrade(volume, 'collector.queue.size=9Gi');
      expect(larger.stderr).toMatch(/updates to statefulset spec for fields other than .* are forbidden/);
      // --cascade=orphan is the garbage collector's work, which is not here.
      succeeded(await api.kubectl(['-n', 'vigia', 'delete', 'statefulset', 'vigia-collector']));
      succeeded(await upgrade(volume, 'collector.queue.size=9Gi'));
      expect(await workloads()).toBe('statefulset.apps/vigia-collector');
    });
  },
);
