import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { fields } from '../../src/envoy/fields.ts';
import { derived } from '../../src/signals/labels.ts';
import { type Arrived, type Capture, startCapture } from './otlp/capture.ts';
import { startCloudWatch } from './otlp/cloudwatch.ts';
import { logRecords, type Sent } from './otlp/decode.ts';
import { exporter, sixteens, someRequests } from './otlp/envoy-records.ts';
import { send, tracesPath } from './otlp/sender.ts';
import { signed } from './otlp/sigv4.ts';
import { span } from './otlp/spans.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { atVersion, modelOf } from './pipeline/contract.ts';
import type { Daemon } from './tools/daemon.ts';

/*
 * What leaves the Collector for stores that cannot be had here: to a capture that takes everything and is shown it. It is no store: that Loki
 * or CloudWatch answer as their documentation says is not proven by it.
 */
const dir = mkdtempSync(join(tmpdir(), 'vigia-stores-'));
const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0).reverse()) await stop();
  rmSync(dir, { recursive: true, force: true });
});

const requests = someRequests(3200, 11, 0.2);
const keys = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_EC2_METADATA_DISABLED: 'true',
};

interface Running {
  readonly arrived: readonly Arrived[];
  readonly capture: Capture;
  readonly collector: Daemon;
}

/** Sends requests through the Collector of a contract, and a span where traces go somewhere; returns when every record and path was seen. */
async function deliver(
  contract: (port: number) => string,
  {
    paths,
    environment = {},
    rewritten = (config) => config,
  }: {
    readonly paths: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly rewritten?: (config: string, port: number) => string;
  },
): Promise<Running> {
  const arrived: Arrived[] = [];
  const capture = await startCapture((request) => void arrived.push(request));
  stopping.push(capture.away);
  const model = modelOf(contract(capture.port));
  const generated = await generatedCollector(model, dir);
  const collector = await generated.start(environment, (config) => rewritten(config, capture.port));
  stopping.push(collector.stop);
  await send([generated.ports.otlp], sixteens(requests).map(exporter(model)));
  if (paths.includes('/v1/traces')) await send([generated.ports.otlp], [span()], { path: tracesPath, connections: 1 });
  const enough = (): boolean =>
    capture.ids.size === requests.length && paths.every((path) => arrived.some((a) => a.path === path));
  for (const deadline = Date.now() + 60_000; !enough() && Date.now() < deadline; ) await sleep(100);
  expect(new Set(arrived.map((a) => a.path))).toEqual(new Set(paths));
  expect(new Set(capture.ids.keys())).toEqual(new Set(requests.map((r) => r.id)));
  return { arrived, capture, collector };
}

const to = (arrived: readonly Arrived[], path: string): readonly Arrived[] => arrived.filter((a) => a.path === path);

/** Records as a store must find them: numbers as it keeps them, the gateway on the resource, a side and a severity on what failed. */
function expectRecords(records: readonly Sent[], kept: typeof Number | typeof String): void {
  expect(records.length).toBe(requests.length);
  const byId = new Map(requests.map((r) => [r.id, r]));
  for (const { attributes, resource, body, severity, traceId } of records) {
    const request = byId.get(String(attributes[fields.requestId.name]));
    expect(attributes[fields.status.name]).toBe(kept(request?.status));
    expect(attributes[fields.duration.name]).toBe(kept(request?.duration));
    expect(attributes[fields.flags.name]).toBe(request?.flags);
    expect(String(body)).toContain(` ${request?.status} ${request?.flags}`);
    expect(traceId).toBe(request?.id.replaceAll('-', ''));
    expect(resource['service.name']).toBe('edge.gateways');
    expect(resource['deployment.environment.name']).toBe('prod');
    expect(severity === 'INFO').toBe(attributes[derived.side] === undefined);
  }
}

