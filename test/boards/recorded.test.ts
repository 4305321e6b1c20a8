import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { isRecorded, recordedRules } from '../../src/boards/recorded.ts';
import { labContext } from './queries.ts';

test('the sums keep every label but route and backend, the contract’s own among them', () => {
  const rules = recordedRules(labContext());
  expect(rules.map((r) => r.record)).toEqual([
    'gateway:gateway_requests:rate5m',
    'gateway:http_server_request_duration_seconds_bucket:rate5m',
    'gateway:http_server_request_duration_seconds_sum:rate5m',
    'gateway:http_server_request_duration_seconds_count:rate5m',
    'gateway:gateway_response_flags:rate5m',
    'gateway:http_server_request_body_io_bytes:rate5m',
    'gateway:http_server_response_body_io_bytes:rate5m',
    'gateway:gateway_upstream_attempts:rate5m',
  ]);
  expect(rules[0]?.expr).toBe(
    'sum by (gateway, environment, cluster, http_response_status_code, envoy_response_flag, side, team) (rate(gateway_requests_total[5m]))',
  );
  expect(rules[1]?.expr).toContain('status_class, team, le) (rate(http_server_request_duration_seconds_bucket[5m])');
  for (const { expr } of rules) expect(String(parser.parse(expr)), expr).not.toContain('⚠');
});

test('an environment records from a hundred routes or backends on', () => {
  const of = (routes: number, backends: number) =>
    isRecorded({ routes: Array.from({ length: routes }), backends: Array.from({ length: backends }) });
  expect([of(99, 99), of(100, 0), of(0, 100)]).toEqual([false, true, true]);
});
