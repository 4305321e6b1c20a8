import type { FieldId } from '../../envoy/fields.ts';
import type { Answer, Reject, RouteTotal } from '../answer.ts';
import { latencyBucket, latencyBuckets, quantile } from '../buckets.ts';
import { asks, type Question, within } from '../question.ts';
import { type AccessRecord, isInterim, type Place } from '../record.ts';
import { flagOf, isPlain, traitsOf } from '../signature.ts';
import { Sampler, sampleCounts } from './sampler.ts';
import { type Happened, other, SignatureCounts, type TimeBucket } from './signature-counts.ts';
import type { Counted } from './signature-rows.ts';

/** Bounds that keep memory flat whatever the input. Names past a bound are counted under `(other)`, and the Answer says `truncated`. */
export const limits = {
  routes: 4096,
  signatures: 8_000,
  samples: 240,
  rejects: 5,
  raw: 4096,
  minutes: 100_000,
  /** A sampler that keeps one of a million; a record that claims more is one request. */
  weight: 1_000_000,
} as const;

const minute = 60_000;

interface RouteCount {
  requests: number;
  latency: Uint32Array;
}

/** What requests that share all traits are counted under: the traits' number, and the name in the totals; undefined for health checks. */
export interface Alike {
  readonly number: number;
  readonly group: string | undefined;
}

/** Collects records into an Answer. Both readers, the plain one and the fast one, end here, so that they can only differ in speed. */
export class Tally {
  readonly question: Question;
  readonly #routes = new Map<string, RouteCount>();
  readonly #latency = new Float64Array(latencyBuckets);
  readonly #timeline = new Map<number, { requests: number }>();
  /** The minute met last: requests come in the order of their time, nearly. */
  #recent: { readonly start: number; readonly count: { requests: number } } | undefined;
  readonly #signatures = new SignatureCounts(limits.signatures);
  readonly #sampler = new Sampler(limits);
  /** The kind of sample that the traits of each number are. */
  readonly #kinds: number[] = [];
  readonly #fields = new Set<FieldId>();
  readonly #rejects: Reject[] = [];
  /** Of fractional weights: what has not been counted yet. */
  #owed = 0;
  #truncated = false;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  requests = 0;
  lines = 0;
  bytes = 0;
  applicationLines = 0;
  interim = 0;
  weighted = 0;
  outsideWindow = 0;
  leftOut = 0;
  rejects = 0;
  routeIs: Answer['routeIs'] = 'route';

  constructor(question: Question) {
    this.question = question;
  }

  get signatureCount(): number {
    return this.#signatures.size;
  }

  /** Counts one record read from a line. What it is counted under, unless it is plain or not asked about. */
  add(record: AccessRecord, place: Place, raw: string): Alike | undefined {
    this.carry(Object.keys(record) as FieldId[]);
    return this.addCarried(record, place, raw);
  }

