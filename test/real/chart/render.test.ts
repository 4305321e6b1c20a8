import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generate } from '../../../src/generate/index.ts';
import { refused, schemasMissing } from '../../generate/crd-schemas.ts';
import { exampleModel } from '../../generate/model.ts';
import { runTool } from '../tools/tool.ts';
import { helm, type Item, items, nameOf, operators, writeChart } from './helm.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-chart-'));
const models = { small: exampleModel('small'), large: exampleModel('large') };
const charts = {
  small: writeChart(models.small, join(dir, 'small')),
  large: writeChart(models.large, join(dir, 'large')),
};
const clusters = Object.entries(models).flatMap(([example, m]) =>
  m.clusters.map((c) => [example as keyof typeof models, c.name] as const),
);
const ci = readdirSync(join(charts.small, 'ci')).sort();

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const render = async (chart: string, values: string, ...more: string[]): Promise<readonly Item[]> => {
  const done = await helm(dir, ['template', 'vigia', chart, '-n', 'vigia', '-f', join(chart, values), ...more]);
  expect(done.stderr).toBe('');
  return items(done.stdout);
};

describe('a real Helm', () => {
  test.each(clusters)(
    '%s contract, cluster %s: lints strictly and renders all that was generated, unchanged',
    async (example, name) => {
      const chart = charts[example];
      const lint = await helm(dir, ['lint', '--strict', chart, '-f', join(chart, `clusters/${name}.yaml`)]);
      expect(lint, lint.stdout).toMatchObject({ code: 0 });
      const rendered = await render(chart, `clusters/${name}.yaml`, ...operators);
      const byName = new Map(rendered.map((i) => [nameOf(i), i]));
      expect(byName.size).toBe(rendered.length);

      const made = generate(models[example], ['kgateway', 'collector']);
      const files = made.filter((a) => new RegExp(`^kgateway/${name}/(gateways|monitors)/`).test(a.path));
      for (const object of files.flatMap((f) => items(f.content))) {
        const there = byName.get(nameOf(object));
        expect(there?.spec, nameOf(object)).toEqual(object.spec);
        expect(there?.metadata.labels?.['app.kubernetes.io/managed-by']).toBe('Helm');
      }
      const config = made.find((a) => a.path === `collector-config/${name}.yaml`)?.content ?? '';
      const map = rendered.find((i) => i.kind === 'ConfigMap' && i.data?.['collector.yaml'] !== undefined);
      expect(parse(map?.data?.['collector.yaml'] ?? '')).toEqual(parse(config));
    },
  );

  test.each(ci)('%s lints strictly and renders', async (file) => {
    const lint = await helm(dir, ['lint', '--strict', charts.small, '-f', join(charts.small, 'ci', file)]);
    expect(lint, lint.stdout).toMatchObject({ code: 0 });
    const rendered = await render(charts.small, `ci/${file}`, ...operators);
    expect(rendered.every((i) => i.kind && i.metadata.name)).toBe(true);
  });

  test.skipIf(schemasMissing !== undefined)(
    'with ../shared beside the checkout: every object of an operator fits its closed schema',
    async () => {
      const sources = [
        ...clusters.map(([example, name]) => [charts[example], `clusters/${name}.yaml`] as const),
        ...ci.map((file) => [charts.small, `ci/${file}`] as const),
      ];
      let held = 0;
      for (const [chart, values] of sources)
        for (const item of await render(
          chart,
          values,
          ...operators,
          '-a',
          'grafana.integreatly.org/v1beta1/GrafanaDashboard',
        )) {
          const complaints = refused(item);
          if (complaints !== undefined) held += 1;
          expect(complaints ?? [], `${values}: ${nameOf(item)}`).toEqual([]);
        }
      expect(held).toBeGreaterThan(400);
    },
  );

  test('renders the same bytes twice', async () => {
    const args = ['template', 'vigia', charts.small, '-f', join(charts.small, 'clusters/dev.yaml'), ...operators];
    expect((await helm(dir, args)).stdout).toBe((await helm(dir, args)).stdout);
  });

  // What the contract decides is compared above; the rest of each template is here to be read.
  const all = ['standalone', 'watch', 'collector.networkPolicy'].flatMap((k) => ['--set', `${k}.enabled=true`]);
  test.each([
    [
      'small',
      'dev',
      [
        ...all,
        '--set',
        'watch.image.repository=registry.example.com/vigia',
        '--set-string',
        'watch.image.tag=1',
        '--set',
        'watch.args={--source=loki}',
      ],
    ],
    ['large', 'prod-us-east-1', []],
  ] as const)('%s contract, %s: each template as it was looked at', async (example, name, more) => {
    const chart = charts[example];
    const args = [
      'template',
      'vigia',
      chart,
      '-n',
      'vigia',
      '-f',
      join(chart, `clusters/${name}.yaml`),
      ...operators,
      ...more,
    ];
    const { stdout } = await helm(dir, args);
    const found = [...stdout.matchAll(/^# Source: vigia\/templates\/(\S+)$/gm)].map((m) => m[1] ?? '');
    const handedOn = [
      'dashboards.yaml',
      'rules.yaml',
      'monitors.yaml',
      'collector/config.yaml',
      'gateways/policies.yaml',
    ];
    const templates = [...new Set(found)].filter((t) => !handedOn.includes(t));
    expect(templates.length).toBeGreaterThanOrEqual(6);
    for (const template of templates) {
      const one = await helm(dir, [...args, '--show-only', `templates/${template}`]);
      // Its rules are in alerts/, and golden once is enough.
      const text = one.stdout.replace(/^ {2}(?:alerts|objectives|rec)[\w-]*\.yaml: \|\n(?: {4}.*\n|\n)+/gm, '');
      await expect(text).toMatchFileSnapshot(`golden/${name}.${template.replaceAll('/', '.')}`);
    }
  });

  test('whoever makes the pods, the values decide the same of them', async () => {
    const values = {
      collector: {
        workload: 'StatefulSet',
        replicas: 3,
        autoscaling: { enabled: true, maxReplicas: 2 },
        priorityClassName: 'high',
        nodeSelector: { pool: 'telemetry' },
        tolerations: [{ key: 'telemetry', operator: 'Exists' }],
        affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
        podAnnotations: { team: 'sre' },
        podLabels: { 'cost-center': '42' },
        secretEnv: [{ name: 'TOKEN', secret: 's', key: 'k' }],
        extraEnv: [{ name: 'EXTRA', value: 'x' }],
        networkPolicy: { enabled: true },
        queue: { persistent: true, storageClass: 'gp3' },
      },
      imagePullSecrets: [{ name: 'registry' }],
    };
    writeFileSync(join(dir, 'pods.json'), JSON.stringify(values));
    const by = async (mode: string) =>
      render(charts.small, 'clusters/dev.yaml', '-f', join(dir, 'pods.json'), '--set', `collector.mode=${mode}`);
    const [own, operated] = [await by('deploy'), await by('operator')];
    const spec = (items: readonly Item[], kind: string) => {
      const found = items.find((i) => i.kind === kind && i.metadata.name === 'vigia-collector');
      expect(found, kind).toBeDefined();
      // biome-ignore lint/suspicious/noExplicitAny: manifests of two kinds, compared field by field
      return { ...found, spec: found?.spec as any };
    };
    const [set, object] = [spec(own, 'StatefulSet').spec, spec(operated, 'OpenTelemetryCollector')];
    const pod = set.template.spec;
    for (const key of ['priorityClassName', 'nodeSelector', 'tolerations', 'affinity', 'terminationGracePeriodSeconds'])
      expect(object.spec[key], key).toEqual(pod[key] ?? 'not in the pod');
    const [container] = pod.containers;
    for (const key of ['image', 'imagePullPolicy', 'resources', 'securityContext'])
      expect(object.spec[key], key).toEqual(container[key]);
    // https://github.com/open-telemetry/opentelemetry-operator: it sets these two itself.
    const named = (e: { name: string }) => !['POD_NAME', 'GOMEMLIMIT'].includes(e.name);
    expect(object.spec.env).toEqual(container.env.filter(named));
    expect(object.spec.volumeClaimTemplates).toEqual(set.volumeClaimTemplates);
    expect(object.spec.persistentVolumeClaimRetentionPolicy).toEqual(set.persistentVolumeClaimRetentionPolicy);
    expect(object.spec.podAnnotations).toEqual({ team: 'sre' });
    expect(object.metadata?.labels).toMatchObject({ 'cost-center': '42' });
    const scaler = spec(own, 'HorizontalPodAutoscaler').spec;
    expect(scaler.maxReplicas).toBe(3);
    expect(object.spec.autoscaler).toMatchObject({ minReplicas: 3, maxReplicas: 3 });
    expect(object.spec.podDisruptionBudget.maxUnavailable).toBe(spec(own, 'PodDisruptionBudget').spec.maxUnavailable);
    const account = operated.find((i) => i.kind === 'ServiceAccount' && i.metadata.name === 'vigia-collector');
    expect(account).toMatchObject({ imagePullSecrets: pod.imagePullSecrets });

    // The operator's pods have its own labels, and everything that selects pods selects those.
    const labels = {
      'app.kubernetes.io/component': 'opentelemetry-collector',
      'app.kubernetes.io/instance': 'vigia.vigia-collector',
    };
    expect(spec(operated, 'Service').spec.selector).toEqual(labels);
    expect(spec(operated, 'NetworkPolicy').spec.podSelector.matchLabels).toEqual(labels);
    for (const { labelSelector } of object.spec.topologySpreadConstraints)
      expect(labelSelector.matchLabels).toEqual(labels);
    expect(object.spec.topologySpreadConstraints).toHaveLength(pod.topologySpreadConstraints.length);
    for (const item of operated) expect(refused(item) ?? [], nameOf(item)).toEqual([]);
  });

  test("the standalone programs' configurations are read by the programs themselves", async () => {
    const rendered = await render(charts.small, 'clusters/dev.yaml', '--set', 'standalone.enabled=true');
    const data = (name: string) => rendered.find((i) => nameOf(i) === `ConfigMap vigia/vigia-${name}`)?.data ?? {};
    const { 'prometheus.yaml': prometheus = '', ...rules } = data('prometheus');
    for (const [name, text] of Object.entries(rules)) writeFileSync(join(dir, name), text);
    writeFileSync(join(dir, 'prometheus.yaml'), prometheus.replace('/rules/*.yaml', join(dir, 'vigia-*.yaml')));
    const checked = await runTool('promtool', ['check', 'config', join(dir, 'prometheus.yaml')]);
    expect(checked, checked.stderr).toMatchObject({ code: 0 });
    expect(parse(prometheus).scrape_configs[0].kubernetes_sd_configs[0].namespaces.names).toEqual(['kgateway-system']);
    const config = rendered.find((i) => i.data?.['collector.yaml'])?.data?.['collector.yaml'] ?? '';
    expect(parse(config).exporters['otlp_http/loki'].endpoint).toBe('http://vigia-loki.vigia:3100/otlp');
    writeFileSync(join(dir, 'loki.yaml'), data('loki')['loki.yaml'] ?? '');
    const loki = await runTool('loki', [`-config.file=${join(dir, 'loki.yaml')}`, '-verify-config']);
    expect(loki, loki.stderr).toMatchObject({ code: 0 });
    expect(parse(data('grafana')['datasources.yaml'] ?? '').datasources.map((d: { uid: string }) => d.uid)).toEqual([
      'prometheus',
      'loki',
    ]);
  });

  test("Datadog's operator gets each dashboard and monitor that names no other object nor is a part of one that does, its texts without links to dashboards", async () => {
    const rendered = await render(charts.large, 'clusters/prod-us-east-1.yaml', '--set', 'datadogObjects.enabled=true');
    const made = generate(models.large, ['datadog']);
    const monitors = made.filter((a) => /\/monitors\/EnvoyGateway/.test(a.path));
    expect(made.filter((a) => /\/monitors\//.test(a.path)).length).toBeGreaterThan(monitors.length);
    const objects = rendered.filter((i) => i.kind === 'DatadogMonitor');
    expect(objects.length).toBe(monitors.length);
    expect(objects.length).toBeGreaterThan(20);
    const texts = new Set(
      monitors.map((m) => (JSON.parse(m.content) as { message: string }).message.replace(/^Look: .*\n/m, '')),
    );
    for (const o of objects) expect(texts.has(String(o.spec?.['message'])), nameOf(o)).toBe(true);
    expect(rendered.filter((i) => i.kind === 'DatadogDashboard').length).toBeGreaterThanOrEqual(5);
    for (const item of rendered.filter((i) => i.kind.startsWith('Datadog')))
      expect(refused(item) ?? [], nameOf(item)).toEqual([]);
  });

  test('a changed configuration rolls the pods, and nothing else does; a digest wins; no traffic distribution where none is asked for', async () => {
    const pods = async (...set: string[]) => {
      const rendered = await render(charts.small, 'clusters/dev.yaml', ...set.flatMap((s) => ['--set', s]));
      const workload = rendered.find((i) => nameOf(i) === 'Deployment vigia/vigia-collector')?.spec as unknown as {
        template: { metadata: Item['metadata']; spec: { containers: { image: string }[] } };
      };
      const service = rendered.find((i) => nameOf(i) === 'Service vigia/vigia-collector');
      return {
        sum: workload.template.metadata.annotations?.['checksum/config'],
        image: workload.template.spec.containers[0]?.image,
        distribution: service?.spec?.['trafficDistribution'],
      };
    };
    const as = await pods();
    expect(as).toMatchObject({ image: 'otel/opentelemetry-collector-contrib:0.155.0', distribution: 'PreferClose' });
    expect(await pods('collector.replicas=3')).toEqual(as);
    expect((await pods('standalone.enabled=true')).sum).not.toBe(as.sum);
    expect(await pods('collector.image.digest=sha256:12')).toMatchObject({
      image: 'otel/opentelemetry-collector-contrib@sha256:12',
    });
    expect((await pods('collector.service.trafficDistribution=')).distribution).toBeUndefined();
  });

  test('Artifact Hub is told every image that can be started', async () => {
    const { annotations } = parse(readFileSync(join(charts.small, 'Chart.yaml'), 'utf8'));
    const told = (parse(annotations['artifacthub.io/images']) as { image: string }[]).map((i) => i.image);
    const rendered = await render(charts.small, 'clusters/dev.yaml', '--set', 'standalone.enabled=true');
    const used = [...JSON.stringify(rendered).matchAll(/"image":"([^"]+)"/g)].map((m) => m[1]);
    expect(used.length).toBeGreaterThan(5);
    expect(new Set(told)).toEqual(new Set(used));
    expect(parse(annotations['artifacthub.io/changes'])).toEqual([expect.objectContaining({ kind: 'added' })]);
  });

  test('under Argo CD, which renders without a cluster: waves hold the order, and only prepareUninstall lets it delete', async () => {
    const wave = (i: Item) => Number(i.metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
    const kept = (i: Item) =>
      i.metadata.annotations?.['argocd.argoproj.io/sync-options'] === 'Prune=false,Delete=false';
    const of = (list: readonly Item[], kind: string) =>
      list.filter((i) => i.kind === kind && !i.metadata.name.endsWith('-pods'));
    // Another namespace than the release's, as an Application's destination may be.
    const as = async (...more: string[]) => {
      const args = ['template', 'vigia', charts.large, '-n', 'argocd', ...more];
      return items((await helm(dir, [...args, '-f', join(charts.large, 'clusters/prod-us-east-1.yaml')])).stdout);
    };
    const rendered = await as();
    const order = ['Namespace', 'Service', 'ReferenceGrant', 'ListenerPolicy'];
    const waves = order.map((kind) => new Set(of(rendered, kind).map(wave)));
    expect(waves).toEqual([-3, -2, -1, 0].map((w) => new Set([w])));
    for (const kind of order.slice(0, 3)) expect(of(rendered, kind).every(kept), kind).toBe(true);
    // A hook of Helm's would be one of Argo CD's too, deleted and made again on each sync.
    const hooks = (list: readonly Item[]) => list.filter((i) => i.metadata.annotations?.['helm.sh/hook']);
    expect(hooks(rendered).map((i) => i.kind)).toEqual(['Pod']);
    const prepared = await as('--set', 'prepareUninstall=true');
    expect(of(prepared, 'ListenerPolicy')).toEqual([]);
    for (const kind of ['Service', 'ReferenceGrant']) {
      expect(of(prepared, kind).map(nameOf)).toEqual(of(rendered, kind).map(nameOf));
      expect(of(prepared, kind).some(kept), kind).toBe(false);
    }
    expect(of(prepared, 'Namespace').every(kept)).toBe(true);
    expect(hooks(prepared).map((i) => i.kind)).toEqual(['Pod']);
  });

  test('a wrong value is told by its path', async () => {
    const base = ['template', 'vigia', charts.small, '-f', join(charts.small, 'clusters/dev.yaml'), '--set'];
    const said = async (set: string): Promise<string> => {
      const done = await helm(dir, [...base, set]);
      expect(done.code).not.toBe(0);
      return done.stderr;
    };
    expect(await said('collector.replicas=none')).toMatch(/collector.replicas/);
    expect(await said('collector.repicas=3')).toMatch(/repicas/);
    expect(await said('dashboards.mode=sidecars')).toMatch(/dashboards.mode/);
    expect(await said('collector.resources.limits.memory=1Gb')).toMatch(/"1Gb" is no quantity of memory such as 1Gi/);
    expect(await said('cluster=prod')).toMatch(/cluster "prod" is not in the contract .* it has dev/);
    expect(await said('cluster=')).toMatch(/add -f charts\/vigia\/clusters\/<cluster>.yaml, for one of dev/);
    expect(await said('contractVersion=2')).toMatch(/version 2, and this chart knows version 1/);
    expect(await said('watch.enabled=true')).toMatch(/watch.image.repository/);
    expect(await said('watch.enabled=true,watch.image.repository=x')).toMatch(
      /watch.args, which say where the logs are/,
    );
  });

  test('policies that would point past what the values make are refused, each with its name, in any rendering', async () => {
    const file = join(charts.large, 'clusters/prod-us-east-1.yaml');
    const said = async (...set: string[]): Promise<string> =>
      (await helm(dir, ['template', 'vigia', charts.large, '-f', file, ...set.flatMap((s) => ['--set', s])])).stderr;
    const points = 'ListenerPolicy/business/invoicing-vigia points at Service vigia/vigia-collector:4317, and';
    const remedy = 'its Gateway would answer 500. Change the contract and run vigia generate instead';
    for (const [set, have] of [
      ['namespace=telemetry', 'these values have telemetry/vigia-collector:4317'],
      ['collector.service.name=other', 'these values have vigia/other:4317'],
      ['collector.service.port=4999', 'these values have vigia/vigia-collector:4999'],
      ['grants={edge}', 'grants lacks its namespace business'],
    ] as const)
      expect(await said(set), set).toContain(`${points} ${have}: ${remedy}`);
    // Where nothing points at it, it may be called anything.
    expect(await said('collector.service.name=other', 'policies.enabled=false')).toBe('');
    expect(await said('collector.service.name=other', 'prepareUninstall=true')).toBe('');
    // Grants that kubectl applied are not of the chart.
    expect(await said('collector.service.create=false', 'grants={}')).toBe('');
  });

  test('no credential is in the chart: the pod reads it from the Secret that the contract names', async () => {
    const rendered = await render(charts.large, 'clusters/prod-us-east-1.yaml', ...operators);
    const set = rendered.find((i) => i.kind === 'StatefulSet') as unknown as {
      spec: { template: { spec: { containers: { env: { name: string; value?: string; valueFrom?: unknown }[] }[] } } };
    };
    const env = set.spec.template.spec.containers[0]?.env ?? [];
    expect(env.find((e) => e.name === 'VIGIA_DATADOG_API_KEY')).toEqual({
      name: 'VIGIA_DATADOG_API_KEY',
      valueFrom: { secretKeyRef: { name: 'datadog', key: 'api-key' } },
    });
    expect(env.find((e) => e.name === 'GOMEMLIMIT')?.value).toBe('3276MiB');
    expect(readFileSync(join(charts.large, 'values.yaml'), 'utf8')).not.toMatch(/api[_-]?key: \S/i);
  });
});

beforeAll(() => {
  if (schemasMissing !== undefined) process.stderr.write(`skipped: ${schemasMissing}\n`);
});
