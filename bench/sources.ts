import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { aggregationOf } from '../src/logs/remote/from-question.ts';
import { layoutOf } from '../src/logs/remote/layout.ts';
import { RowTally } from '../src/logs/remote/row-tally.ts';
import type { Row as Grouped } from '../src/logs/remote/rows.ts';
import { entries } from '../test/contract/sources.ts';
import { recorded } from '../test/contract/traffic.ts';
import type { Row } from './table.ts';

/**
 * What a triage asks of CloudWatch, counted by our emulator (bytes of the events in each query's time, as CloudWatch bills them), against the
 * runbook by hand: six queries over the whole window. And what adding up a store's rows costs in memory, however many there are.
 */
export async function sourceRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, from, to] of [
    ['an hour with an outage', '09:00', '10:00'],
    ['a quiet hour', '02:00', '03:00'],
  ] as const) {
    const window = { from: Date.parse(`2026-11-20T${from}:00Z`), to: Date.parse(`2026-11-20T${to}:00Z`) };
    const loaded = await entries[0]?.load(recorded(window.from, window.to));
    const store = (await loaded?.source.count({ ...window, where: [] }))?.reading.store;
    await loaded?.stop();
    if (!store?.bytesScanned || !store.recordsScanned) throw new Error('the emulator counted nothing');
    const once = await scannedOnce(window);
    rows.push({
      what: `CloudWatch, scans of the window for ${name}`,
      against: 'six by hand',
      ratio: store.bytesScanned / once,
      target: 2,
      detail: `${store.queries} queries, ${store.recordsScanned} records scanned; by hand 6 queries, 6.00x`,
    });
  }
  rows.push(memory(2_000_000));
  return rows;
}

/** One query that matches nothing scans the window and needs no samples. */
async function scannedOnce(window: { readonly from: number; readonly to: number }): Promise<number> {
  const loaded = await entries[0]?.load(recorded(window.from, window.to));
  const none = { field: 'route', negated: false, values: ['no such route'] } as const;
  const store = (await loaded?.source.count({ ...window, where: [none] }))?.reading.store;
  await loaded?.stop();
  return store?.bytesScanned ?? Number.NaN;
}

/** Heap that is still held after so many rows of different routes, hosts and minutes; names beyond the bounds are folded. */
function memory(count: number): Row {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const layout = layoutOf([
    'http_response_status_code',
    'envoy_response_flags',
    'envoy_route_name',
    'envoy_upstream_host',
    'envoy_duration_ms',
  ]);
  const window = { from: 0, to: 180 * 60_000 };
  const aggregation = aggregationOf({ ...window, where: [] }, window, 60_000, layout);
  const tally = new RowTally(aggregation, layout, { storedBuckets: false });
  const held = (rows: number, from: number): number => {
    for (let i = from; i < rows; i++) tally.add(row(i, aggregation.distribution));
    collect();
    return process.memoryUsage().heapUsed;
  };
  const few = held(count / 10, 0);
  const many = held(count, count / 10);
  return {
    what: `heap after ${count / 1e6} million rows / after a tenth of them`,
    against: 'a tenth',
    ratio: many / few,
    target: 1.2,
    detail: `${Math.round(many / 1e6)} MB, ${Math.round(few / 1e6)} MB`,
  };
}

const row = (i: number, distribution: readonly number[]): Grouped => ({
  plain: false,
  keys: {
    route: `route-${i % 50_000}`,
    status: '503',
    flags: 'UF',
    host: `10.0.${i % 251}.${i % 241}:80`,
    duration: String(i % 40),
  },
  time: (i % 180) * 60_000,
  records: 1,
  requests: 1,
  weighted: 0,
  first: i,
  last: i,
  durationMin: i % 1000,
  durationMax: i % 1000,
  ageMin: undefined,
  ageMax: undefined,
  timed: 1,
  atLeast: distribution.map(() => 0),
});
