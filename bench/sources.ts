import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { entries } from '../test/contract/sources.ts';
import { recorded } from '../test/contract/traffic.ts';
import { queriesFor } from '../test/generate/queries.ts';
import { peakOf } from './measure.ts';
import { Rows } from './source-rows.ts';
import type { Row } from './table.ts';

/**
 * What a triage asks of CloudWatch, counted by our emulator (bytes of the events in each query's time, as CloudWatch bills them), against the
 * runbook by hand: the six generated queries over the whole window. And what adding up a store's rows costs in memory, however many there are.
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
    const byHand = await scannedByHand(window);
    rows.push({
      what: `CloudWatch, scans of the window for ${name}`,
      against: 'six by hand',
      ratio: store.bytesScanned / once,
      target: 2,
      detail: `${store.queries} queries, ${mega(store.bytesScanned)} scanned; by hand ${byHand.queries} queries, ${mega(byHand.bytes)}, ${(byHand.bytes / once).toFixed(2)}x; one scan is ${mega(once)}`,
    });
  }
  rows.push(
    ...[0, 1_000, 10_000, 100_000, 1_000_000].map((n) => peak(n)),
    peak(1_000_000, 1_000_000),
    memory(2_000_000),
  );
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

const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

/** The generated queries (queries/<environment>), which are the runbook: each is run over the window as a person would. */
async function scannedByHand(window: { readonly from: number; readonly to: number }) {
  const loaded = await entries[0]?.load(recorded(window.from, window.to));
  const client = new CloudWatchLogsClient({});
  const contract = '{ to: cloudwatch, group: /gateways/test, region: us-east-1 }';
  let bytes = 0;
  const queries = [...queriesFor(contract).values()];
  for (const { content } of queries) {
    const { queryId } = await client.send(
      new StartQueryCommand({
        logGroupNames: ['/gateways/test'],
        queryString: content,
        startTime: window.from / 1_000,
        endTime: window.to / 1_000 - 1,
      }),
    );
    let answer: GetQueryResultsCommandOutput;
    do answer = await client.send(new GetQueryResultsCommand({ queryId }));
    while (answer.status === 'Scheduled' || answer.status === 'Running');
    if (answer.status !== 'Complete') throw new Error(`${content}: ${answer.status}`);
    bytes += answer.statistics?.bytesScanned ?? Number.NaN;
  }
  client.destroy();
  await loaded?.stop();
  return { queries: queries.length, bytes };
}

/** Peak memory of a process that adds up so many rows, as the CLI does (source-rows.ts); 0 rows is what the process needs by itself. */
function peak(rows: number, routes = 50_000): Row {
  const program = fileURLToPath(new URL('source-rows.ts', import.meta.url));
  return {
    what: `peak memory of adding up ${rows.toLocaleString('en')} rows${routes === rows ? ', each another route' : ''}`,
    against: '',
    unit: 'MB',
    ratio: peakOf([program, String(rows), String(routes)]),
    detail: '',
  };
}

/** Heap that is still held after so many rows of different routes, hosts and minutes; names beyond the bounds are folded. */
function memory(count: number): Row {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const tally = new Rows();
  const held = (rows: number): number => {
    tally.addUpTo(rows);
    collect();
    return process.memoryUsage().heapUsed;
  };
  const few = held(count / 10);
  const many = held(count);
  return {
    what: `heap after ${count / 1e6} million rows / after a tenth of them`,
    against: 'a tenth',
    ratio: many / few,
    target: 1.2,
    detail: `${Math.round(many / 1e6)} MB, ${Math.round(few / 1e6)} MB`,
  };
}
