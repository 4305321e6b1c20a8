import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Board } from '../../src/boards/board.ts';
import { type BoardContext, boardContexts } from '../../src/boards/context.ts';
import { boardsOf } from '../../src/boards/index.ts';
import { gauge, increase, mean, quantile, rate, top } from '../../src/boards/query/expression.ts';
import { everything } from '../../src/logs/question.ts';
import type { AccessRecord } from '../../src/logs/record.ts';
import { readRecords } from '../../src/logs/sources/file/records.ts';
import type { PreviewData } from '../../src/preview/data.ts';
import { textOf } from '../../src/preview/decode.ts';
import { type DrawnBoard, drawn } from '../../src/preview/drawn.ts';
import { previewPage } from '../../src/preview/page/page.ts';
import { type Ask, PrometheusError, prometheusData } from '../../src/preview/prometheus.ts';
import { RecordedLog } from '../../src/preview/recorded.ts';
import { formatted } from '../../src/preview/units.ts';
import { exampleModel } from '../generate/model.ts';

const incident = fileURLToPath(new URL('../../examples/incident/access.log.gz', import.meta.url));
const context = boardContexts(exampleModel('small'))[0] as BoardContext;
const identity = { gateway: 'http.kgateway-system', environment: 'dev', cluster: 'dev' };

async function dataOf(name: string): Promise<PreviewData> {
  const log = new RecordedLog(identity, context.objectives);
  const options = { names: [name], format: 'auto', overrides: {}, question: everything, follow: undefined } as const;
  await readRecords({
    ...options,
    take: ({ record }) => {
      log.take(record);
      return true;
    },
  });
  return log.data([name]) as PreviewData;
}

/** The log read with JSON alone, because the product is what is tested. */
const lines = gunzipSync(readFileSync(incident))
  .toString()
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line) as Readonly<Record<string, string | number | null>>);

const tally = (of: (line: (typeof lines)[number]) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const line of lines) counts[of(line)] = (counts[of(line)] ?? 0) + 1;
  return counts;
};

