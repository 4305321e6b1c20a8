import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedLabel } from '../../../src/boards/query/context.ts';
import { evaluate, type MemorySeries } from '../../../src/boards/query/evaluate.ts';
import { gauge, increase, mean, ratio, under } from '../../../src/boards/query/expression.ts';
import { type PromqlContext, promql } from '../../../src/boards/query/promql.ts';
import { labelsOf, leaves } from '../../../src/boards/query/shape.ts';
import { recordedRules } from '../../../src/boards/recorded.ts';
import { differences, expectedOf, stretched, type Told, told } from '../../boards/equal.ts';
import { askedBy, labContext } from '../../boards/queries.ts';
import { filled } from '../../boards/query/filled.ts';
import { hostile } from '../../boards/query/hostile.ts';
import { randomQuery } from '../../boards/random.ts';
import { end, moment, traffic } from '../../boards/traffic/data.ts';
import { recordedObjectives } from '../../boards/traffic/objectives.ts';
import { type Prometheus, type Sample, startPrometheus } from '../tools/prometheus.ts';
import { runTool } from '../tools/tool.ts';
import { prometheusOf } from './backfill.ts';

/**
 * Requests and statistics that a real Envoy wrote, as points of a real Prometheus at fixed times; what no lab has is made up (data.ts). What is
 * expected is computed from the points by the queries' definition. Only growth differs, by the factor that `increase` extrapolates with, which
 * is known because nothing happens in the first step of a window; the rest is equal to nine digits.
 */
const dir = mkdtempSync(join(tmpdir(), 'vigia-equal-'));
const context = labContext();
const { data, requests, madeUp } = traffic();
const stores = new Map<string, Prometheus>();
const promised = recordedObjectives(askedBy(context));

beforeAll(async () => {
  for (const path of ['scrape', 'remote-write'] as const)
    stores.set(path, await prometheusOf(data, path, join(dir, path), promised.lines));
}, 120_000);

