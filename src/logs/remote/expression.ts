import type { FieldId } from '../../envoy/fields.ts';
import type { derived } from '../../signals/labels.ts';

/** What the Collector computed beside Envoy's own fields, on failing records only (src/signals/labels.ts). */
export type StoredRead = (typeof derived)['details' | 'hop' | 'durationBucket' | 'ageBucket'];

/** What of a record a store can test or group by: one of our fields, whatever the store calls it, or what the Collector made of some. */
export type Read = FieldId | StoredRead;

/**
 * A test of one record, in no store's language. "Set" means there, and neither `-` nor empty: the three ways to be absent are one to us.
 * Negation is pushed down to the leaves, because stores differ in what `not` makes of an absent field:
 *
 * - `text`: set, and one of the globs matches the whole text (`*` is any run of characters, nothing else is special, case counts);
 *   negated: unset, or none matches.
 * - `flag`: the same for the list of response flags: one of them matches; negated: there is none, or none matches.
 * - `number`: set, and from <= value < below; an absent side is open.
 * - `prefix`: set, and begins with one of these.
 *
 * `any` of nothing never holds, `all` of nothing always does.
 */
export type Test =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Test[] }
  | { readonly kind: 'set' | 'unset'; readonly read: Read }
  | { readonly kind: 'text'; readonly read: Read; readonly globs: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'flag'; readonly globs: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'number'; readonly read: Read; readonly from?: number; readonly below?: number }
  | { readonly kind: 'prefix'; readonly read: Read; readonly prefixes: readonly string[] };

export const all = (...of: readonly Test[]): Test => ({ kind: 'all', of });
export const any = (...of: readonly Test[]): Test => ({ kind: 'any', of });
export const isSet = (read: Read): Test => ({ kind: 'set', read });
export const isUnset = (read: Read): Test => ({ kind: 'unset', read });

/** What a group is told apart by. */
export type Value =
  /** The field as text; `first` is looked at before it. */
  | { readonly kind: 'text'; readonly read: Read; readonly first?: Read }
  /** `1` where the test holds, else `0`. */
  | { readonly kind: 'bit'; readonly test: Test }
  /**
   * The index of the bucket [edge, next edge) that holds the number. `stored` is an attribute that has the bucket's lower edge (rounded up to
   * whole milliseconds) already; a store takes it where its records have it.
   */
  | { readonly kind: 'bucket'; readonly read: FieldId; readonly edges: readonly number[]; readonly stored: StoredRead }
  /** The number where it is one of these. */
  | { readonly kind: 'among'; readonly read: FieldId; readonly numbers: readonly number[] };

/** Names of groups' keys; `rows.ts` says what each one's text means. */
export type KeyId =
  | ('route' | 'backend' | 'authority' | 'status' | 'flags' | 'details' | 'transportFailure' | 'grpc' | 'attempts')
  | ('hop' | 'connected' | 'host' | 'serviceTime' | 'parsed' | 'healthCheck' | 'replySize' | 'duration' | 'age');

export interface Key {
  readonly id: KeyId;
  readonly value: Value;
}

/**
 * Which records, grouped by what, and what is counted of each group: everything a triage needs of a store. A group's aggregates are those of
 * a Row (rows.ts): records, requests (by weight), first and last time, least and greatest duration and connection age, and how many
 * requests lasted at least each edge of `distribution`.
 */
export interface Aggregation {
  /** Half-open, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** The width of the time buckets that are a key too, ms; they begin at multiples of it since the epoch. */
  readonly bucketMs: number;
  readonly where: Test;
  /** Holds for every record that may not be plainly healthy (signature.ts has the exact rule; rows are held to it again). */
  readonly failing: Test;
  /** The keys of every record: the group's name in the totals. */
  readonly keys: readonly Key[];
  /** Further keys, of failing records only: for the others they are unset, so that healthy traffic makes few groups. */
  readonly failingKeys: readonly Key[];
  /** Edges in ms, ascending. */
  readonly distribution: readonly number[];
  /** The field that says how many requests a record stands for, where records have it. */
  readonly weight: FieldId | undefined;
}