test("Loki's OTLP endpoint, a tenant's remote write and OTLP traces: paths, logins and bodies", async () => {
  const contract = (port: number): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  prod:
    metrics: { to: prometheus, mode: remote-write, url: "http://127.0.0.1:${port}/api/v1/push", tenant: "team$1", auth: { basic: { username: vigia, password: { env: MIMIR_PASSWORD } } } }
    logs: { to: loki, url: "http://127.0.0.1:${port}", tenant: team-a, auth: { bearer: { secret: loki, key: token } } }
    traces: { to: otlp, protocol: http, endpoint: "http://127.0.0.1:${port}", headers: [{ name: x-api-key, value: { secret: traces, key: api-key } }] }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge, namespace: gateways }]
`;
  const { arrived } = await deliver(contract, {
    paths: ['/otlp/v1/logs', '/api/v1/push', '/v1/traces'],
    environment: { VIGIA_LOKI_TOKEN: 'lok$i', MIMIR_PASSWORD: 'p:w', VIGIA_TRACES_API_KEY: 'trace-key' },
    // The interval before a push is not what is tested.
    rewritten: (config) => config.replace('interval: "15s"', 'interval: "1s"'),
  });
  const logs = to(arrived, '/otlp/v1/logs');
  for (const { method, headers } of logs) {
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'x-scope-orgid': 'team-a',
      authorization: 'Bearer lok$i',
    });
  }
  // Loki has no numbers (sources/loki-types.test.ts).
  expectRecords(
    logs.flatMap(({ message }) => logRecords(message)),
    String,
  );
  for (const { headers } of to(arrived, '/api/v1/push'))
    expect(headers).toMatchObject({
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'x-scope-orgid': 'team$1',
      authorization: `Basic ${Buffer.from('vigia:p:w').toString('base64')}`,
    });
  for (const { headers, message } of to(arrived, '/v1/traces')) {
    expect(headers).toMatchObject({ 'content-type': 'application/x-protobuf', 'x-api-key': 'trace-key' });
    expect(message.toString('latin1')).toContain('/shop/cart');
    expect(message.toString('latin1')).not.toContain('hunter2');
  }
});

test("CloudWatch's OTLP endpoint: group, stream, and a SigV4 signature of the region's logs service over what was sent", async () => {
  const endpoint = 'https://logs.eu-west-1.amazonaws.com';
  const contract = (): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  prod:
    metrics: { to: prometheus }
    logs: { to: cloudwatch, group: /gateways/prod, region: eu-west-1, via: otlp }
    traces: { to: none }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge, namespace: gateways }]
`;
  const { arrived } = await deliver(contract, {
    paths: ['/v1/logs'],
    environment: keys,
    rewritten: (config, port) => {
      expect(config.split(endpoint).length).toBe(2);
      return config.replace(endpoint, `http://127.0.0.1:${port}`);
    },
  });
  for (const request of arrived) {
    expect(request.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'x-aws-log-group': '/gateways/prod',
      'x-aws-log-stream': 'collector-0',
    });
    const { key, scope, headers, signature, expected } = signed(request, keys.AWS_SECRET_ACCESS_KEY);
    expect({ key, scope }).toEqual({ key: keys.AWS_ACCESS_KEY_ID, scope: 'eu-west-1/logs' });
    expect(headers).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-aws-log-group', 'x-aws-log-stream']));
    expect(signature).toBe(expected);
    expect(signature).not.toBe(
      signed({ ...request, body: Buffer.concat([request.body, Buffer.from('x')]) }, keys.AWS_SECRET_ACCESS_KEY)
        .expected,
    );
    // The endpoint's limit is 1 MB before compression: message bytes and 26 for each record.
    const records = logRecords(request.message);
    expect(request.message.length + 26 * records.length).toBeLessThan(1_048_576);
  }
  expectRecords(
    arrived.flatMap(({ message }) => logRecords(message)),
    Number,
  );
});

