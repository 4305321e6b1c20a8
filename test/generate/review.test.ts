import { describe, expect, test } from 'vitest';
import { readManifests } from '../../src/contract/draft/manifests.ts';
import { manifestFiles } from '../../src/generate/kgateway/index.ts';
import { review } from '../../src/generate/kgateway/review/index.ts';
import { references } from '../../src/generate/kgateway/review/references.ts';
import { worldOf } from '../../src/generate/kgateway/review/world.ts';
import { exampleModel, modelOf } from './model.ts';

const model = (more = '') =>
  modelOf(`version: 1
kgateway: { version: "2.3" }
environments: { dev: { metrics: { to: prometheus, retention: 30d }, logs: { to: file }, traces: { to: otlp, endpoint: "t:4317" } } }
clusters: { dev: { environment: dev } }
gateways: [{ name: http }]
${more}`);

const objects = (yaml: string) => readManifests(yaml, 'given').objects;

/** `! where: message` for what breaks, `where: message` for the rest. */
const said = (yaml: string, more = '') =>
  review(model(more), objects(yaml)).map((f) => `${f.breaks ? '! ' : ''}${f.where}: ${f.message}`);

const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: http, namespace: kgateway-system, labels: { app: edge } }
spec:
  gatewayClassName: kgateway
  infrastructure: { parametersRef: { group: gateway.kgateway.dev, kind: GatewayParameters, name: http-vigia } }
