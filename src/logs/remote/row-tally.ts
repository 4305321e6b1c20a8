import type { FieldId } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import type { Answer, RouteTotal, Sample, StoreReading } from '../answer.ts';
import { ageEdges, bucketOf, durationEdges, latencyBuckets, quantiles } from '../buckets.ts';
import type { AccessRecord, Place } from '../record.ts';
import { limits, other } from '../scan/limits.ts';
import { sampleOf } from '../scan/sampler.ts';
import { SignatureCounts } from '../scan/signature-counts.ts';
import { isPlain, type Signature } from '../signature.ts';
import type { Aggregation } from './expression.ts';
import { spread } from './latency-spread.ts';
import type { Layout } from './layout.ts';
import { bucketIndex, type Row, recordOfRow, traitsOfRow } from './rows.ts';

/** Requests of one name in the totals. */
interface Counted {
  requests: number;
  timed: number;
  longest: number;
  readonly atLeast: number[];
}

/** A line that a store gave for a group. */
export interface Line {
  readonly place: Place;
  readonly record: AccessRecord;
  readonly raw: string;
}

/** Whether a bucket's key is the lower edge that the Collector wrote (then it is the store's attribute), or the index of the bucket. */
export interface StoredBuckets {
  readonly duration: boolean;
  readonly age: boolean;
}

/** The Collector's own buckets wherever records have them: they need no arithmetic. */
export const bucketsStored = (layout: Layout): StoredBuckets => ({
  duration: layout.name(derived.durationBucket) !== undefined,
  age: layout.name(derived.ageBucket) !== undefined,
});

/**
 * Adds rows of grouped requests up to an Answer, whatever store they come from. Rows may come in any order and in parts: slices of time,
 * failing and plain records apart; two rows with the same keys add up. Memory is bounded as a file's tally is (scan/tally.ts: limits).
 *
 * A row whose keys turn out plain (signature.ts: isPlain) counts towards totals only, so a store may call more failing than fails.
 */
export class RowTally {
  readonly #aggregation: Aggregation;
  readonly #layout: Layout;
  readonly #stored: StoredBuckets;
  readonly #signatures = new SignatureCounts(limits.signatures);
  readonly #routes = new Map<string, Counted>();
  readonly #quantiles = new Map<string, Pick<RouteTotal, 'p50' | 'p99'>>();
  #latency:
    | (Pick<Counted, 'timed' | 'longest'> & { readonly edges: readonly number[]; readonly atLeast: readonly number[] })
    | undefined;
  readonly #all: Counted;
  readonly #timeline = new Map<number, number>();
  readonly #carried: Set<FieldId>;
  #truncated = false;
  #approximate = false;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #requests = 0;
  #records = 0;
  #weighted = 0;

  constructor(
    aggregation: Aggregation,
    layout: Layout,
    { storedBuckets: stored }: { readonly storedBuckets: boolean | StoredBuckets },
  ) {
    this.#aggregation = aggregation;
    this.#layout = layout;
    this.#stored = typeof stored === 'boolean' ? { duration: stored, age: stored } : stored;
    this.#signatures.bucketMs = aggregation.bucketMs;
    this.#carried = new Set(layout.fields);
    this.#all = this.#fresh();
  }

  /** Requests counted so far, health checks left out. */
  get requests(): number {
    return this.#requests;
  }

