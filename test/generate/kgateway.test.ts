import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Model } from '../../src/contract/model.ts';
import { generate } from '../../src/generate/index.ts';
import { manifestFiles } from '../../src/generate/kgateway/index.ts';
import { type KubernetesObject, waves } from '../../src/generate/kgateway/object.ts';
import { refused, schemaGroups, schemasMissing } from './crd-schemas.ts';
import { exampleModel, hostile, modelOf } from './model.ts';

const objects = (model: Model, kind?: string): readonly KubernetesObject[] =>
  manifestFiles(model).flatMap((f) => f.objects.filter((o) => kind === undefined || o.kind === kind));

const versioned = (version: string, more = '') => `version: 1
kgateway: { version: "${version}" }
environments: { dev: { metrics: { to: prometheus, retention: 30d }, logs: { to: file }, traces: { to: otlp, endpoint: "t:4317" } } }
clusters: { dev: { environment: dev } }
gateways: [{ name: http }]
${more}`;

test.each([
  ['large', exampleModel('large')],
  ['hostile', modelOf(hostile)],
])('the %s contract twice gives the same bytes, sorted by path', (_, model) => {
  const [first, second] = [generate(model, ['kgateway', 'envoy']), generate(model, ['envoy', 'kgateway'])];
  expect(second).toEqual(first);
  expect(first.map((a) => a.path)).toEqual([...new Set(first.map((a) => a.path))].sort());
});

test.each(['1.1', '1.2'] as const)('YAML %s readers get every value back as it was, hostile ones too', (version) => {
  const model = modelOf(hostile);
  const files = manifestFiles(model);
  for (const [i, artefact] of generate(model, ['kgateway']).entries()) {
    const read = parseAllDocuments(artefact.content, { version }).map((d) => d.toJS());
    const written = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))[i];
    expect(read).toEqual(JSON.parse(JSON.stringify(written?.objects)));
  }
});

if (schemasMissing !== undefined) process.stderr.write(`skipped: ${schemasMissing}\n`);

describe.skipIf(schemasMissing !== undefined)(
  'with ../shared beside the checkout: the closed schemas of the CRDs',
  () => {
    test.each([
      ['small', exampleModel('small')],
      ['large', exampleModel('large')],
      ['hostile', modelOf(hostile)],
      ['2.1', modelOf(versioned('2.1'))],
      ['2.2', modelOf(versioned('2.2'))],
    ])('take every object of the %s contract', (_, model) => {
      const seen = new Set<string>();
      for (const object of objects(model)) {
        const wrong = refused(object);
        if (wrong === undefined) expect(['Service', 'Namespace']).toContain(object.kind);
        else seen.add(object.kind);
        expect(wrong ?? [], `${object.kind} ${object.metadata.name}`).toEqual([]);
      }
      expect([...seen].some((k) => k.endsWith('ListenerPolicy'))).toBe(true);
      expect(seen).toContain('GatewayParameters');
      expect(seen).toContain('ReferenceGrant');
    });

    test('refuse what they do not know', () => {
      expect(schemaGroups()).toContain('gateway.kgateway.dev');
      const [policy] = objects(exampleModel('small'), 'ListenerPolicy');
      expect(refused({ ...policy, spec: { ...policy?.spec, accessLog: [] } } as KubernetesObject)).toHaveLength(1);
    });
  },
);

