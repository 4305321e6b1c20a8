import { localReplySizes } from '../../envoy/local-replies.ts';
import { derived } from '../../signals/labels.ts';
import { ageEdges, durationEdges } from '../buckets.ts';
import { type Condition, pattern, type Question } from '../question.ts';
import { healthCheckers } from '../record.ts';
import { SourceError } from '../sources/source.ts';
import {
  type Aggregation,
  all,
  any,
  isSet,
  isUnset,
  type Key,
  type KeyId,
  type Read,
  type Test,
} from './expression.ts';
import type { Layout } from './layout.ts';

/** A remote store is always asked about a window with both ends, half-open, epoch ms: an open one would scan all that was ever stored. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Edges in ms at which durations of all requests are counted: percentiles between two of them are interpolated. The histogram of
 * OpenTelemetry's conventions, with a few more where gateways answer, and a gateway's own limits.
 */
export const latencyEdges: readonly number[] = [
  1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 250, 500, 750, 1000, 2500, 5000, 10_000, 15_000, 30_000, 60_000,
];

/** What a store is asked for a triage of the question's requests in the window. Fields that its records lack are no part of it. */
export function aggregationOf(question: Question, window: Window, bucketMs: number, layout: Layout): Aggregation {
  const has = (read: Read) => layout.name(read) !== undefined;
  const [group, ...rest] = keysOf(layout.routeIs);
  return {
    from: window.from,
    to: window.to,
    bucketMs,
    where: whereOf(question, has),
    failing: failingTest(has),
    keys: [present(group, has)].flatMap((k) => k ?? []),
    failingKeys: rest.flatMap((k) => present(k, has) ?? []),
    distribution: has('duration') ? latencyEdges : [],
    weight: has('weight') ? 'weight' : undefined,
  };
}

/** The window that the question must have when a remote store is asked. */
export function windowOf({ from, to }: Question): Window {
  if (from === undefined || to === undefined)
    throw new SourceError(
      'a remote store is asked about a window with a beginning and an end',
      '--since 1h, or --from and --to',
    );
  return { from, to };
}

/** The question's conditions; no line of another kind, and no entry of a request that still runs. A field that no record has is `-`, as everywhere. */
export function whereOf(question: Question, has: (read: Read) => boolean): Test {
  return all(...question.where.map((c) => conditionTest(c, has)), accessLog(has), finished(has));
}

function conditionTest({ field, values, negated }: Condition, has: (read: Read) => boolean): Test {
  // Unset reads as `-`: whether a value matches that decides about records without the field.
  const unsetMatches = values.some((v) => pattern(v)('-'));
  if (!has(field)) return unsetMatches === negated ? any() : all();
  const said: Test =
    field === 'flags'
      ? { kind: 'flag', globs: values, negated }
      : { kind: 'text', read: field, globs: values, negated };
  if (!unsetMatches) return said;
  return negated ? all(isSet(field), said) : any(isUnset(field), said);
}

/** A store has other people's lines too, and Envoy's own: a request has a status, 0 at least, or flags (read/json.ts asks the same of files). */
function accessLog(has: (read: Read) => boolean): Test {
  const either = (['status', 'flags'] as const).filter(has);
  return either.length === 0 ? all() : any(...either.map(isSet));
}

/** Only the last entry of a request counts (record.ts: isInterim). */
function finished(has: (read: Read) => boolean): Test {
  return has('logType')
    ? any(isUnset('logType'), { kind: 'text', read: 'logType', globs: ['*End', 'NotSet'], negated: false })
    : all();
}

/** Everything but what signature.ts calls plain; gRPC statuses that only look like a failure are sorted out when rows are read. */
export function failingTest(has: (read: Read) => boolean): Test {
  const tests: (Test | false)[] = [
    has('status')
      ? any(
          isUnset('status'),
          { kind: 'number', read: 'status', below: 100 },
          { kind: 'number', read: 'status', from: 400 },
        )
      : all(),
    has('flags') && isSet('flags'),
    has('attempts') && { kind: 'number', read: 'attempts', from: 2 },
    has('grpcStatus') &&
      all(isSet('grpcStatus'), { kind: 'text', read: 'grpcStatus', globs: ['0', 'OK', 'Ok', 'ok'], negated: true }),
    has('userAgent') && healthCheck,
  ];
  return any(...tests.filter((t) => t !== false));
}

const healthCheck: Test = { kind: 'prefix', read: 'userAgent', prefixes: healthCheckers };
const connected = any(isSet('localAddress'), { kind: 'number', read: 'connectionId', from: 1 });

const text = (id: KeyId, read: Read, first?: Read): Key => ({
  id,
  value: { kind: 'text', read, ...(first === undefined ? {} : { first }) },
});
const bit = (id: KeyId, test: Test): Key => ({ id, value: { kind: 'bit', test } });

/** The parts of a signature (src/signals/signature.ts) and what else a judgement looks at; what requests are grouped by comes first. */
function keysOf(routeIs: Layout['routeIs']): readonly [Key, ...Key[]] {
  const names = {
    route: text('route', 'route'),
    backend: text('backend', 'cluster'),
    authority: text('authority', 'authority'),
  };
  return [
    names[routeIs],
    ...Object.values(names).filter((k) => k.id !== routeIs && (k.id !== 'authority' || routeIs === 'authority')),
    text('status', 'status'),
    text('flags', 'flags'),
    text('details', 'details', derived.details),
    text('transportFailure', 'transportFailure'),
    text('grpc', 'grpcStatus'),
    text('attempts', 'attempts'),
    text('hop', derived.hop),
    bit('connected', connected),
    text('host', 'upstreamHost'),
    bit('serviceTime', isSet('serviceTime')),
    bit('parsed', any(isSet('method'), isSet('path'))),
    bit('healthCheck', healthCheck),
    { id: 'replySize', value: { kind: 'among', read: 'bytesSent', numbers: Object.keys(localReplySizes).map(Number) } },
    {
      id: 'duration',
      value: { kind: 'bucket', read: 'duration', edges: durationEdges, stored: derived.durationBucket },
    },
    { id: 'age', value: { kind: 'bucket', read: 'connectionAge', edges: ageEdges, stored: derived.ageBucket } },
  ];
}

/** The key with what the store's records have of it; undefined when that is nothing. */
function present(key: Key, has: (read: Read) => boolean): Key | undefined {
  const { id, value } = key;
  // Without details a body's size is a hint; with them it only multiplies groups.
  if (id === 'replySize' && has('details')) return undefined;
  switch (value.kind) {
    case 'text': {
      const reads = [value.first, value.read].filter((r) => r !== undefined && has(r)) as Read[];
      return reads.length === 2 ? key : reads[0] && text(id, reads[0]);
    }
    case 'bit': {
      const test = presentTest(value.test, has);
      return test && bit(id, test);
    }
    case 'bucket':
      return has(value.read) || has(value.stored) ? key : undefined;
    case 'among':
      return has(value.read) ? key : undefined;
  }
}

function presentTest(test: Test, has: (read: Read) => boolean): Test | undefined {
  if (test.kind !== 'any') return 'read' in test && has(test.read) ? test : undefined;
  const of = test.of.flatMap((t) => presentTest(t, has) ?? []);
  return of.length === 0 ? undefined : any(...of);
}
