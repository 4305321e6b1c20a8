import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster, Gateway } from '../../src/contract/model.ts';
import { flat } from '../../src/contract/reserved-labels.ts';
import { fields, fileKey } from '../../src/envoy/fields.ts';
import { fragment } from '../../src/generate/envoy/fragment.ts';
import { LineParser } from '../../src/logs/read/line-parser.ts';
import { cluster as staticCluster } from '../lab/bootstrap.ts';
import { type Envoy, startEnvoy } from '../lab/envoy.ts';
import { type JsonObject, typed } from '../lab/json.ts';
import { hostile, modelOf } from './model.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigia-envoy-file-'));
const logFile = join(folder, 'access.log');
const model = modelOf(hostile);
const home = model.clusters[0] as Cluster;
const first = home.gateways[0] as Gateway;
const gateway: Gateway = { ...first, accessLog: { ...first.accessLog, file: { path: logFile } } };

let envoy: Envoy;
let line: Record<string, unknown>;
let text: string;

beforeAll(async () => {
  const { http_connection_manager, clusters, stats_config } = fragment(gateway, home, model.kgateway);
  const metadata = { filter_metadata: { 'some.space': { a: { b: 'x' } } } };
  const routes = [{ match: { prefix: '/' }, name: 'only', metadata, route: { cluster: 'nobody' } }];
  const hcm = typed('filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'gateway',
    route_config: { name: 'r', virtual_hosts: [{ name: 'v', domains: ['*'], routes }] },
    http_filters: [{ name: 'router', typed_config: typed('filters.http.router.v3.Router') }],
    ...(http_connection_manager as JsonObject),
  });
  const config = {
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } },
    stats_config: stats_config as JsonObject,
    node: { id: 'pod-1.1e3', cluster: gateway.id },
    static_resources: {
      listeners: [
        {
          name: 'gateway',
          address: { socket_address: { address: '127.0.0.1', port_value: 0 } },
          filter_chains: [{ filters: [{ name: 'hcm', typed_config: hcm }] }],
        },
      ],
      // Port 1: nobody listens, so the connection is refused.
      clusters: [staticCluster('nobody', [1]), ...(clusters as readonly JsonObject[])],
    },
  };
  envoy = await startEnvoy(config, folder);
  const headers = { "x-a%|'^b": `"${'é\\'.repeat(3000)}`, 'user-agent': 'x"\\{}%REQ(:PATH)%' };
  await new Promise<void>((done, fail) => {
    const options = { port: envoy.ports.get('gateway'), path: '/orders/7?token=secret', headers };
    request({ host: '127.0.0.1', ...options }, (reply) => reply.resume().on('end', done))
      .on('error', fail)
      .end();
  });
  await envoy.stop();
  text = readFileSync(logFile, 'utf8').trim();
  line = JSON.parse(text) as Record<string, unknown>;
});
afterAll(async () => {
  await envoy?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('every field of the contract is a key, absent ones are null, numbers are numbers, no query in the path', () => {
  const keys = gateway.accessLog.fields.filter((id) => fields[id].operator !== '').map(fileKey);
  expect(keys.length).toBeGreaterThan(30);
  expect(Object.keys(line)).toEqual(expect.arrayContaining(keys));
  expect(line).toMatchObject({
    http_response_status_code: 503,
    envoy_response_flags: 'UF',
    url_path: '/orders/7',
    envoy_upstream_cluster: 'nobody',
    envoy_route_name: 'only',
    rpc_grpc_status_code: null,
  });
  expect(text).not.toContain('secret');
});

test('fixed labels come out letter for letter, whatever they hold', () => {
  for (const { name, from } of gateway.labels)
    if (from.kind === 'literal') expect(line[flat(name)], name).toBe(from.value);
  expect(line).toMatchObject({ service_name: 'on.1e3', deployment_environment_name: 'e', k8s_cluster_name: 'c' });
  expect(line['x_text']).toBe("a: 'b' #c HTTP/1.1 100%");
});

test('a label from a hostile header is cut and stays one value; one from route metadata is there', () => {
  expect(String(line['odd']).length).toBe(64);
  expect(String(line['odd']).startsWith('"')).toBe(true);
  expect(line['user_agent_original']).toBe('x"\\{}%REQ(:PATH)%');
  expect(line['tenant']).toBe('x');
});

test("vigia's own reader takes the file without being told its names", () => {
  const parser = new LineParser();
  parser.learn([text]);
  const parsed = parser.parse(text);
  expect('records' in parsed && parsed.records).toHaveLength(1);
  const [record] = 'records' in parsed ? parsed.records : [];
  expect(record).toMatchObject({
    status: 503,
    flags: ['UF'],
    cluster: 'nobody',
    route: 'only',
    path: '/orders/7',
    gateway: 'on.1e3',
    attempts: 1,
  });
  expect(record?.transportFailure).toContain('Connection_refused');
});