describe('what is in the objects', () => {
  type Settings = Readonly<Record<string, unknown>>;
  const settings = (model: Model): Settings => {
    const spec = objects(model, 'ListenerPolicy')[0]?.spec as { default?: { httpSettings: Settings } } | undefined;
    if (!spec?.default) throw new Error('no ListenerPolicy');
    return spec.default.httpSettings;
  };

  test('the Collector comes before the policies: as folders, as waves, over HTTP/2, with a grant for each namespace', () => {
    const files = manifestFiles(exampleModel('large')).filter((f) => f.path.startsWith('kgateway/dev/'));
    const [before] = files;
    expect(before?.path).toBe('kgateway/dev/before/collector.yaml');
    const order = files.flatMap((f) =>
      f.objects.map((o) => Number(o.metadata.annotations?.['argocd.argoproj.io/sync-wave'])),
    );
    expect(order.slice(0, 3)).toEqual([waves.namespace, waves.service, waves.grant]);
    expect(new Set(order.slice(3))).toEqual(new Set([waves.policy]));
    expect(before?.objects[1]?.spec).toMatchObject({ ports: [{ port: 4317, appProtocol: 'grpc' }] });
    const policies = files.flatMap((f) => f.objects).filter((o) => o.kind === 'ListenerPolicy');
    const from = before?.objects[2]?.spec?.['from'] as readonly { readonly namespace: string }[];
    expect(from.map((f) => f.namespace)).toEqual([...new Set(policies.map((p) => p.metadata.namespace))].sort());
  });

  test('a Collector in the namespace of all its gateways needs no grant, an external one no Service', () => {
    const kinds = (more: string) => objects(modelOf(versioned('2.3', more))).map((o) => o.kind);
    expect(kinds('collector: { namespace: kgateway-system }')).not.toContain('ReferenceGrant');
    expect(kinds('collector: { mode: external }')).toEqual(expect.arrayContaining(['ReferenceGrant']));
    expect(kinds('collector: { mode: external }')).not.toContain('Service');
  });

  test('an Envoy that lacks an operator is not asked for it; 2.1 gets the older kind with the same settings', () => {
    const text = (version: string) => JSON.stringify(objects(modelOf(versioned(version))));
    expect(text('2.3')).toContain('%UPSTREAM_HOSTS_ATTEMPTED%');
    expect(text('2.2')).not.toContain('%UPSTREAM_HOSTS_ATTEMPTED%');
    const [old] = objects(modelOf(versioned('2.1')), 'HTTPListenerPolicy');
    const { accessLog, tracing } = settings(modelOf(versioned('2.2')));
    expect(old?.spec).toMatchObject({ accessLog, tracing });
    expect(objects(modelOf(versioned('2.1')), 'ReferenceGrant')[0]?.spec).toMatchObject({
      from: [{ kind: 'HTTPListenerPolicy' }],
    });
  });

  test('the same names on log and span, fixed texts on the resource, no operator there, pods left to the Collector', () => {
    const { accessLog, tracing } = settings(modelOf(hostile)) as unknown as {
      accessLog: [
        {
          openTelemetry: Record<
            'attributes' | 'resourceAttributes',
            { values: { key: string; value: { stringValue: string } }[] }
          >;
        },
        { fileSink: { jsonFormat: Record<string, string> } },
      ];
      tracing: { attributes: { name: string; requestHeader?: object; literal?: object }[] };
    };
    const record = accessLog[0].openTelemetry.attributes.values.map((v) => v.key);
    const resource = Object.fromEntries(
      accessLog[0].openTelemetry.resourceAttributes.values.map((v) => [v.key, v.value.stringValue]),
    );
    expect(record).toEqual(
      expect.arrayContaining(['odd', 'tenant', 'k8s.httproute.name', 'x.text', 'envoy.upstream_connection_age_ms']),
    );
    expect(record).not.toContain('tier');
    expect(resource).toMatchObject({ 'service.name': 'on.1e3', percent: '100%REQ(:PATH)%', 'k8s.cluster.name': 'c' });
    expect(accessLog[1].fileSink.jsonFormat['percent']).toBe('100%%REQ(:PATH)%%');
    expect(tracing.attributes.map((a) => a.name)).toEqual(
      expect.arrayContaining([
        'deployment.environment.name',
        'percent',
        'odd',
        'tenant',
        'k8s.httproute.name',
        'odd.value',
      ]),
    );
  });

  test('a gateway whose telemetry is all off gets no policy', () => {
    const model = modelOf(versioned('2.3', 'accessLog: { otlp: false }\ntracing: { enabled: false }'));
    expect(objects(model, 'ListenerPolicy')).toEqual([]);
  });

  test('PodMonitors only where Prometheus scrapes the cluster itself', () => {
    const monitored = manifestFiles(exampleModel('large')).filter((f) => f.path.includes('/monitors/'));
    expect(monitored.map((f) => f.path)).toEqual(['kgateway/dev/monitors/pod-monitors.yaml']);
  });
});