  /** The same of a record all of whose fields have been carried before. */
  addCarried(record: AccessRecord, place: Place, raw: string): Alike | undefined {
    if (isInterim(record.logType)) {
      this.interim++;
      return undefined;
    }
    const asked = asks(this.question, record);
    if (asked === 'outside') this.outsideWindow++;
    else if (asked === 'other') this.leftOut++;
    if (asked !== 'yes') return undefined;
    if (isPlain(record)) {
      this.#addPlain(this.groupOf(record), record, this.#countOf(record.weight));
      return undefined;
    }
    const alike = this.#learn(record);
    if (this.#add(alike, this.#happened(record))) this.sample(alike, record, place, raw);
    return alike;
  }

  /**
   * Counts a request that is not plain and like one that has been counted. The question's conditions must be about the name it is grouped
   * by: then what was asked for of the first is of all. True when it is to be a sample.
   */
  addLike(alike: Alike, one: Happened): boolean {
    if (within(this.question, one.time)) return this.#add(alike, one);
    this.outsideWindow++;
    return false;
  }

  /**
   * The same when it stands for itself alone, lies in the window, and addRoute and addMinute count it: only with the traits of that number.
   * `parts` are its buckets' of a code, duration and age (ms) what was logged or above `lastNumber` (signature-rows.ts). Whether it is to be
   * a sample is for the caller to ask.
   */
  addKnown(number: number, time: number, parts: number, duration: number, age: number, host: number): void {
    this.#signatures.addOne(number, time, parts, duration, age, host);
  }

  /** The time bucket in which more like what was counted may be added up elsewhere, to be handed to addMore: undefined when there is none. */
  bucketWith(room: number): TimeBucket | undefined {
    return this.#signatures.bucketWith(room);
  }

  /** Counts as addKnown does, several whose like was counted before. */
  addMore(number: number, time: number, parts: number, of: Counted, host: number): void {
    this.#signatures.addMore(number, time, parts, of, host);
  }

  /** Counts one more of that kind of samples; true when it is to be one. */
  wants(kind: number): boolean {
    return this.#sampler.wants(kind);
  }

  /** Counts kinds of samples in that memory from now on (sampler.ts), or in its own. */
  countSamplesIn(memory: Uint32Array = new Uint32Array(sampleCounts(limits.samples))): void {
    this.#sampler.countIn(memory);
  }

  /** Keeps the request that was counted last; a record that is a function is read only if it is among the samples in the end. */
  sample(alike: Alike, record: AccessRecord | (() => AccessRecord), place: Place, raw: string): void {
    this.#sampler.keep(this.kindOf(alike.number), place, record, raw);
  }

  /** The number that a host goes by in what addKnown is told. */
  hostNumber(host: string): number {
    return this.#signatures.hostNumber(host);
  }

  #happened(r: AccessRecord): Happened {
    const host = this.#signatures.hostNumber(r.upstreamHost);
    return { duration: r.duration, age: r.connectionAge, time: r.time, host, weight: r.weight };
  }

  #learn(record: AccessRecord): Alike {
    const traits = traitsOf(record);
    const group = traits.healthCheck ? undefined : this.groupOf(record);
    return { number: this.#signatures.numberOf(traits), group };
  }

