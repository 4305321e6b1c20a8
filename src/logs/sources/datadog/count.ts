import type { FieldId } from '../../../envoy/fields.ts';
import type { Answer } from '../../answer.ts';
import type { Question } from '../../question.ts';
import { healthCheckers } from '../../record.ts';
import { all, isSet, isUnset, type KeyId, type Test } from '../../remote/expression.ts';
import { aggregationOf, failingTest } from '../../remote/from-question.ts';
import { negate } from '../../remote/negate.ts';
import { RowTally } from '../../remote/row-tally.ts';
import type { Row } from '../../remote/rows.ts';
import { sampleWindow } from '../../remote/sample-window.ts';
import { bucketWidth, stillArriving } from '../../remote/window.ts';
import { SourceError } from '../source.ts';
import type { Asked } from './asked.ts';
import type { Bucket, Compute } from './client.ts';
import { withHosts } from './hosts.ts';
import { LogSearch } from './language.ts';
import { latencies } from './latency.ts';
import { limits } from './limits.ts';
import { sampleLines } from './lines.ts';
import { beyond, rowsOf } from './rows-of.ts';
import { keysOf } from './signature.ts';

/** What a signature tells; other fields that the records have are no part of a group. */
const told: readonly FieldId[] = [
  ...(['route', 'cluster', 'status', 'flags', 'details', 'grpcStatus', 'attempts'] as const),
  ...(['upstreamHost', 'duration', 'connectionAge', 'userAgent', 'authority'] as const),
];

interface Facet {
  readonly key: KeyId;
  readonly read: FieldId;
  /** The product of a query's limits is bounded. */
  readonly limit: number;
}
const facet = (key: KeyId, read: FieldId, limit: number): Facet => ({ key, read, limit });
const rescued: readonly Facet[] = [
  facet('route', 'route', 25),
  facet('backend', 'cluster', 4),
  facet('status', 'status', 5),
  facet('attempts', 'attempts', 4),
  facet('host', 'upstreamHost', 5),
];
const forChecks: readonly Facet[] = [facet('route', 'route', 100), facet('status', 'status', 20)];
/** Of records that the generated pipeline did not write: what most verdicts need. */
const foreign: readonly Facet[] = [
  facet('route', 'route', 50),
  facet('status', 'status', 10),
  facet('flags', 'flags', 10),
  facet('attempts', 'attempts', 2),
];

const healthCheck: Test = { kind: 'prefix', read: 'userAgent', prefixes: healthCheckers };

/**
 * Counts in Datadog with as few calls as will do, because calls are rationed: failing records by the one attribute that the Collector computed,
 * what it saw nothing wrong with by a few, and all by route.
 */
