import type { FieldId } from '../../envoy/fields.ts';
import { parseFlags } from '../../envoy/response-flags.ts';
import { fieldValue } from '../read/value.ts';
import { type AccessRecord, healthCheckers } from '../record.ts';
import { type Hop, type Traits, traitsOf } from '../signature.ts';
import type { KeyId } from './expression.ts';

/** One group of an aggregation, as every store's answer is read. Times are epoch ms, durations and ages ms. */
export interface Row {
  /** The store found nothing that fails: only the keys of every record are told (Aggregation.keys). */
  readonly plain: boolean;
  /** The keys' texts; a key that is not there, empty or `-` is unset. */
  readonly keys: Readonly<Partial<Record<KeyId, string>>>;
  /** The start of the time bucket; undefined where the store was not asked for one. */
  readonly time: number | undefined;
  /** Records, what they stand for by weight, and how many of them carried a weight above 1. */
  readonly records: number;
  readonly requests: number;
  readonly weighted: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly durationMin: number | undefined;
  readonly durationMax: number | undefined;
  readonly ageMin: number | undefined;
  readonly ageMax: number | undefined;
  /** Requests with a duration, and for each edge of the aggregation's distribution how many lasted at least so long. */
  readonly timed: number;
  readonly atLeast: readonly number[];
}

/**
 * A record that stands for the group: all that traits and plainness are made of, and no more. Markers stand for what was only asked as yes
 * or no. `carried` are the fields that the store's records have: what is there and unset is null, what is not there undefined.
 */
export function recordOfRow(row: Pick<Row, 'keys'>, carried: ReadonlySet<FieldId>): AccessRecord {
  const { keys } = row;
  const said = (id: KeyId) => (keys[id] === undefined || keys[id] === '' || keys[id] === '-' ? undefined : keys[id]);
  const value = (field: FieldId, text: string | undefined) =>
    carried.has(field) || text !== undefined
      ? text === undefined
        ? null
        : (fieldValue(field, text) ?? null)
      : undefined;
  const marker = (field: FieldId, id: KeyId, mark: string | number) =>
    carried.has(field) ? (keys[id] === '1' ? mark : null) : undefined;
  const record: Partial<Record<FieldId, unknown>> = {
    route: value('route', said('route')),
    cluster: value('cluster', said('backend')),
    authority: value('authority', said('authority')),
    status: value('status', said('status')),
    flags: carried.has('flags') || said('flags') ? parseFlags(said('flags') ?? '-') : undefined,
    // Empty details are details (NFCF); a group without any has no key.
    details: keys.details === '' ? '' : value('details', said('details')),
    transportFailure: value('transportFailure', said('transportFailure')),
    grpcStatus: value('grpcStatus', said('grpc')),
    attempts: value('attempts', said('attempts')),
    upstreamHost: value('upstreamHost', said('host')),
    localAddress: marker('localAddress', 'connected', 'set'),
    connectionId: marker('connectionId', 'connected', 1),
    serviceTime: marker('serviceTime', 'serviceTime', 1),
    method: marker('method', 'parsed', 'set'),
    path: marker('path', 'parsed', 'set'),
    userAgent: marker('userAgent', 'healthCheck', healthCheckers[0]),
    bytesSent: value('bytesSent', said('replySize')),
  };
  for (const id of Object.keys(record) as FieldId[]) if (record[id] === undefined) delete record[id];
  return record as AccessRecord;
}

/** The group's traits; the Collector's own word on how far it got counts where the addresses are not stored. */
export function traitsOfRow(record: AccessRecord, row: Pick<Row, 'keys'>): Traits {
  const traits = traitsOf(record);
  const hop = hops.find((h) => h === row.keys.hop);
  return hop === undefined ? traits : { ...traits, hop };
}

const hops: readonly Hop[] = ['none', 'cluster', 'host', 'connection'];

/** What a store calls a number: text, exponents and all; undefined when it is none. */
export function numberIn(text: string | number | undefined | null): number | undefined {
  if (text === undefined || text === null || text === '' || text === '-') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** The bucket's index: the key is an index already where the store computed it, or the edge that the Collector wrote. */
export function bucketIndex(text: string | undefined, edges: readonly number[], stored: boolean): number | undefined {
  const number = numberIn(text);
  if (number === undefined) return undefined;
  if (!stored) return Math.max(0, Math.min(edges.length - 1, number));
  const index = edges.findIndex((edge) => Math.ceil(edge) === number);
  return index < 0 ? undefined : index;
}