afterAll(async () => {
  for (const store of stores.values()) await store.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function ask(
  store: Prometheus | undefined,
  expression: string,
  at: number = moment.at,
): Promise<readonly Sample[]> {
  const body = new URLSearchParams({ query: expression, time: String(at / 1000) });
  const reply = (await (await fetch(`${store?.url}/api/v1/query`, { method: 'POST', body })).json()) as {
    status: string;
    error?: string;
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  if (reply.status !== 'success') throw new Error(`${expression}: ${reply.error}`);
  return (reply.data?.result ?? []).map((r) => ({ labels: r.metric, value: Number(r.value[1]) }));
}

describe.each(['scrape', 'remote-write'] as const)('on a real Prometheus, %s', (path) => {
  test("every board's query gives what the recorded requests give", async () => {
    const problems: string[] = [];
    let [equal, answers, real] = [0, 0, 0];
    for (const { board, panel, query } of askedBy(context)) {
      const { labels, objectives } = context;
      const at: PromqlContext = {
        path,
        scope: board.scope,
        labels,
        objectives,
        use: 'board',
        place: { board: board.id, panel },
      };
      const text = filled(promql(query, at), moment);
      const [first] = leaves(query);
      const series = first && 'series' in first ? first.series : 'requests';
      const names = labelsOf(query).map((l) => storedLabel(series, l, path, at));
      const got = (await ask(stores.get(path), text)).map(
        (s): Told => ({ key: [...names.map((n) => s.labels[n] ?? ''), ...edge(s)].join(' | '), value: s.value }),
      );
      const factor = stretched(query);
      const { told: plain, ...rest } = expectedOf(query, data, { objective: promised.answer });
      const expected = { ...rest, told: plain.map((t) => ({ ...t, value: t.value * factor })) };
      const wrong = differences(expected, got);
      if (wrong.length > 0) problems.push(`${board.id}/${panel}: ${text}\n  ${wrong.slice(0, 3).join('\n  ')}`);
      else equal += 1;
      answers += got.length;
      if (leaves(query).every((q) => 'series' in q && !madeUp.includes(q.series))) real += 1;
    }
    expect(problems).toEqual([]);
    process.stdout.write(
      `PromQL, ${path}: ${equal} queries of the boards equal on a real Prometheus, ${answers} answers; ${real} of them of what a real Envoy wrote (${requests} requests)\n`,
    );
    expect(equal).toBeGreaterThan(80);
    expect(real).toBeGreaterThan(50);
  });
});

test.each(['scrape', 'remote-write'] as const)('300 queries that no board asks, %s', async (path) => {
  const at: PromqlContext = { path, scope: [], labels: context.labels, use: 'board' };
  const problems: string[] = [];
  let answers = 0;
  for (let seed = 0; seed < 300; seed++) {
    const query = randomQuery(seed, data);
    const text = filled(promql(query, at), moment);
    const [first] = leaves(query);
    const names = labelsOf(query).map((l) =>
      storedLabel(first && 'series' in first ? first.series : 'requests', l, path, at),
    );
    const got = (await ask(stores.get(path), text)).map(
      (s): Told => ({ key: names.map((n) => s.labels[n] ?? '').join(' | '), value: s.value }),
    );
    const factor = stretched(query);
    const { told: plain, ...rest } = expectedOf(query, data);
    const wrong = differences({ ...rest, told: plain.map((t) => ({ ...t, value: t.value * factor })) }, got);
    if (wrong.length > 0) problems.push(`${seed}: ${text}\n  ${wrong.slice(0, 3).join('\n  ')}`);
    answers += got.length;
  }
  expect(problems).toEqual([]);
  expect(answers).toBeGreaterThan(500);
});

test('whatever a value holds, Prometheus finds that value and no other', async () => {
  // Of control characters a label can only get line breaks and tabs from a program's page.
  const values = hostile.filter((v) => !/[\u0000-\u0008\u000b-\u001f]/.test(v) && Buffer.from(v).toString() === v);
  const series = values.map(
    (gateway, i): MemorySeries => ({ series: 'live', labels: { gateway }, points: [{ at: end, value: 2 ** i }] }),
  );
  const store = await prometheusOf(series, 'scrape', join(dir, 'hostile'));
  stores.set('hostile', store);
  const at: PromqlContext = { path: 'scrape', scope: [], labels: [], use: 'rule' };
  for (const value of values)
    for (const where of [
      [{ label: 'gateway', is: [value] }],
      [{ label: 'gateway', is: [value, values[0] ?? ''] }],
      [{ label: 'gateway', not: [value] }],
      [{ label: 'gateway', not: [value, values[0] ?? ''] }],
      [{ label: 'gateway', prefix: value }],
      [{ label: 'gateway', contains: [value] }],
    ] as const) {
      const query = gauge('live', 'sum', { where });
      const [truth] = evaluate(query, series, moment);
      expect((await ask(store, promql(query, at)))[0]?.value, promql(query, at)).toBe(truth?.value);
    }
  expect(values.length).toBeGreaterThan(20);
});

test('the sums that rules record are the sums that boards would ask for', async () => {
  const at: PromqlContext = { path: 'scrape', scope: [], labels: context.labels, use: 'board', recorded: true };
  const rules = recordedRules(context);
  let answered = 0;
  for (const { board, query } of askedBy(context)) {
    if (
      leaves(query).some((q) => !('window' in q) || q.window !== 'interval' || q.node === 'buckets') ||
      query.node === 'top'
    )
      continue;
    const scoped = { ...at, scope: board.scope };
    const text = filled(promql(query, scoped), moment);
    if (!text.includes(':rate5m')) continue;
    // Of one moment the average over time is the recorded value: the rule's own expression in its place.
    const inlined = rules.reduce(
      (t, { record, expr }) =>
        t.replaceAll(
          new RegExp(`avg_over_time\\(${record}(\\{[^{}]*\\})?\\[[^\\]]*\\]\\)`, 'g'),
          (_, matchers: string | undefined) => filteredSum(expr, matchers),
        ),
      text,
    );
    const raw = filled(promql(query, { ...scoped, recorded: false }), { ...moment, interval: 300_000 });
    const key = (s: Sample): string => JSON.stringify(Object.entries(s.labels).sort());
    const [a, b] = [await ask(stores.get('scrape'), inlined), await ask(stores.get('scrape'), raw)];
    const values = new Map(b.map((s) => [key(s), s.value]));
    expect(a.length, text).toBe(b.length);
    for (const s of a) expect(s.value, `${text} ${key(s)}`).toBeCloseTo(values.get(key(s)) ?? Number.NaN, 9);
    answered += a.length;
  }
  expect(answered).toBeGreaterThan(10);
});

test('growth of recorded sums is the growth, five minutes after the last of it', async () => {
  // A name without the temporary folder: promtool picks the second of the minute that it evaluates at by a hash of the name.
  const rules = 'rules.yaml';
  writeFileSync(
    join(dir, rules),
    JSON.stringify({ groups: [{ name: 'recorded', interval: '1m', rules: recordedRules(context) }] }),
  );
  const later = { at: moment.at + 300_000, view: 900_000, interval: moment.interval };
  const home = join(dir, 'recorded');
  mkdirSync(join(home, 'data'), { recursive: true });
  const [from, to] = [later.at - later.view, later.at].map((ms) => String(Math.floor(ms / 1000)));
  const done = await runTool(
    'promtool',
    [
      ...['tsdb', 'create-blocks-from', 'rules', '--url', stores.get('scrape')?.url ?? '', '--eval-interval', '1m'],
      ...['--start', from ?? '', '--end', to ?? '', '--output-dir', join(home, 'data'), rules],
    ],
    { cwd: dir },
  );
  expect(done).toMatchObject({ code: 0 });
  const store = await startPrometheus('{}', home, ['--storage.tsdb.retention.time=100y']);
  stores.set('recorded', store);
  const at: PromqlContext = { path: 'scrape', scope: [], labels: context.labels, use: 'board', recorded: true };
  const queries = [
    increase('requests', { by: ['gateway', 'side'] }),
    increase('requests', { by: ['custom:team'], where: [{ label: 'side', not: ['none'] }] }),
    increase('flags', { by: ['flag', 'flagName', 'side'] }),
    increase('responseBytes', { by: ['gateway'] }),
    increase('attempts'),
    mean('duration', { by: ['gateway'], window: 'view' }),
    under('duration', 0.5, { by: ['statusClass'], window: 'view' }),
    ratio(
      increase('requests', { by: ['gateway'], where: [{ label: 'side', is: ['backend'] }] }),
      increase('requests', { by: ['gateway'] }),
    ),
  ];
  for (const query of queries) {
    const text = filled(promql(query, at), later);
    const names = labelsOf(query).map((l) =>
      storedLabel('series' in query ? query.series : 'requests', l, 'scrape', at),
    );
    const got = new Map(
      (await ask(store, text, later.at)).map((s) => [names.map((n) => s.labels[n] ?? '').join(' | '), s.value]),
    );
    const expected = told(query, evaluate(query, data, later));
    expect(expected.length).toBeGreaterThan(0);
    for (const { key, value } of expected) {
      // A minute apart, four or five points look back five minutes over each request, four being 0.8 of it; and a rate whose last samples are long past
      // is extrapolated by more, up to 1.2.
      expect(
        Math.abs((got.get(key) ?? Number.NaN) - value),
        `${text} ${key}: ${got.get(key)}, not ${value}`,
      ).toBeLessThanOrEqual(0.25 * value + 1e-6);
    }
  }
});

/** A recorded sum with the reader's matchers, which are of labels that the sum keeps: in the selector they say the same. */
const filteredSum = (expr: string, matchers = ''): string => expr.replace(/\[5m\]/, `${matchers}[5m]`);

const edge = (s: Sample): readonly string[] => {
  const { le } = s.labels;
  return le === undefined ? [] : [String(le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le))];
};