---`;

const service = (port: string) => `
apiVersion: v1
kind: Service
metadata: { name: vigia-collector, namespace: vigia }
spec: { ports: [${port}] }
---`;

const external = 'collector: { mode: external }';

const policy = (spec: string, kind = 'ListenerPolicy', namespace = 'kgateway-system') => `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: ${kind}
metadata: { name: theirs, namespace: ${namespace} }
spec: ${spec}
---`;
const target = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: http }]';
const log = 'accessLog: [{ fileSink: { path: /dev/stdout, stringFormat: "" } }]';

test('what is generated alone breaks nothing, also for forty gateways', () => {
  expect(review(exampleModel('large'), undefined)).toEqual([]);
  expect(said(gateway)).toEqual([]);
});

describe("the Collector's Service", () => {
  const sends = '! ListenerPolicy kgateway-system/http-vigia: sends';

  test.each([
    ['{ name: otlp, port: 4317, appProtocol: grpc }', []],
    ['{ name: otlp, port: 4317, appProtocol: kubernetes.io/h2c }', []],
    [
      '{ name: grpc-otlp, port: 4317 }',
      [
        `${sends} OTLP to port 4317 of Service vigia/vigia-collector, whose appProtocol is not set: Envoy would speak HTTP/1.1 and nothing would arrive`,
      ],
    ],
    [
      '{ port: 4317, appProtocol: h2c }',
      [
        `${sends} OTLP to port 4317 of Service vigia/vigia-collector, whose appProtocol is h2c: Envoy would speak HTTP/1.1 and nothing would arrive`,
      ],
    ],
    [
      '{ port: 14317, targetPort: 4317, appProtocol: grpc }',
      [`${sends} to port 4317 of Service vigia/vigia-collector, which has 14317`],
    ],
  ])('%s', (port, expected) => {
    expect(said(service(port), external)).toEqual(expected);
    // One that is rendered beside the generated one would undo it.
    expect(said(service(port))).toEqual(expected);
  });

  test('an external one that is not among the manifests is said, not refused', () => {
    expect(said(gateway, external)).toEqual([
      'Service vigia/vigia-collector: not seen, and ListenerPolicy kgateway-system/http-vigia sends to its port 4317',
    ]);
    expect(review(model(external), undefined)).toHaveLength(1);
  });

  test('whatever is taken away from the generated objects breaks them', () => {
    const own = manifestFiles(model()).flatMap((f) => f.objects);
    const left = (kind: string) =>
      [
        ...references(
          worldOf(
            [],
            own.filter((o) => o.kind !== kind),
          ),
        ),
      ].map((f) => f.message);
    expect(left('PodMonitor')).toEqual([]);
    expect(left('Service')).toEqual(['not seen, and ListenerPolicy kgateway-system/http-vigia sends to its port 4317']);
    expect(left('ReferenceGrant')).toEqual([
      'sends to Service vigia/vigia-collector in another namespace, and no ReferenceGrant there lets it',
    ]);
  });

  test("a team's own policy that points at nothing is refused as well: it takes the same Gateway down", () => {
    const elsewhere =
      'accessLog: [{ openTelemetry: { grpcService: { logName: a, backendRef: { name: vigia-collector, namespace: vigia, port: 1 } } } }]';
    expect(said(policy(`{ ${target}, default: { httpSettings: { ${elsewhere} } } }`))).toContain(
      '! ListenerPolicy kgateway-system/theirs: sends to port 1 of Service vigia/vigia-collector, which has 4317',
    );
  });
});

describe('policies of others on the same Gateway', () => {
  const theirs = 'ListenerPolicy kgateway-system/theirs:';
  const ours = 'ListenerPolicy kgateway-system/http-vigia on Gateway http';

  test.each([
    [
      'accessLog twice',
      policy(`{ ${target}, default: { httpSettings: { ${log} } } }`),
      [`${theirs} sets accessLog as ${ours} does: they do not add up, the older policy wins whole`],
    ],
    [
      'tracing twice',
      policy(`{ ${target}, default: { httpSettings: { tracing: { randomSampling: 1 } } } }`),
      [`${theirs} sets tracing as ${ours} does: they do not add up, the older policy wins whole`],
    ],
    [
      'the older kind',
      policy(`{ ${target}, ${log} }`, 'HTTPListenerPolicy'),
      [`HTTP${theirs} sets accessLog as ${ours} does: they do not add up, the older policy wins whole`],
    ],
    [
      'one listener',
      policy(
        `{ targetRefs: [{ kind: Gateway, name: http, sectionName: tls }], default: { httpSettings: { ${log} } } }`,
      ),
      [`${theirs} sets accessLog as ${ours} does: they do not add up, on its listener this one wins`],
    ],
    [
      'by selector',
      `${gateway}${policy(`{ targetSelectors: [{ kind: Gateway, matchLabels: { app: edge } }], default: { httpSettings: { ${log} } } }`)}`,
      [`${theirs} sets accessLog as ${ours} does: they do not add up, the older policy wins whole`],
    ],
    [
      'perPort inherits nothing',
      policy(
        `{ ${target}, perPort: [{ port: 8443, listener: { httpSettings: { useRemoteAddress: true, ${log} } } }] }`,
      ),
      [
        `${theirs} sets accessLog for port 8443: there it replaces that of ${ours}`,
        `${theirs} has perPort 8443 without tracing: perPort inherits nothing, so tracing of ${ours} does not hold there`,
      ],
    ],
    ['another namespace', policy(`{ ${target}, default: { httpSettings: { ${log} } } }`, 'ListenerPolicy', 'shop'), []],
    [
      'another gateway',
      policy(`{ targetRefs: [{ kind: Gateway, name: other }], default: { httpSettings: { ${log} } } }`),
      [],
    ],
    ['other fields', policy(`{ ${target}, default: { httpSettings: { useRemoteAddress: true } } }`), []],
    [
      "vigia's own, read back",
      manifestFiles(model())
        .flatMap((f) => f.objects)
        .map((o) => JSON.stringify(o))
        .join('\n---\n'),
      [],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(said(yaml)).toEqual(expected);
  });
});

describe('gateways', () => {
  test('of the contract and not of the cluster', () => {
    const [finding] = review(model(), objects(gateway.replace('name: http,', 'name: http1,')));
    expect(finding).toMatchObject({ breaks: false, hint: 'did you mean http1.kgateway-system?' });
  });

  test.each([
    ['name: http-vigia', 'name: theirs', 'names GatewayParameters theirs, so those of vigia (http-vigia) do nothing'],
    [
      'kind: GatewayParameters, name: http-vigia',
      '',
      'names no GatewayParameters, so those of vigia (http-vigia) do nothing',
    ],
  ])('parameters: %s becomes "%s"', (from, to, message) => {
    expect(said(gateway.replace(from, to))).toEqual([`Gateway kgateway-system/http: ${message}`]);
  });
});