export async function countIn(asked: Asked, question: Question): Promise<Answer> {
  const { client, records, window, base } = asked;
  const { layout, signature } = records;
  const bucketMs = bucketWidth(window);
  const aggregation = aggregationOf(question, window, bucketMs, {
    ...layout,
    fields: layout.fields.filter((f) => told.includes(f)),
  });
  const search = new LogSearch(layout);
  const tally = new RowTally(
    { ...aggregation, distribution: [] },
    { ...layout, fields: layout.fields.filter((f) => told.includes(f)) },
    { storedBuckets: true },
  );
  const notes: string[] = [];
  const has = (read: Parameters<typeof layout.name>[0]) => layout.name(read) !== undefined;
  const query = (...tests: readonly Test[]): string =>
    [base, search.test(all(aggregation.where, ...tests))].filter((t) => t !== '*').join(' AND ');
  const failing = failingTest(has);
  const extremes: readonly Compute[] = [
    ...(has('duration')
      ? (['min', 'max'] as const).map((a) => ({ aggregation: a, metric: search.field('duration'), every: bucketMs }))
      : []),
    ...(has('connectionAge')
      ? (['min', 'max'] as const).map((a) => ({
          aggregation: a,
          metric: search.field('connectionAge'),
          every: bucketMs,
        }))
      : []),
  ];
  const grouped = (
    tests: readonly Test[],
    extra: string,
    facets: readonly { facet: string; limit: number }[],
    computes: readonly Compute[],
  ) => client.aggregate([query(...tests), ...(extra === '' ? [] : [extra])].join(' AND '), window, facets, computes);
  const rows: Row[] = [];
  const each = { aggregation: 'count', every: bucketMs } as const;

  // 1. What the Collector saw failing: one attribute says all.
  if (signature !== undefined) {
    const found = await grouped(
      [failing],
      `${signature}:*`,
      [{ facet: signature, limit: limits.groups }],
      [each, ...extremes],
    );
    if (found.length >= limits.groups) tally.truncated();
    const signed = found.flatMap((b) => {
      const keys = keysOf(b.by[signature] ?? '');
      if (keys) return [{ name: b.by[signature] ?? '', rows: rowsOf(b, keys, false, extremes, has) }];
      notes.push(`a ${signature} that is none: make it a facet, text, in Datadog's log explorer`);
      return [];
    });
    rows.push(
      ...(await withHosts(
        signed,
        (limit) =>
          has('upstreamHost')
            ? grouped(
                [failing],
                `${signature}:*`,
                [
                  { facet: signature, limit },
                  { facet: search.field('upstreamHost'), limit: limits.hosts },
                ],
                [{ aggregation: 'count' }],
              )
            : Promise.resolve([]),
        signature,
        has('upstreamHost') ? search.field('upstreamHost') : '',
      )),
    );
  }
  // 2. Failing to us, but not to the Collector (saved by a retry, health checks), or without its attribute: a few keys.
  const unsigned = signature === undefined ? '' : `-${signature}:*`;
  for (const checks of has('userAgent') ? [false, true] : [false]) {
    const tests = [failing, ...(has('userAgent') ? [checks ? healthCheck : negate(healthCheck)] : [])];
    const facets = (checks ? forChecks : signature === undefined ? foreign : rescued).filter(({ read }) => has(read));
    const found = await grouped(
      tests,
      unsigned,
      facets.map(({ read, limit }) => ({ facet: search.field(read), limit })),
      [each, ...extremes],
    );
    for (const b of found) {
      const keys = Object.fromEntries(
        facets.flatMap(({ key, read }) => {
          const value = b.by[search.field(read)];
          return value === undefined || value === '-' ? [] : [[key, value]];
        }),
      );
      // What a retry saved was answered over a connection, in the backend's own words.
      const known = checks
        ? { healthCheck: '1' }
        : signature === undefined
          ? {}
          : { details: 'via_upstream', hop: 'connection' };
      rows.push(...rowsOf(b, { ...keys, ...known }, false, extremes, has));
    }
    const full = facets.some(({ read, limit }) => new Set(found.map((b) => b.by[search.field(read)])).size >= limit);
    if (!full || !has('status')) continue;
    tally.truncated();
    const status = search.field('status');
    const whole = await grouped(tests, unsigned, [{ facet: status, limit: 100 }], [each]);
    rows.push(...beyond(found, whole, status, checks ? { healthCheck: '1' } : {}));
  }
  // 3. The rest, by route alone.
  const [key] = aggregation.keys;
  const routeField = key?.value.kind === 'text' ? search.field(key.value.read) : undefined;
  const byRoute = routeField === undefined ? [] : [{ facet: routeField, limit: limits.lines }];
  const weight = aggregation.weight;
  const heavy =
    weight === undefined
      ? []
      : await grouped([negate(failing), isSet(weight)], '', byRoute, [
          each,
          { aggregation: 'sum', metric: search.field(weight), every: bucketMs },
        ]);
  const light = await grouped([negate(failing), ...(weight === undefined ? [] : [isUnset(weight)])], '', byRoute, [
    each,
  ]);
  const named = (b: Bucket) =>
    routeField === undefined || b.by[routeField] === '-' || !key ? {} : { [key.id]: b.by[routeField] ?? '' };
  for (const b of light) rows.push(...rowsOf(b, named(b), true, [], has));
  for (const b of heavy) rows.push(...rowsOf(b, named(b), true, [], has, true));
  if (light.length >= limits.lines) tally.truncated();

  await latencies(
    asked,
    query,
    search,
    tally,
    routeField,
    has('userAgent') ? [negate(healthCheck)] : [],
    has('duration'),
  );
  const noChecks = has('userAgent') ? [negate(healthCheck)] : [];
  const [first, last] = await Promise.all(
    [false, true].map((newest) => client.search(query(...noChecks), window, 1, { newest })),
  );
  for (const [i, row] of rows.entries())
    tally.add(i === 0 ? { ...row, first: first?.events[0]?.time, last: last?.events[0]?.time } : row);
  const narrow = sampleWindow(tally.signatures(), bucketMs);
  const lines = narrow
    ? await sampleLines(asked, query(failing), {
        from: Math.max(narrow.from, window.from),
        to: Math.min(narrow.to, window.to),
      }).catch((error: unknown) => {
        if (!(error instanceof SourceError) || asked.signal.aborted) throw error;
        notes.push(`no sample lines: ${error.message}`);
        return [];
      })
    : [];
  const answer = tally.answer(
    {
      name: 'datadog',
      from: [`${asked.about}: ${base}`],
      window,
      queries: client.calls(),
      bytesScanned: undefined,
      recordsScanned: undefined,
      dollars: undefined,
      missing: [...client.warnings].map((reason) => ({ what: 'a part of the answer', reason })),
      notes: [
        ...notes,
        ...stillArriving(window, asked.clock.now()),
        ...(signature === undefined
          ? ['no vigia.signature in the records: grouped by four fields, details left out']
          : []),
      ],
    },
    lines,
  );
  return { ...answer, fields: [...new Set([...answer.fields, ...layout.fields, 'time' as const])].sort() };
}
