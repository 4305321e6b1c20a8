import type { Answer, RouteTotal } from '../../answer.ts';
import type { Question } from '../../question.ts';
import { healthCheckers } from '../../record.ts';
import { atMost } from '../../remote/at-most.ts';
import { type Aggregation, all, isSet, isUnset, type Test } from '../../remote/expression.ts';
import { aggregationOf, latencyEdges } from '../../remote/from-question.ts';
import { negate } from '../../remote/negate.ts';
import { RowTally } from '../../remote/row-tally.ts';
import type { Row } from '../../remote/rows.ts';
import { sampleWindow } from '../../remote/sample-window.ts';
import { bucketWidth } from '../../remote/window.ts';
import { SourceError } from '../source.ts';
import type { Asked } from './asked.ts';
import { type Grouping, groupsIn } from './groups.ts';
import { keyLabel, LogQl, number, numeric, seconds } from './language.ts';
import { limits } from './limits.ts';
import { sampleLines } from './samples.ts';

/** Counts in Loki by metric queries, and brings a few lines. */
export async function countIn(asked: Asked, question: Question): Promise<Answer> {
  const { client, records, window } = asked;
  const notes = [...(await asked.guard())];
  const bucketMs = bucketWidth(window);
  const aggregation = aggregationOf(question, window, bucketMs, records.layout);
  const logql = new LogQl(records);
  const tally = new RowTally(aggregation, records.layout, { storedBuckets: logql.storedBuckets });
  const base = { client, logql, window, bucketMs, cut: () => tally.truncated() };
  const failing: Grouping = {
    ...base,
    where: all(aggregation.where, aggregation.failing),
    keys: [...aggregation.keys, ...aggregation.failingKeys],
    plain: false,
    weight: aggregation.weight,
  };
  const plain: Grouping = {
    ...base,
    where: all(aggregation.where, negate(aggregation.failing)),
    keys: aggregation.keys,
    plain: true,
    weight: aggregation.weight,
  };
  const rows: Row[] = [];
  const edges: (number | undefined)[] = [undefined, undefined];
  const work: readonly (() => Promise<void>)[] = [
    async () => void rows.push(...(await groupsIn(failing))),
    async () => void rows.push(...(await groupsIn(plain))),
    async () => latencies(asked, logql, aggregation, tally, notes),
    ...(['forward', 'backward'] as const).map((direction, i) => async () => {
      const found = await client.lines(
        logql.lines(all(aggregation.where, ...withoutChecks(logql))),
        window.from,
        window.to,
        1,
        direction,
      );
      edges[i] = momentOf(found[0]?.values[0]?.[0]);
    }),
  ];
  let done = 0;
  await atMost(
    limits.concurrent,
    work,
    async (one) => {
      await one();
      asked.progress?.(`Loki: ${++done} of ${work.length} parts, ${(client.meter.bytes / 1e9).toFixed(2)} GB read`);
    },
    asked.stop,
  );
  // Which row the first and the last record is in does not matter: they are of the whole answer.
  for (const [i, row] of rows.entries()) tally.add(i === 0 ? { ...row, first: edges[0], last: edges[1] } : row);
  const narrow = sampleWindow(tally.signatures(), bucketMs);
  const lines = narrow
    ? await sampleLines(asked, logql, failing.where, {
        from: Math.max(narrow.from, window.from),
        to: Math.min(narrow.to, window.to),
      }).catch((error: unknown) => {
        if (!(error instanceof SourceError) || asked.signal.aborted) throw error;
        notes.push(`no sample lines: ${error.message}`);
        return [];
      })
    : [];
  const { meter } = client;
  return tally.answer(
    {
      name: 'loki',
      from: [asked.about],
      window,
      queries: meter.queries,
      bytesScanned: meter.bytes,
      recordsScanned: meter.records,
      dollars: undefined,
      missing: [],
      notes,
    },
    lines,
  );
}

/** How long requests took: all of them at the distribution's edges, each route's median and 99th percentile; health checks left out. */
async function latencies(
  { client, window }: Asked,
  logql: LogQl,
  { where, keys, weight, distribution }: Aggregation,
  tally: RowTally,
  notes: string[],
): Promise<void> {
  if (distribution.length === 0) return;
  const timed: Test = all(where, ...withoutChecks(logql), { kind: 'number', read: 'duration' });
  const end = BigInt(window.to) * 1_000_000n - 1n;
  const range = `[${seconds(window.to - window.from)}]`;
  const unweightedTest = weight === undefined ? all() : isUnset(weight);
  const edges = [0, ...latencyEdges];
  const n = numeric('duration');
  const [unweighted, weighted, longest, p50, p99] = [
    await client.instant(logql.distribution(all(timed, unweightedTest), edges, undefined, range), end),
    weight === undefined
      ? []
      : await client.instant(logql.distribution(all(timed, isSet(weight)), edges, weight, range), end),
    await client.instant(`max(max_over_time(${logql.pipeline(timed, [], ['duration'])} | unwrap ${n} ${range}))`, end),
    ...(await Promise.all(
      [0.5, 0.99].map((q) =>
        client
          .instant(
            `quantile_over_time(${number(q)}, ${logql.pipeline(timed, keys, ['duration'])} | unwrap ${n} ${range}) by (${keys.map(keyLabel).join(', ')})`,
            end,
          )
          .catch((error: unknown) => {
            if (!(error instanceof SourceError)) throw error;
            notes.push(`no percentiles of routes: ${error.message}`);
            return [];
          }),
      ),
    )),
  ];
  const counts = new Array<number>(latencyEdges.length + 1).fill(0);
  for (const { metric, values } of [...unweighted, ...weighted]) {
    const at = Number(metric['v_duration']);
    counts[at] = (counts[at] ?? 0) + (values[0]?.[1] ?? 0);
  }
  const atLeast = latencyEdges.map((_, i) => counts.slice(i + 1).reduce((a, b) => a + b, 0));
  const count = counts.reduce((a, b) => a + b, 0);
  const routes = new Map<string, { p50: number | undefined; p99: number | undefined }>();
  const [key] = keys;
  for (const [found, which] of [
    [p50, 'p50'],
    [p99, 'p99'],
  ] as const)
    for (const { metric, values } of found ?? []) {
      const route = (key && metric[keyLabel(key)]) || '-';
      const told: Pick<RouteTotal, 'p50' | 'p99'> = routes.get(route) ?? { p50: undefined, p99: undefined };
      routes.set(route, { ...told, [which]: values[0]?.[1] });
    }
  if (weighted.length > 0) notes.push("routes' percentiles are of the stored records, not of what they stand for");
  tally.latency({ timed: count, atLeast, longest: longest[0]?.values[0]?.[1] ?? 0 }, routes);
}

const notAHealthCheck = negate({ kind: 'prefix', read: 'userAgent', prefixes: healthCheckers });

const withoutChecks = (logql: LogQl): readonly Test[] => (logql.has('userAgent') ? [notAHealthCheck] : []);

const momentOf = (ns: string | undefined): number | undefined =>
  ns === undefined ? undefined : Number(BigInt(ns) / 1_000_000n);