  add(row: Row): void {
    const record = recordOfRow(row, this.#carried);
    const traits = traitsOfRow(record, row);
    this.#records += row.records;
    this.#weighted += row.weighted;
    const count = Math.round(row.requests);
    if (row.plain || !traits.healthCheck) this.#total(row, record, count);
    if (row.plain || isPlain(record)) return;
    const durationMin = row.durationMin ?? Number.NaN;
    const durationMax = row.durationMax ?? Number.NaN;
    const ageMin = row.ageMin ?? Number.NaN;
    const ageMax = row.ageMax ?? Number.NaN;
    this.#signatures.addGroup(this.#signatures.numberOf(traits), {
      time: row.time ?? null,
      duration: this.#bucket('duration', row, durationEdges, durationMin, durationMax),
      age: this.#bucket('age', row, ageEdges, ageMin, ageMax),
      count,
      durationMin,
      durationMax,
      ageMin,
      ageMax,
      host: record.upstreamHost ?? undefined,
    });
  }

  /**
   * For a store that tells latency apart from rows: how many of all requests lasted at least each edge (ms, ascending; the aggregation's own
   * distribution unless given), and each route's median and 99th percentile, ms.
   */
  latency(
    all: {
      readonly timed: number;
      readonly edges?: readonly number[];
      readonly atLeast: readonly number[];
      readonly longest: number;
    },
    routes: ReadonlyMap<string, Pick<RouteTotal, 'p50' | 'p99'>>,
  ): void {
    this.#latency = { edges: this.#aggregation.distribution, ...all };
    for (const [route, quantiles] of routes) this.#quantiles.set(route, quantiles);
  }

  /** What has been counted so far. */
  signatures(): readonly Signature[] {
    return this.#signatures.signatures();
  }

  /** Names were cut off somewhere: counts stay whole, detail is lost. */
  truncated(): void {
    this.#truncated = true;
  }

  /** Counts are not those of every record: the store sampled, or something is missing. */
  approximate(): void {
    this.#approximate = true;
  }

  answer(store: Omit<StoreReading, 'newest' | 'latencyInterpolated'>, lines: readonly Line[]): Answer {
    const { distribution } = this.#aggregation;
    const histogram = (c: Counted) => spread(c.timed, distribution, c.atLeast, c.longest);
    const bucketMs = this.#signatures.bucketMs;
    const last = this.#last === Number.NEGATIVE_INFINITY ? undefined : this.#last;
    return {
      precision:
        this.#approximate || store.missing.length > 0
          ? 'approximate'
          : this.#truncated || this.#signatures.full
            ? 'truncated'
            : 'exact',
      requests: this.#requests,
      signatures: this.#signatures.signatures(),
      routes: [...this.#routes]
        .map(([route, c]): RouteTotal => {
          const told = this.#quantiles.get(route);
          if (told) return { route, requests: c.requests, ...told };
          const [p50, p99] = quantiles(histogram(c), [0.5, 0.99]);
          return { route, requests: c.requests, p50, p99 };
        })
        .sort((a, b) => b.requests - a.requests || (a.route < b.route ? -1 : a.route > b.route ? 1 : 0)),
      routeIs: this.#layout.routeIs,
      timeline: this.#rebucketed(bucketMs),
      bucketMs,
      latency: [...this.#spread()],
      first: this.#first === Number.POSITIVE_INFINITY ? undefined : this.#first,
      last,
      samples: this.#samples(lines, bucketMs),
      // A store has a time for each record, whatever the record says itself.
      fields: [...new Set([...this.#carried, 'time' as const])].sort(),
      reading: {
        store: { ...store, newest: last, latencyInterpolated: (this.#latency ?? this.#all).timed > 0 },
        files: [],
        bytes: store.bytesScanned ?? 0,
        lines: this.#records,
        applicationLines: 0,
        interim: 0,
        weighted: this.#weighted,
        outsideWindow: 0,
        leftOut: 0,
        rejects: 0,
        firstRejects: [],
      },
    };
  }

  #spread(): Iterable<number> {
    const { edges, timed, atLeast, longest } = this.#latency ?? { ...this.#all, edges: this.#aggregation.distribution };
    return edges.length === 0 ? new Array<number>(latencyBuckets).fill(0) : spread(timed, edges, atLeast, longest);
  }

  #total(row: Row, record: AccessRecord, count: number): void {
    const { routeIs } = this.#layout;
    const name =
      (routeIs === 'route' ? record.route : routeIs === 'backend' ? record.cluster : record.authority) ?? '-';
    this.#requests += count;
    for (const to of [this.#route(name), this.#all]) {
      to.requests += count;
      to.timed += row.timed;
      to.longest = Math.max(to.longest, row.durationMax ?? 0);
      for (const [i, n] of row.atLeast.entries()) to.atLeast[i] = (to.atLeast[i] ?? 0) + n;
    }
    if (row.first !== undefined) this.#first = Math.min(this.#first, row.first);
    if (row.last !== undefined) this.#last = Math.max(this.#last, row.last);
    if (row.time === undefined) return;
    if (!this.#timeline.has(row.time) && this.#timeline.size >= limits.minutes) this.#truncated = true;
    else this.#timeline.set(row.time, (this.#timeline.get(row.time) ?? 0) + count);
  }

  #route(name: string): Counted {
    const known = this.#routes.get(name);
    if (known) return known;
    if (this.#routes.size >= limits.routes && name !== other) {
      this.#truncated = true;
      return this.#route(other);
    }
    const fresh = this.#fresh();
    this.#routes.set(name, fresh);
    return fresh;
  }

  #fresh(): Counted {
    return { requests: 0, timed: 0, longest: 0, atLeast: this.#aggregation.distribution.map(() => 0) };
  }

  /** Where the key is unset (a record that the Collector saw nothing wrong with) the group's own extremes say it, unless they lie in two. */
  #bucket(key: 'duration' | 'age', row: Row, edges: readonly number[], min: number, max: number): number | null {
    const index = bucketIndex(row.keys[key], edges, this.#stored[key]);
    if (index !== undefined) return index;
    return Number.isNaN(max) || bucketOf(edges, min) !== bucketOf(edges, max) ? null : bucketOf(edges, max);
  }

  #samples(lines: readonly Line[], bucketMs: number): readonly Sample[] {
    const sorted = [...lines].sort((a, b) => (a.record.time ?? 0) - (b.record.time ?? 0) || (a.raw < b.raw ? -1 : 1));
    return sorted.slice(0, limits.samples).map((line) => sampleOf({ ...line, raw: cut(line.raw) }, bucketMs));
  }

  #rebucketed(bucketMs: number): Answer['timeline'] {
    const buckets = new Map<number, number>();
    for (const [start, requests] of this.#timeline) {
      const time = Math.floor(start / bucketMs) * bucketMs;
      buckets.set(time, (buckets.get(time) ?? 0) + requests);
    }
    return [...buckets].sort((a, b) => a[0] - b[0]).map(([time, requests]) => ({ time, requests }));
  }
}

const cut = (raw: string): string => (raw.length > limits.raw ? `${raw.slice(0, limits.raw)}…` : raw);