  #add(alike: Alike, one: Happened): boolean {
    const count = this.#countOf(one.weight);
    if (alike.group !== undefined) this.#addPlain(alike.group, one, count);
    this.#signatures.add(alike.number, one, count);
    return this.#sampler.wants(this.kindOf(alike.number));
  }

  /** Counts requests towards the totals: the part of the work that healthy and failed ones share. */
  #addPlain(route: string, one: { [K in 'time' | 'duration']?: number | null | undefined }, count: number): void {
    this.requests += count;
    const group = this.#route(route);
    group.requests += count;
    const { time, duration } = one;
    if (duration !== undefined && duration !== null) {
      const bucket = latencyBucket(duration);
      group.latency[bucket] = (group.latency[bucket] ?? 0) + count;
      this.#latency[bucket] = (this.#latency[bucket] ?? 0) + count;
    }
    if (time !== undefined && time !== null) this.addMinute(Math.floor(time / minute) * minute, count, time, time);
  }

  /**
   * How many requests a record stands for. A weight need not be whole (3 of 10 kept weigh 3.33 each): what is left over is counted with the
   * next one, so that every number here stays whole and their sum is right to one request.
   */
  #countOf(weight: number | null | undefined): number {
    if (weight === undefined || weight === null || !(weight > 1 && weight <= limits.weight)) return 1;
    this.weighted++;
    this.#owed += weight - Math.floor(weight);
    // Thirds do not add up to one in binary.
    const whole = Math.floor(this.#owed + 1e-6);
    this.#owed -= whole;
    return Math.floor(weight) + whole;
  }

  /** Counts many plain requests of one route at once, as a scanner's own table holds them. `latency` is sparse: [bucket, count] pairs. */
  addRoute(route: string, requests: number, latency: Iterable<readonly [number, number]>): void {
    this.requests += requests;
    const group = this.#route(route);
    group.requests += requests;
    for (const [bucket, count] of latency) {
      group.latency[bucket] = (group.latency[bucket] ?? 0) + count;
      this.#latency[bucket] = (this.#latency[bucket] ?? 0) + count;
    }
  }

  /** Counts requests of one minute on the timeline, and the first and last of them. */
  addMinute(start: number, requests: number, first: number, last: number): void {
    if (first < this.#first) this.#first = first;
    if (last > this.#last) this.#last = last;
    const count = this.#recent?.start === start ? this.#recent.count : this.#minute(start);
    if (count) count.requests += requests;
    else this.#truncated = true;
  }

  #minute(start: number): { requests: number } | undefined {
    let count = this.#timeline.get(start);
    if (!count) {
      if (this.#timeline.size >= limits.minutes) return undefined;
      count = { requests: 0 };
      this.#timeline.set(start, count);
    }
    this.#recent = { start, count };
    return count;
  }

  carry(fields: Iterable<FieldId>): void {
    for (const id of fields) this.#fields.add(id);
  }

  reject(place: Place, reason: string, text: string): void {
    this.rejects++;
    if (this.#rejects.length < limits.rejects) this.#rejects.push({ ...place, reason, text: text.slice(0, 200) });
  }

  answer(files: Answer['reading']['files']): Answer {
    return {
      precision: this.#truncated || this.#signatures.full ? 'truncated' : 'exact',
      requests: this.requests,
      signatures: this.#signatures.signatures(),
      routes: [...this.#routes]
        .map(
          ([route, r]): RouteTotal => ({
            route,
            requests: r.requests,
            p50: quantile(r.latency, 0.5),
            p99: quantile(r.latency, 0.99),
          }),
        )
        .sort((a, b) => b.requests - a.requests || order(a.route, b.route)),
      routeIs: this.routeIs,
      timeline: this.#rebucketed(),
      bucketMs: this.#signatures.bucketMs,
      latency: [...this.#latency],
      first: this.#first === Number.POSITIVE_INFINITY ? undefined : this.#first,
      last: this.#last === Number.NEGATIVE_INFINITY ? undefined : this.#last,
      samples: this.#sampler.samples(this.#signatures.bucketMs),
      fields: [...this.#fields].sort(),
      reading: {
        files,
        bytes: this.bytes,
        lines: this.lines,
        applicationLines: this.applicationLines,
        interim: this.interim,
        weighted: this.weighted,
        outsideWindow: this.outsideWindow,
        leftOut: this.leftOut,
        rejects: this.rejects,
        firstRejects: this.#rejects,
      },
    };
  }

  /** The name a request is grouped by in the totals. */
  groupOf(r: AccessRecord): string {
    const name = this.routeIs === 'route' ? r.route : this.routeIs === 'backend' ? r.cluster : r.authority;
    return name ?? '-';
  }

  #route(name: string): RouteCount {
    const known = this.#routes.get(name);
    if (known) return known;
    if (this.#routes.size >= limits.routes && name !== other) {
      this.#truncated = true;
      return this.#route(other);
    }
    const fresh = { requests: 0, latency: new Uint32Array(latencyBuckets) };
    this.#routes.set(name, fresh);
    return fresh;
  }

  /** The kind of samples that requests with the traits of that number are. */
  kindOf(number: number): number {
    const known = this.#kinds[number];
    if (known !== undefined) return known;
    const s = this.#signatures.traitsOf(number);
    const kind = this.#sampler.kindOf(`${s.route} ${s.status} ${flagOf(s)} ${s.details}`);
    this.#kinds[number] = kind;
    return kind;
  }

  #rebucketed(): Answer['timeline'] {
    const buckets = new Map<number, number>();
    const { bucketMs } = this.#signatures;
    for (const [start, { requests }] of this.#timeline) {
      const time = Math.floor(start / bucketMs) * bucketMs;
      buckets.set(time, (buckets.get(time) ?? 0) + requests);
    }
    return [...buckets].sort((a, b) => a[0] - b[0]).map(([time, requests]) => ({ time, requests }));
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
