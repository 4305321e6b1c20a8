import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fields } from '../src/envoy/fields.ts';
import { operators, operatorsWithArgument } from '../src/envoy/operators.ts';
import { envoyBinary } from './lab/envoy.ts';
import { typed } from './lab/json.ts';

/** Arguments that an operator takes; for the rest any text will do. */
const argument: Readonly<Record<string, string>> = {
  CEL: 'request.path',
  TYPED_CEL: 'request.path',
  COMMON_DURATION: 'DS_RX_BEG:DS_TX_END:ms',
  COALESCE: '{"operators":["HOSTNAME"]}',
  METADATA: 'ROUTE:a:b',
  DYNAMIC_METADATA: 'a:b',
  CLUSTER_METADATA: 'a:b',
  UPSTREAM_METADATA: 'a:b',
};

/** Whether a real Envoy loads an OTLP logger with these formats. */
function taken(formats: readonly string[]): boolean {
  const values = formats.map((format, i) => ({ key: `k${i}`, value: { string_value: format } }));
  const logger = typed('access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', {
    log_name: 'a',
    grpc_service: { envoy_grpc: { cluster_name: 'c' } },
    attributes: { values },
  });
  const hcm = typed('filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'a',
    route_config: { name: 'r' },
    http_filters: [{ name: 'router', typed_config: typed('filters.http.router.v3.Router') }],
    access_log: [{ name: 'otlp', typed_config: logger }],
  });
  const address = { socket_address: { address: '127.0.0.1', port_value: 20_000 } };
  const listeners = [{ name: 'l', address, filter_chains: [{ filters: [{ name: 'h', typed_config: hcm }] }] }];
  const config = { static_resources: { listeners, clusters: [{ name: 'c', type: 'STATIC' }] } };
  try {
    const args = ['--mode', 'validate', '-l', 'off', '--config-yaml', JSON.stringify(config)];
    return execFileSync(envoyBinary, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes('OK');
  } catch {
    return false;
  }
}

const format = (name: string) =>
  operatorsWithArgument.has(name) ? `%${name}(${argument[name] ?? 'a'})%` : `%${name}%`;

test('a real Envoy takes every operator of the table, and the fields use no other', () => {
  expect(taken([...operators].map(format))).toBe(true);
  const used = Object.values(fields).flatMap((f) => [...f.operator.matchAll(/%([A-Z_]+)/g)].map((m) => m[1] ?? ''));
  expect(used.filter((name) => !operators.has(name))).toEqual([]);
});

test.each(['%RESPONSE_COD%', '%REQ%', '%REQ_WITHOUT_QUERY(:PATH)%'])('and refuses %s', (text) => {
  expect(taken([text])).toBe(false);
});
