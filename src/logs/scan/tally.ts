import type { FieldId } from '../../envoy/fields.ts';
import type { Answer, Reject } from '../answer.ts';
import { asks, type Question, within } from '../question.ts';
import { type AccessRecord, isInterim, type Place } from '../record.ts';
import { flagOf, isPlain, traitsOf } from '../signature.ts';
import { limits } from './limits.ts';
import { RequestTotals } from './request-totals.ts';
import { Sampler } from './sampler.ts';
import { type Happened, SignatureCounts } from './signature-counts.ts';

/** What requests that share all traits are counted under: the traits' number, and the name in the totals; undefined for health checks. */
export interface Alike {
  readonly number: number;
  readonly group: string | undefined;
}

/** Collects records into an Answer. Both readers, the plain one and the fast one, end here, so that they can only differ in speed. */
export class Tally {
  readonly question: Question;
  readonly totals = new RequestTotals();
  readonly signatures = new SignatureCounts(limits.signatures);
  readonly sampler = new Sampler(limits);
  /** The kind of sample that the traits of each number are. */
  readonly #kinds: number[] = [];
  readonly #fields = new Set<FieldId>();
  readonly #rejects: Reject[] = [];
  /** Of fractional weights: what has not been counted yet. */
  #owed = 0;
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

  /** Requests counted so far, health checks left out. */
  get requests(): number {
    return this.totals.requests;
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
      this.totals.add(this.groupOf(record), record, this.#countOf(record.weight));
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

  /** Keeps the request that was counted last; a record that is a function is read only if it is among the samples in the end. */
  sample(alike: Alike, record: AccessRecord | (() => AccessRecord), place: Place, raw: string): void {
    this.sampler.keep(this.kindOf(alike.number), place, record, raw);
  }

  #happened(r: AccessRecord): Happened {
    const host = this.signatures.hostNumber(r.upstreamHost);
    return { duration: r.duration, age: r.connectionAge, time: r.time, host, weight: r.weight };
  }

  #learn(record: AccessRecord): Alike {
    const traits = traitsOf(record);
    const group = traits.healthCheck ? undefined : this.groupOf(record);
    return { number: this.signatures.numberOf(traits), group };
  }

  #add(alike: Alike, one: Happened): boolean {
    const count = this.#countOf(one.weight);
    if (alike.group !== undefined) this.totals.add(alike.group, one, count);
    this.signatures.add(alike.number, one, count);
    return this.sampler.wants(this.kindOf(alike.number));
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

  carry(fields: Iterable<FieldId>): void {
    for (const id of fields) this.#fields.add(id);
  }

  reject(place: Place, reason: string, text: string): void {
    this.rejects++;
    if (this.#rejects.length < limits.rejects) this.#rejects.push({ ...place, reason, text: text.slice(0, 200) });
  }

  answer(files: Answer['reading']['files']): Answer {
    return {
      precision: this.totals.truncated || this.signatures.full ? 'truncated' : 'exact',
      ...this.totals.answer(this.signatures.bucketMs),
      signatures: this.signatures.signatures(),
      routeIs: this.routeIs,
      bucketMs: this.signatures.bucketMs,
      samples: this.sampler.samples(this.signatures.bucketMs),
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

  /** The kind of samples that requests with the traits of that number are. */
  kindOf(number: number): number {
    const known = this.#kinds[number];
    if (known !== undefined) return known;
    const s = this.signatures.traitsOf(number);
    const kind = this.sampler.kindOf(`${s.route} ${s.status} ${flagOf(s)} ${s.details}`);
    this.#kinds[number] = kind;
    return kind;
  }
}