describe.each(['nested', 'flat'] as const)('awscloudwatchlogs, %s, to an emulator of its API', (shape) => {
  test('makes group, stream and retention, signs what it sends, and delivers every record as an event', async () => {
    const cloudwatch = await startCloudWatch();
    stopping.push(cloudwatch.stop);
    // Of the two Collectors the newer has this exporter.
    const model = atVersion(
      modelOf(`
version: 1
kgateway: { version: "2.4" }
environments:
  prod:
    metrics: { to: prometheus }
    logs: { to: cloudwatch, group: /gateways/prod, region: eu-west-1, retention: 14d, shape: ${shape} }
    traces: { to: none }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge, namespace: gateways }]
`),
      '0.161.0',
    );
    const generated = await generatedCollector(model, dir);
    const collector = await generated.start(keys, (config) => {
      const changed = parse(config) as { exporters: { awscloudwatchlogs: Record<string, unknown> } };
      changed.exporters.awscloudwatchlogs['endpoint'] = `http://127.0.0.1:${cloudwatch.port}`;
      return stringify(changed);
    });
    stopping.push(collector.stop);
    // CloudWatch takes nothing that is 14 days old or two hours ahead: a stream that ran for a month, a clock that is wrong.
    const now = Date.now();
    const [month, ahead] = [now - 30 * 86_400_000, now + 5 * 3_600_000];
    const recent = requests.map((r, i) => ({
      ...r,
      time: new Date(i === 100 ? month : i === 200 ? ahead : now + i).toISOString(),
    }));
    await send([generated.ports.otlp], sixteens(recent).map(exporter(model)));
    for (const deadline = now + 60_000; cloudwatch.events.length < recent.length && Date.now() < deadline; )
      await sleep(100);

    const actions = cloudwatch.calls.map((c) => c.action);
    expect(new Set(actions)).toEqual(
      new Set(['PutLogEvents', 'CreateLogStream', 'CreateLogGroup', 'PutRetentionPolicy']),
    );
    expect(cloudwatch.calls.find((c) => c.action === 'PutRetentionPolicy')?.asked).toMatchObject({
      logGroupName: '/gateways/prod',
      retentionInDays: 14,
    });
    for (const { request, asked } of cloudwatch.calls) {
      const { key, scope, signature, expected } = signed(request, keys.AWS_SECRET_ACCESS_KEY);
      expect({ key, scope }).toEqual({ key: keys.AWS_ACCESS_KEY_ID, scope: 'eu-west-1/logs' });
      expect(signature).toBe(expected);
      expect(asked['logGroupName']).toBe('/gateways/prod');
      if ('logStreamName' in asked) expect(asked['logStreamName']).toBe('collector-0');
    }
    // Nothing fails, so nothing is sent twice.
    await sleep(2000);
    expect(
      collector
        .log()
        .split('\n')
        .filter((line) => /"level":"(warn|error)"/.test(line)),
    ).toEqual([]);
    expect(cloudwatch.events.length).toBe(recent.length);
    const byId = new Map(recent.map((r) => [r.id, r]));
    for (const { timestamp, message } of cloudwatch.events) {
      const event = JSON.parse(message) as Record<string, unknown>;
      const attributes = (shape === 'flat' ? event : event['attributes']) as Record<string, unknown>;
      const request = byId.get(String(attributes[fields.requestId.name]));
      const began = Date.parse(request?.time ?? '');
      if (began === month || began === ahead) expect(Math.abs(timestamp - now)).toBeLessThan(60_000);
      else expect(timestamp).toBe(began);
      expect(attributes[fields.status.name]).toBe(request?.status);
      expect(attributes[fields.duration.name]).toBe(request?.duration);
      expect(attributes[fields.flags.name]).toBe(request?.flags);
      if (shape === 'flat') continue;
      expect(event['trace_id']).toBe(request?.id.replaceAll('-', ''));
      expect(event['resource']).toMatchObject({ 'service.name': 'edge.gateways', 'k8s.pod.name': 'edge-0' });
      expect(event['body']).toContain(` ${request?.status} ${request?.flags}`);
    }
  });
});
