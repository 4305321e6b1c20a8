import type { FieldId } from '../../envoy/fields.ts';
import type { Answer, Reject, RouteTotal } from '../answer.ts';
import { latencyBucket, latencyBuckets, quantile } from '../buckets.ts';
import { asks, type Question } from '../question.ts';
import { type AccessRecord, isInterim, type Place } from '../record.ts';
import { addSignature, flagOf, isPlain, type Signature, signatureKey, signatureOf } from '../signature.ts';
import { Sampler } from './sampler.ts';

/** Bounds that keep memory flat whatever the input. Names past a bound are counted under `(other)`, and the Answer says `truncated`. */
export const limits = {
  routes: 4096,
  signatures: 8_000,
  samples: 240,
  rejects: 5,
  raw: 4096,
  minutes: 100_000,
} as const;

export const other = '(other)';
const minute = 60_000;

interface RouteCount {
  requests: number;
  latency: Uint32Array;
}

/** Collects records into an Answer. Both readers, the plain one and the fast one, end here, so that they can only differ in speed. */
export class Tally {
  readonly question: Question;
  readonly #routes = new Map<string, RouteCount>();
  readonly #latency = new Float64Array(latencyBuckets);
  readonly #timeline = new Map<number, number>();
  #signatures = new Map<string, Signature>();
  #bucketMs = minute;
  readonly #sampler = new Sampler(limits);
  readonly #fields = new Set<FieldId>();
  readonly #rejects: Reject[] = [];
  #truncated = false;
  #full = false;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  requests = 0;
  lines = 0;
  bytes = 0;
  applicationLines = 0;
  interim = 0;
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

  /** Counts one record read from a line. */
  add(record: AccessRecord, place: Place, raw: string): void {
    this.carry(Object.keys(record) as FieldId[]);
    this.addCarried(record, place, raw);
  }

  /** Counts a record all of whose fields have been carried before. */
  addCarried(record: AccessRecord, place: Place, raw: string): void {
    if (isInterim(record.logType)) {
      this.interim++;
      return;
    }
    const asked = asks(this.question, record);
    if (asked === 'outside') this.outsideWindow++;
    else if (asked === 'other') this.leftOut++;
    if (asked !== 'yes') return;
    const signature = isPlain(record) ? undefined : signatureOf(record);
    if (!signature?.healthCheck)
      this.addPlain(this.#groupOf(record), record.time ?? undefined, record.duration ?? undefined);
    if (signature) this.#addSignature(signature, record, place, raw);
  }

  /** Counts a request towards the totals: the part of the work that healthy and failed requests share. */
  addPlain(route: string, time: number | undefined, duration: number | undefined): void {
    this.requests++;
    const group = this.#route(route);
    group.requests++;
    if (duration !== undefined) {
      const bucket = latencyBucket(duration);
      group.latency[bucket] = (group.latency[bucket] ?? 0) + 1;
      this.#latency[bucket] = (this.#latency[bucket] ?? 0) + 1;
    }
    if (time !== undefined) this.addMinute(Math.floor(time / minute) * minute, 1, time, time);
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
    if (!this.#timeline.has(start) && this.#timeline.size >= limits.minutes) this.#truncated = true;
    else this.#timeline.set(start, (this.#timeline.get(start) ?? 0) + requests);
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
      precision: this.#truncated ? 'truncated' : 'exact',
      requests: this.requests,
      signatures: [...this.#signatures].sort(byTimeThenKey).map(([, signature]) => signature),
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
      bucketMs: this.#bucketMs,
      latency: [...this.#latency],
      first: this.#first === Number.POSITIVE_INFINITY ? undefined : this.#first,
      last: this.#last === Number.NEGATIVE_INFINITY ? undefined : this.#last,
      samples: this.#sampler.samples(this.#bucketMs),
      fields: [...this.#fields].sort(),
      reading: {
        files,
        bytes: this.bytes,
        lines: this.lines,
        applicationLines: this.applicationLines,
        interim: this.interim,
        outsideWindow: this.outsideWindow,
        leftOut: this.leftOut,
        rejects: this.rejects,
        firstRejects: this.#rejects,
      },
    };
  }

  #groupOf(r: AccessRecord): string {
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

  #addSignature(one: Signature, record: AccessRecord, place: Place, raw: string): void {
    const exact = one.time;
    one.time = exact === null ? null : Math.floor(exact / this.#bucketMs) * this.#bucketMs;
    this.#sample(one, record, place, raw);
    this.#merge(this.#signatures, this.#full ? folded(one) : one);
    while (!this.#full && this.#signatures.size > limits.signatures) this.#coarsen();
  }

  #merge(into: Map<string, Signature>, one: Signature, identity = ` ${signatureKey(one)}`): void {
    const key = one.time + identity;
    const known = into.get(key);
    if (known) addSignature(known, one);
    else into.set(key, one);
  }

  /** Too many signatures: double the width of the time buckets; at a day's width fold names instead. Counts stay, detail goes. */
  #coarsen(): void {
    this.#full = this.#bucketMs >= 1440 * minute;
    if (this.#full) this.#truncated = true;
    else this.#bucketMs *= 2;
    const merged = new Map<string, Signature>();
    for (const [key, s] of this.#signatures) {
      s.time = s.time === null ? null : Math.floor(s.time / this.#bucketMs) * this.#bucketMs;
      if (this.#full) this.#merge(merged, folded(s));
      else this.#merge(merged, s, key.slice(key.indexOf(' ')));
    }
    this.#signatures = merged;
  }

  #sample(s: Signature, record: AccessRecord, place: Place, raw: string): void {
    this.#sampler.take(`${s.route} ${s.status} ${flagOf(s)} ${s.details}`, record, place, raw);
  }

  #rebucketed(): Answer['timeline'] {
    const buckets = new Map<number, number>();
    for (const [start, requests] of this.#timeline) {
      const time = Math.floor(start / this.#bucketMs) * this.#bucketMs;
      buckets.set(time, (buckets.get(time) ?? 0) + requests);
    }
    return [...buckets].sort((a, b) => a[0] - b[0]).map(([time, requests]) => ({ time, requests }));
  }
}

/** Without the names that strangers or many pods can multiply. */
function folded(s: Signature): Signature {
  const name = (value: string | null | undefined) => (value === null || value === undefined ? value : other);
  return {
    ...s,
    route: name(s.route),
    backend: name(s.backend),
    hosts: new Map(s.hosts),
    authority: name(s.authority),
    transportFailure: name(s.transportFailure),
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** The map's keys are the time and the signatureKey: within one time they sort as the latter does. */
const byTimeThenKey = (a: readonly [string, Signature], b: readonly [string, Signature]): number =>
  (a[1].time ?? 0) - (b[1].time ?? 0) || order(a[0].slice(a[0].indexOf(' ')), b[0].slice(b[0].indexOf(' ')));
