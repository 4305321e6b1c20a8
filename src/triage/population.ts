import type { FieldId } from '../envoy/fields.ts';
import type { Answer } from '../logs/answer.ts';
import { durationEdges } from '../logs/buckets.ts';
import { flagOf, type Signature } from '../logs/signature.ts';

/** A duration that many failures of one kind share: somebody's timeout. */
export interface Spike {
  /** Median-ish of the shared duration, ms. */
  readonly ms: number;
  readonly count: number;
  readonly of: number;
}

/** What a single signature can't know: what the format carries, and what all failures together look like. */
export interface Population {
  carries(field: FieldId): boolean;
  /** The spike the signature's duration belongs to, among failures of the same kind; undefined when it shares its duration with too few. */
  spike(s: Signature): Spike | undefined;
  /** The least connection age, ms, among all connections that this backend's failures (UC) ended, and how many they are. */
  youngest(s: Signature): { readonly age: number; readonly count: number } | undefined;
}

/** Nothing but the line itself is known. */
export function lonely(fields: Iterable<FieldId>): Population {
  const carried = new Set(fields);
  return { carries: (field) => carried.has(field), spike: () => undefined, youngest: () => undefined };
}

/** At least this many, making up at least this share, count as one fixed duration; less of a share where the log can't tell backends apart. */
const enough = { count: 5, share: 0.6, shareOfMixed: 0.3 };

export function populationOf(answer: Pick<Answer, 'signatures' | 'fields'>): Population {
  const groups = new Map<string, Signature[]>();
  for (const s of answer.signatures) {
    for (const key of spikeKeys(s)) {
      const group = groups.get(key);
      if (group) group.push(s);
      else groups.set(key, [s]);
    }
  }
  const ages = youngestOf(answer.signatures);
  const spikes = new Map<string, Map<number, Spike>>();
  for (const [key, group] of groups) spikes.set(key, spikesIn(group, key === everywhere ? 3 : 1));
  return {
    carries: lonely(answer.fields).carries,
    youngest: (s) => ages.get(`${s.backend ?? s.route}`),
    spike(s) {
      if (typeof s.duration !== 'number') return undefined;
      for (const key of spikeKeys(s)) {
        const found = spikes.get(key)?.get(s.duration);
        if (found) return found;
      }
      return undefined;
    },
  };
}

const everywhere = 'DC';

/** Where a shared duration means something: clients that left, and connections that ended, at one backend and everywhere. */
function spikeKeys(s: Signature): string[] {
  const flag = flagOf(s);
  if (flag === 'UC') return [`UC ${s.backend ?? s.route}`];
  if (flag === 'DC') return [`DC ${s.backend ?? s.route}`, everywhere];
  return [];
}

/** Over all backends together a duration must be shared by several of them, or one slow backend would explain everybody's clients. */
function spikesIn(group: readonly Signature[], backends: number): Map<number, Spike> {
  const buckets = new Map<number, { count: number; min: number; max: number; backends: Set<unknown> }>();
  let of = 0;
  for (const s of group) {
    of += s.count;
    if (typeof s.duration !== 'number') continue;
    const bucket = buckets.get(s.duration);
    if (!bucket)
      buckets.set(s.duration, {
        count: s.count,
        min: s.durationMin,
        max: s.durationMax,
        backends: new Set([s.backend]),
      });
    else {
      bucket.count += s.count;
      bucket.min = Math.min(bucket.min, s.durationMin);
      bucket.max = Math.max(bucket.max, s.durationMax);
      bucket.backends.add(s.backend);
    }
  }
  const mixed = group.every((s) => s.backend === undefined && s.route === undefined);
  const found = new Map<number, Spike>();
  for (const [index, b] of buckets) {
    // A timer's own spread: 3 %, or 40 ms for short ones. Below 250 ms everything is close together by nature.
    const tight = b.max - b.min <= Math.max(40, b.max * 0.03);
    if (
      b.backends.size >= backends &&
      b.min >= 250 &&
      tight &&
      b.count >= enough.count &&
      b.count >= of * (mixed ? enough.shareOfMixed : enough.share)
    )
      found.set(index, { ms: Math.round((b.min + b.max) / 2), count: b.count, of });
  }
  return found;
}

/** The edges of a duration bucket, ms. */
export const durationRange = (index: number): readonly [number, number] => [
  durationEdges[index] ?? 0,
  durationEdges[index + 1] ?? Number.POSITIVE_INFINITY,
];

function youngestOf(signatures: readonly Signature[]): Map<string, { age: number; count: number }> {
  const ages = new Map<string, { age: number; count: number }>();
  for (const s of signatures) {
    if (flagOf(s) !== 'UC' || Number.isNaN(s.ageMin)) continue;
    const key = `${s.backend ?? s.route}`;
    const known = ages.get(key);
    ages.set(key, { age: Math.min(known?.age ?? s.ageMin, s.ageMin), count: (known?.count ?? 0) + s.count });
  }
  return ages;
}
