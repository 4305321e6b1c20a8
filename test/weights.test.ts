import { expect, test } from 'vitest';
import { same } from './scan/both.ts';

const line = (weight: string, status = 200, second = 0) =>
  `{"envoy_start_time":"2026-11-23T10:00:${String(second).padStart(2, '0')}.000Z","http_response_status_code":${status},` +
  `"envoy_response_flags":"-","envoy_response_code_details":"via_upstream","envoy_route_name":"shop/cart","envoy_upstream_cluster":"shop",` +
  `"envoy_duration_ms":12,"vigia_weight":${weight}}\n`;

test('a sampled record counts as often as its weight says, a failure once', async () => {
  const { answer } = await same([line('4').repeat(100) + line('1', 503) + line('null', 503)]);
  expect(answer.requests).toBe(402);
  expect(answer.routes).toEqual([{ route: 'shop/cart', requests: 402, p50: 12, p99: 12 }]);
  expect(answer.timeline.map((t) => t.requests)).toEqual([402]);
  expect(answer.signatures.map((s) => s.count)).toEqual([2]);
  expect(answer.reading).toMatchObject({ lines: 102, weighted: 100 });
});

test('three of ten: thirds add up', async () => {
  const { answer } = await same([line('3.33333333333').repeat(300)]);
  expect(answer.requests).toBe(1000);
});

test('a weight that no sampler has is one request', async () => {
  const { answer } = await same([['0', '-3', '1e300', '"many"', '5000000'].map((w) => line(w)).join('')]);
  expect(answer.requests).toBe(5);
  expect(answer.reading.weighted).toBe(0);
});

test('a weighted failure is a signature that many times', async () => {
  const { answer } = await same([line('5', 500) + line('5', 500, 7)]);
  expect(answer.signatures.map((s) => s.count)).toEqual([10]);
});
