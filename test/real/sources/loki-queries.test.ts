import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { incidentLog } from '../../contract/traffic.ts';
import { Workplace } from '../../generate/program.ts';
import { counted, keysOf, queriesFor, type Stored, stored, traffic, window } from '../../generate/queries.ts';
import { startLoki } from '../tools/loki.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-loki-'));
const queries = queriesFor('{ to: loki, url: "http://loki:3100" }');
const records = traffic();
const place = new Workplace();
let loki: Awaited<ReturnType<typeof startLoki>>;

interface Triage {
  readonly verdicts: readonly {
    readonly kind: string;
    readonly side: string;
    readonly count: number;
    readonly backends: readonly { readonly name: string; readonly count: number }[];
  }[];
  readonly routes: readonly { readonly route: string; readonly sides: Readonly<Record<string, number>> }[];
  readonly totals: { readonly sides: Readonly<Record<string, number>> };
}
let triage: Triage;

beforeAll(async () => {
  loki = await startLoki(dir);
  const attributes = [
    { key: 'service.name', value: { stringValue: 'edge.gateways' } },
    { key: 'deployment.environment.name', value: { stringValue: 'prod' } },
  ];
  const logRecords = records.map((r) => ({
    timeUnixNano: `${BigInt(r.time) * 1_000_000n}`,
    body: { stringValue: 'a request' },
    attributes: Object.entries(stored(r)).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
    })),
  }));
  await loki.push([{ resource: { attributes }, scopeLogs: [{ scope: {}, logRecords }] }]);
  const [from, to] = [new Date(window.from).toISOString(), new Date(window.to).toISOString()];
  const { out } = await place.run('triage', incidentLog, '--from', from, '--to', to, '-o', 'json');
  triage = JSON.parse(out) as Triage;
}, 120_000);
afterAll(async () => {
  await loki?.stop();
  place.end();
  rmSync(dir, { recursive: true, force: true });
});

type Series = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] };

/** The file as it is, but for its window: [1h] becomes the half hour, which ends inclusively. */
async function answer(question: number): Promise<readonly Series[]> {
  const { content = '' } = queries.get(question) ?? {};
  const asked = new URLSearchParams({
    query: content.replaceAll('[1h]', '[30m]'),
    time: `${window.to - 1}000000`,
  });
  const got = await fetch(`${loki.url}/loki/api/v1/query?${asked}`);
  const text = await got.text();
  expect(got.status, text).toBe(200);
  return (JSON.parse(text) as { data: { result: Series[] } }).data.result;
}

const label = (attribute: string): string => attribute.replaceAll('.', '_');

test.each([1, 2, 3, 4, 5])('question %i: a real Loki counts what was sent', async (question) => {
  const found = Object.fromEntries(
    (await answer(question)).map(({ metric, value }) => [
      // A label that a record lacks is not in the answer.
      keysOf(question)
        .map((k) => metric[label(k)] ?? '-')
        .join('\t'),
      Number(value[1]),
    ]),
  );
  const sent: readonly Stored[] = records.map(stored);
  expect(found).toEqual(counted(question, sent));
});

type Counts = Record<string, number>;

/** Requests by what is made of a group's labels. */
async function sums(question: number, key: (labels: Series['metric']) => string): Promise<Counts> {
  const counts: Counts = {};
  for (const { metric, value } of await answer(question)) add(counts, key(metric), Number(value[1]));
  return counts;
}
function add(counts: Counts, key: string, n: number): void {
  if (n > 0) counts[key] = (counts[key] ?? 0) + n;
}

/**
 * One record can't tell whether a client that hung up was tired of waiting: the Collector says unknown where triage, which sees all of them,
 * says client. So the two count as one here, and nothing else does.
 */
const told = (side = ''): string => (side === 'unknown' ? 'client' : side);

test('whose fault: the counts of vigia triage on the file of the same traffic', async () => {
  const expected: Counts = {};
  // What the backend refused is no failure to triage, and a side of the record.
  for (const { kind, side, count } of triage.verdicts) if (kind !== 'masked') add(expected, told(side), count);
  expect(await sums(1, ({ side }) => told(side))).toEqual(expected);
  for (const side of ['backend', 'between', 'policy']) expect(expected[side]).toBe(triage.totals.sides[side]);
  const hungUp = (r: Stored) => r['envoy.response_flags'] === 'DC';
  const unknown = records.map(stored).filter((r) => r['side'] === 'unknown');
  expect([unknown.length, unknown.every(hungUp)]).toEqual([2, true]);
});

test('which routes and backends: the same', async () => {
  const [routes, backends]: [Counts, Counts] = [{}, {}];
  for (const { route, sides } of triage.routes)
    for (const [side, n] of Object.entries(sides)) if (told(side) !== 'client') add(routes, `${route} ${side}`, n);
  for (const verdict of triage.verdicts)
    if (verdict.side === 'backend') for (const { name, count } of verdict.backends) add(backends, name, count);
  const others = ([key]: readonly [string, number]) => !/ (client|unknown)$/.test(key);
  const byRoute = await sums(2, (labels) => `${labels['envoy_route_name']} ${labels['side']}`);
  expect(Object.fromEntries(Object.entries(byRoute).filter(others))).toEqual(routes);
  const byBackend = await sums(2, (labels) => `${labels['side']} ${labels['envoy_upstream_cluster']}`);
  const failing = Object.entries(byBackend).filter(([key]) => key.startsWith('backend '));
  expect(Object.fromEntries(failing.map(([key, n]) => [key.slice('backend '.length), n]))).toEqual(backends);
});

test('the slowest routes have a median and a 99th percentile each', async () => {
  const found = await answer(6);
  const of = (quantile: string) => found.filter((s) => s.metric['quantile'] === quantile);
  const routes = new Set(records.flatMap((r) => r.record.route ?? '-'));
  expect(new Set(of('p99').map((s) => s.metric['envoy_route_name']))).toEqual(routes);
  for (const { metric, value } of of('p50')) {
    const p99 = of('p99').find((s) => s.metric['envoy_route_name'] === metric['envoy_route_name']);
    expect(Number(p99?.value[1])).toBeGreaterThanOrEqual(Number(value[1]));
  }
});