describe('signals of a recorded day', () => {
  let data: PreviewData;
  beforeAll(async () => {
    data = await dataOf(incident);
  });
  const counted = async (label: 'status' | 'backend'): Promise<Record<string, number>> =>
    Object.fromEntries((await data.now(increase('requests', { by: [label] }))).map((a) => [a.labels[label], a.value]));

  test('as many requests as lines, by status and by backend', async () => {
    expect((await data.now(increase('requests')))[0]?.value).toBe(lines.length);
    expect(await counted('status')).toEqual(tally((l) => String(l['http_response_status_code'])));
    expect(await counted('backend')).toEqual(tally((l) => String(l['envoy_upstream_cluster'] ?? '-')));
  });

  test('the mean duration is that of the lines', async () => {
    const all = lines.map((l) => Number(l['envoy_duration_ms']) / 1000);
    const [answer] = await data.now(mean('duration', { window: 'view' }));
    expect(answer?.value).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 9);
  });

  test('a chart adds up to the whole', async () => {
    const [line] = await data.lines(increase('requests', { window: 'interval' }));
    expect(line?.values.reduce((sum: number, v) => sum + (v ?? 0), 0)).toBe(lines.length);
    expect(data.times.length).toBeLessThanOrEqual(301);
  });

  test('the greatest are those of the whole day, not of each moment', async () => {
    const found = await data.lines(top(3, rate('requests', { by: ['backend'] })));
    const busiest = Object.entries(tally((l) => String(l['envoy_upstream_cluster'] ?? '-'))).sort(
      (a, b) => b[1] - a[1],
    );
    expect(found.map((l) => l.labels.backend).sort()).toEqual(
      busiest
        .slice(0, 3)
        .map(([name]) => name)
        .sort(),
    );
  });

  test("a heat map's cells are all requests", async () => {
    const heat = await data.heat({ node: 'buckets', series: 'duration', where: [], by: [], window: 'interval' });
    expect(heat.columns.flat().reduce((a, b) => a + b, 0)).toBe(lines.length);
    expect(heat.edges.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  test('what no access log can have says so', () => {
    expect(data.lacks(gauge('members', 'max'))).toMatch(/Envoy's own statistics/);
    expect(data.lacks(increase('translations'))).toMatch(/control plane/);
    expect(data.lacks(increase('recordsLost'))).toMatch(/Collector/);
    expect(data.lacks(rate('requests', { by: ['custom:team'] }))).toMatch(/contract's own labels/);
    expect(data.lacks({ node: 'objective', objective: 'available', measure: 'left', window: 30 * 86_400_000 })).toBe(
      '30 days of requests',
    );
    expect(data.lacks(quantile('duration', 0.99))).toBeUndefined();
  });

  test('how fast an objective burns over the day is its failures that somebody has to mend', async () => {
    const burn = { node: 'objective', objective: 'available', measure: 'burn', window: 86_400_000 } as const;
    const [answer] = await data.now(burn);
    const by = Object.fromEntries(
      (await data.now(increase('requests', { by: ['side'] }))).map((a) => [a.labels.side, a.value]),
    );
    const at = (sides: readonly string[]): number => sides.reduce((sum, side) => sum + (by[side] ?? 0), 0);
    expect(answer?.labels).toEqual({ gateway: identity.gateway });
    expect(answer?.value).toBeGreaterThan(0);
    // Whatever is set aside, it lies between what only the backend did and all failures, over the budget of 0.5 %.
    expect(answer?.value).toBeLessThan(
      at(['backend', 'gateway', 'between', 'unknown', 'client', 'policy']) / lines.length / 0.005,
    );
    expect(answer?.value).toBeGreaterThan(at(['backend']) / lines.length / 0.005);
    const hour = await data.lines({ ...burn, window: 3_600_000 });
    const peak = hour[0]?.values.reduce((best: number, v) => Math.max(best, v ?? 0), 0) ?? 0;
    expect(peak).toBeGreaterThan((answer?.value ?? 0) * 3);
    // What the gateway did is a part of it, of requests that matched a route.
    const routed = { label: 'flag', not: ['NR'] } as const;
    const [bad, valid] = await Promise.all(
      [{ is: ['gateway', 'between'] }, { not: ['client', 'policy'] }].map(async (side) => {
        const [all] = await data.now(increase('requests', { where: [routed, { label: 'side', ...side }] }));
        return all?.value ?? 0;
      }),
    );
    const [blamed] = await data.now({ ...burn, blame: 'gateway' });
    expect(blamed?.value).toBeCloseTo((bad ?? 0) / (valid ?? 0) / 0.005, 9);
    expect(blamed?.value).toBeLessThan((answer?.value ?? 0) / 2);
  });

  test('records are those of the condition, newest first', async () => {
    const records = (await data.records({ status: '503' }, 500)) as readonly AccessRecord[];
    expect(records.length).toBe(Math.min(500, lines.filter((l) => l['http_response_status_code'] === 503).length));
    expect(
      records.every((r, i) => r.status === 503 && (r.time ?? 0) <= (records[i - 1]?.time ?? Number.POSITIVE_INFINITY)),
    ).toBe(true);
    const left = (await data.records({ side: ['between'] }, 500)) as readonly AccessRecord[];
    expect(left.length).toBeGreaterThan(100);
  });

  test('every board: each panel has its title and shows something or says why not', async () => {
    const pages: DrawnBoard[] = [];
    for (const board of boardsOf(context)) pages.push(await drawn(board, data));
    const panels = pages.flatMap((p) => p.rows.flatMap((r) => r.panels));
    expect(panels.length).toBe(boardsOf(context).flatMap((b) => b.rows.flatMap((r) => r.panels)).length);
    expect(panels.filter((p) => p.content.kind === 'nothing' && p.content.why === '')).toEqual([]);
    const fault = pages.find((p) => p.board.id === 'fault')?.rows.flatMap((r) => r.panels) ?? [];
    expect(fault.filter((p) => p.content.kind !== 'nothing').length).toBeGreaterThanOrEqual(6);
    const html = previewPage(pages, { context, data });
    expect(html).toBe(previewPage(pages, { context, data }));
    for (const { panel } of panels) expect(html).toContain(`>${panel.title}</h4>`);
  });
});

describe('text of strangers', () => {
  const evil = '</script><img src=x onerror=alert(1)>';
  const board: Board = {
    id: 'b',
    title: 'B',
    description: 'D.',
    scope: [],
    rows: [
      {
        title: 'R',
        panels: [
          {
            id: 't',
            kind: 'table',
            title: 'T',
            description: 'D.',
            by: ['route', 'flag'],
            columns: [{ title: 'n', query: increase('requests', { by: ['route', 'flag'] }), unit: 'count' }],
            limit: 9,
            width: 24,
            height: 8,
          },
          {
            id: 'c',
            kind: 'timeseries',
            title: 'C',
            description: 'D.',
            unit: 'requests/s',
            shown: [{ query: rate('requests', { by: ['route'] }), legend: ['route'] }],
            width: 24,
            height: 8,
          },
          { id: 'l', kind: 'logs', title: 'L', description: 'D.', condition: { failed: true }, width: 24, height: 8 },
        ],
      },
    ],
  };

  test('is text: in tables, legends, log lines and the data of the charts', async () => {
    const log = new RecordedLog(identity);
    for (const i of [0, 1, 2])
      log.take({
        time: 1_700_000_000_000 + i * 10_000,
        status: 503,
        flags: ['UF', `"'>${evil}`],
        route: evil,
        path: `/${evil}`,
        details: evil,
        duration: 3,
      });
    const data = log.data([evil]) as PreviewData;
    const html = previewPage([await drawn(board, data)], { context, data });
    expect(html).toContain('&lt;img src=x');
    expect(html).not.toContain('<img');
    expect(html.match(/<\/script>/g)).toHaveLength(3);
  });

  test('more lines than anybody tells apart are left out, and it says so', async () => {
    const log = new RecordedLog(identity);
    for (let i = 0; i < 60; i++) log.take({ time: 1_700_000_000_000, status: 503, route: `r${i}`, duration: 3 });
    const data = log.data(['x']) as PreviewData;
    const chart = (await drawn(board, data)).rows[0]?.panels[1];
    expect(chart?.content).toMatchObject({ kind: 'lines', left: 20 });
    expect(previewPage([await drawn(board, data)], { context, data })).toContain('and 20 more lines');
  });
});

describe('a Prometheus', () => {
  const options = { url: 'http://127.0.0.1:9090/', from: 1_700_000_000_000, to: 1_700_003_600_000, context };
  const answering = (result: unknown): { asked: URL[]; ask: Ask } => {
    const asked: URL[] = [];
    return {
      asked,
      ask(url) {
        asked.push(new URL(url));
        return Promise.resolve({ status: 'success', data: { result } });
      },
    };
  };

  test("is asked the dashboards' PromQL, with what Grafana fills in filled in", async () => {
    const { asked, ask } = answering([
      {
        metric: { side: 'backend' },
        values: [
          [1_700_000_100, '2'],
          [1_700_000_115, 'NaN'],
        ],
      },
    ]);
    const data = prometheusData({ ...options, ask });
    const [line] = await data.lines(rate('requests', { by: ['side'] }));
    expect(asked[0]?.pathname).toBe('/api/v1/query_range');
    expect(asked[0]?.searchParams.get('query')).toMatch(/^sum by \(side\) \(rate\(gateway_requests_total\[\d+s\]\)\)$/);
    expect(asked[0]?.searchParams.get('query')).not.toContain('$');
    expect(line?.labels).toEqual({ side: 'backend' });
    expect(line?.values.filter((v) => v !== null)).toEqual([2]);
  });

  test('what it refuses is told in its words; what is no Prometheus is said to be none', async () => {
    const refusing = prometheusData({
      ...options,
      ask: () => Promise.resolve({ status: 'error', error: 'parse error' }),
    });
    await expect(refusing.now(rate('requests'))).rejects.toThrow(
      new PrometheusError('http://127.0.0.1:9090/: parse error'),
    );
    const other = prometheusData({ ...options, ask: () => Promise.resolve({}) });
    await expect(other.now(rate('requests'))).rejects.toThrow(/not the answer of a Prometheus/);
  });
});

test.each([
  [0, 'share', '0 %'],
  [0.01234, 'share', '1.23 %'],
  [0.216, 'seconds', '216 ms'],
  [57.34, 'seconds', '57.3 s'],
  [86_400, 'seconds', '24 h'],
  [3, 'milliseconds', '3 ms'],
  [4300, 'bytes/s', '4.2\u00a0KiB/s'],
  [78_284, 'count', '78.3 k'],
  [9676, 'count', '9676'],
  [1, 'switch', 'yes'],
  [14.4, 'factor', '14.4×'],
] as const)('%d in %s', (value, unit, text) => {
  expect(formatted(value, unit)).toBe(text);
});

test('flags in words; an extension’s own as it is', () => {
  expect(textOf('flag', 'UF')).toBe('UF UpstreamConnectionFailure');
  expect(textOf('flag', 'constructor')).toBe('constructor');
  expect(textOf('flagName', 'NoHealthyUpstream')).toMatch(/^the cluster has no host/);
});

test("a latency's twin is of the gateway's own time, and only where it is promised", async () => {
  const [objective] = context.objectives;
  if (!objective) throw new Error('no objective');
  const fast = (gatewayThresholdMs: number | undefined) => ({
    ...objective,
    name: 'fast',
    gateways: [identity.gateway],
    target: 0.9,
    indicator: { kind: 'latency' as const, thresholdMs: 250, gatewayThresholdMs },
  });
  const line = (minute: number, more: Partial<AccessRecord>): AccessRecord => ({
    ...{ time: Date.UTC(2026, 0, 1, 0, minute), status: 200, route: 'r', cluster: 'c', duration: 300, attempts: 1 },
    ...{ requestDuration: 1, requestTxDuration: 2 },
    ...more,
  });
  const records = [
    line(1, {}),
    line(2, { requestTxDuration: 101 }),
    line(3, { requestTxDuration: 51 }),
    // Of these it can't be told.
    ...[{ attempts: 2 }, { status: 503 }, { requestTxDuration: null }, { requestDuration: 3 }].map((more, i) =>
      line(4 + i, { requestTxDuration: 101, ...more, ...('requestDuration' in more ? { requestTxDuration: 2 } : {}) }),
    ),
    line(59, {}),
  ];
  const burn = async (own: number | undefined, blame?: 'gateway') => {
    const log = new RecordedLog(identity, [fast(own)]);
    for (const record of records) log.take(record);
    const query = { node: 'objective', objective: 'fast', measure: 'burn', window: 3_600_000 } as const;
    const [answer] = (await log.data(['x'])?.now({ ...query, ...(blame ? { blame } : {}) })) ?? [];
    return answer?.value;
  };
  // One of four that can be told of took longer than 50 ms, of a tenth that may.
  expect(await burn(50, 'gateway')).toBeCloseTo(1 / 4 / 0.1, 9);
  // All seven answers took longer than 250 ms.
  expect(await burn(50)).toBeCloseTo(1 / 0.1, 9);
  expect(await burn(undefined)).toBeCloseTo(1 / 0.1, 9);
  expect(await burn(undefined, 'gateway')).toBeUndefined();
});
