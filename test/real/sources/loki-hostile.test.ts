import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lokiSource } from '../../../src/logs/sources/loki.ts';
import type { RemoteSource } from '../../../src/logs/sources/source.ts';
import { hostile, refused } from '../../contract/hostile.ts';
import { startLoki } from '../tools/loki.ts';

/** One request for each hostile text, as its route. Loki itself stores neither an empty value nor one that is a dash to us. */
const routes = hostile.filter((text) => text !== '' && text !== '-');
const start = Date.parse('2026-11-20T10:00:00Z');
const window = { from: start, to: start + 60_000 };
const dir = mkdtempSync(join(tmpdir(), 'vigia-loki-'));
let loki: Awaited<ReturnType<typeof startLoki>>;
let source: RemoteSource;

beforeAll(async () => {
  loki = await startLoki(dir);
  const logRecords = routes.map((route, i) => ({
    timeUnixNano: `${BigInt(start + i) * 1_000_000n}`,
    body: { stringValue: 'x' },
    attributes: [
      { key: 'envoy.route_name', value: { stringValue: route } },
      { key: 'envoy.upstream_cluster', value: { stringValue: `b${i}` } },
      { key: 'http.response.status_code', value: { intValue: '503' } },
      { key: 'envoy.response_flags', value: { stringValue: 'UH' } },
    ],
  }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'edge.gateways' } }] };
  await loki.push([{ resource, scopeLogs: [{ scope: {}, logRecords }] }]);
  source = lokiSource({
    url: loki.url,
    tenant: undefined,
    auth: { kind: 'none' },
    selector: { service_name: ['edge.gateways'] },
    maxScan: undefined,
    overrides: {},
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await loki?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const backends = async (route: string, negated = false): Promise<readonly string[]> => {
  const found: string[] = [];
  await source.read({
    question: { ...window, where: [{ field: 'route', negated, values: [route] }] },
    failing: true,
    follow: undefined,
    take: ({ record }) => {
      found.push(record.cluster ?? '?');
      return true;
    },
  });
  return found.sort();
};

test.each(routes.filter((r) => !r.includes('*')))(
  'a route named %j is found by its name, and nothing else is',
  async (route) => {
    expect(await backends(route)).toEqual([`b${routes.indexOf(route)}`]);
  },
);

test('a star is any run of characters, and everything else in a glob is itself', async () => {
  const ending = (text: string) => routes.flatMap((r, i) => (r.endsWith(text) ? [`b${i}`] : [])).sort();
  expect(await backends('*}}')).toEqual(ending('}}'));
  expect(await backends('*(?i)a')).toEqual(ending('(?i)a'));
  expect((await backends('*')).length).toBe(routes.length);
});

test('negated, a hostile route leaves out itself alone', async () => {
  expect((await backends('" or service_name=~".+', true)).length).toBe(routes.length - 1);
});

test('counting groups every hostile route by its own name', async () => {
  const answer = await source.count({ ...window, where: [] });
  expect(answer.requests).toBe(routes.length);
  expect(new Set(answer.signatures.map((s) => s.route))).toEqual(new Set(routes));
});

test.each(refused)(
  'what no stored text holds, or no query can carry, is refused before anything is sent',
  async (route) => {
    if (route.length > 1_000) expect(await backends(route)).toEqual([]);
    else await expect(backends(route)).rejects.toThrow(/LogQL can't express/);
  },
);
