import { afterEach, expect, test } from 'vitest';
import { LogSearch } from '../../src/logs/sources/datadog/language.ts';
import { datadogSource } from '../../src/logs/sources/datadog.ts';
import type { RemoteSource } from '../../src/logs/sources/source.ts';
import { compile, type Log } from './datadog/search.ts';
import { type DatadogServer, startDatadog } from './datadog/server.ts';
import { hostile, refused } from './hostile.ts';
import { atOnce } from './sources.ts';

const start = Date.parse('2026-11-20T10:00:00Z');
const window = { from: start, to: start + 60_000 };
const routes = hostile.filter((text) => text !== '' && text !== '-');
const logOf = (route: string, i = 0): Log => ({
  id: `${i}`,
  time: start + i,
  service: 'edge.gateways',
  tags: ['env:prod'],
  attributes: {
    'envoy.route_name': route,
    'http.response.status_code': 503,
    'envoy.response_flags': 'UH',
    'envoy.upstream_cluster': `b${i}`,
  },
});

let server: DatadogServer;
afterEach(() => server?.stop());

async function loaded(
  logs: readonly Log[],
  options: { warnings?: string[]; apiKey?: string } = {},
): Promise<RemoteSource> {
  server = await startDatadog(logs, options);
  return datadogSource({
    site: 'datadoghq.com',
    url: server.url,
    apiKey: options.apiKey ?? 'api',
    appKey: 'app',
    scope: { service: ['edge.gateways'] },
    overrides: {},
    signal: new AbortController().signal,
    clock: atOnce,
  });
}

const found = async (source: RemoteSource, route: string, negated = false): Promise<readonly string[]> => {
  const names: string[] = [];
  await source.read({
    question: { ...window, where: [{ field: 'route', negated, values: [route] }] },
    failing: true,
    follow: undefined,
    take: ({ record }) => {
      names.push(record.route ?? '?');
      return true;
    },
  });
  return names;
};

const search = new LogSearch({
  name: (read) => (read === 'route' ? '@r' : undefined),
  fields: ['route'],
  routeIs: 'route',
});
const matching = (value: string, negated: boolean): readonly string[] => {
  const text = search.test({ kind: 'text', read: 'route', globs: [value], negated });
  const matches = compile(text);
  return routes.filter((r) => matches({ id: '', time: 0, service: '', tags: [], attributes: { r } }));
};

const control = /[\u0000-\u001f\u007f\u2028]/;

test.each(routes.filter((r) => control.test(r)))(
  '%j has no spelling there: refused, never matched loosely',
  (value) => {
    expect(() => matching(value, false)).toThrow(/can't express a control character/);
  },
);

test.each(routes.filter((r) => !r.includes('*') && !control.test(r)))(
  'a route named %j matches itself and nothing else',
  (value) => {
    expect(matching(value, false)).toEqual([value]);
    expect(matching(value, true)).toEqual(routes.filter((r) => r !== value));
  },
);

test('a star is any run of characters, everything else is itself', () => {
  expect(matching('*}}', false)).toEqual(routes.filter((r) => r.endsWith('}}')));
  expect(matching('*(?i)a', false)).toEqual(['(?i)a']);
});

test('what no stored text holds is refused', () => {
  expect(() => search.literal(refused[0] ?? '')).toThrow(/can't express/);
});

test('hostile routes are read back by the emulator each as itself, through the whole source', async () => {
  const source = await loaded(routes.map(logOf));
  for (const route of ['" OR (*', 'foo OR -service:x', '") OR (*', 'a | limit 1'].filter(
    (r) => routes.includes(r) && !r.includes('*'),
  ))
    expect(await found(source, route)).toEqual([route]);
  const answer = await source.count({ ...window, where: [] });
  expect(answer.requests).toBe(routes.length);
});

test('a rate limit is waited for as told, then the answer is whole', async () => {
  const source = await loaded([logOf('a')]);
  server.next.push({
    status: 429,
    headers: { 'X-RateLimit-Reset': '7', 'X-RateLimit-Name': 'logs_public_search_api' },
    body: '{}',
  });
  expect((await source.count({ ...window, where: [] })).requests).toBe(1);
});

test('keys that are refused: both reasons are named', async () => {
  const source = await loaded([logOf('a')], { apiKey: 'other' });
  await expect(source.count({ ...window, where: [] })).rejects.toMatchObject({
    message: expect.stringMatching(/refuses the keys \(403\)/),
    hint: expect.stringMatching(/of another site .* logs_read_data/),
  });
});

test('an answer that is not whole is said so', async () => {
  const source = await loaded([logOf('a')], { warnings: ['a shard timed out'] });
  const answer = await source.count({ ...window, where: [] });
  expect(answer.reading.store?.missing).toEqual([{ what: 'a part of the answer', reason: 'a shard timed out' }]);
  expect(answer.precision).toBe('approximate');
});

test('no record in the window, and records without a status, are told apart', async () => {
  const none = await loaded([]);
  await expect(none.count({ ...window, where: [] })).rejects.toThrow(/no record with service:\("edge.gateways"\)/);
  await server.stop();
  const odd = await loaded([{ ...logOf('a'), attributes: { colour: 'red' } }]);
  await expect(odd.count({ ...window, where: [] })).rejects.toMatchObject({
    hint: expect.stringMatching(/--map status=PATH/),
  });
});

test('more lines than a page holds come in order, each once', async () => {
  const logs = Array.from({ length: 2_500 }, (_, i) => logOf(`r${i}`, i));
  const source = await loaded(logs);
  const names: string[] = [];
  await source.read({
    question: { ...window, where: [] },
    failing: true,
    follow: undefined,
    take: ({ record }) => names.push(record.route ?? '') > 0,
  });
  expect(names).toEqual(logs.map((_, i) => `r${i}`));
});

test('a triage costs few calls, whatever the number of requests', async () => {
  const source = await loaded(Array.from({ length: 3_000 }, (_, i) => logOf(`r${i % 7}`, i)));
  await source.count({ ...window, where: [] });
  expect(server.calls.length).toBeLessThanOrEqual(12);
});

test('more routes than can be told apart: every request is counted, and the answer says that names are missing', async () => {
  const source = await loaded(Array.from({ length: 300 }, (_, i) => logOf(`r${i % 120}`, i)));
  const answer = await source.count({ ...window, where: [] });
  expect(answer.requests).toBe(300);
  expect(answer.precision).toBe('truncated');
  expect(answer.routes.find((r) => r.route === '(other)')?.requests).toBeGreaterThan(100);
});
