import { ageEdges, bucketIn, durationEdges } from '../buckets.ts';
import { type Signature, splitsByAge, splitsByDuration, type Traits, traitsKey } from '../signature.ts';
import { HostNumbers } from './host-counts.ts';
import { limits, other } from './limits.ts';
import { type Counted, noHost, SignatureRows } from './signature-rows.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long one request took, how old its upstream connection was (ms), when it began, and where it went. */
export interface Happened {
  readonly duration: number | null | undefined;
  readonly age: number | null | undefined;
  readonly time: number | null | undefined;
  /** By hostNumber. */
  readonly host: number;
  /** How many requests it stands for; unset for one. */
  readonly weight: number | null | undefined;
}

/** Requests that share traits and buckets, added up elsewhere. */
export interface GroupOf extends Counted {
  readonly time: number | null;
  readonly duration: number | null | undefined;
  readonly age: number | null | undefined;
  readonly host: string | undefined;
}

/** A time bucket, from and up to, epoch ms. */
export interface TimeBucket {
  readonly from: number;
  readonly to: number;
}

/**
 * Counts requests by signature. Distinct traits are told apart once and then go by number, so that counting one more request builds no
 * string and no object. When there are too many signatures, time buckets double; from an hour on, where that brings little, the names of
 * what is rare are folded into `(other)`.
 */
export class SignatureCounts {
  readonly #limit: number;
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #traits: Traits[] = [];
  /** The bits of buckets (partsOf) that tell requests with those traits apart. */
  readonly #splits: number[] = [];
  /** What those traits are counted as: themselves, or without their names. */
  readonly #countedAs: number[] = [];
  readonly #hosts = new HostNumbers(limits.hosts);
  #rows = new SignatureRows();
  /** By time bucket and code. */
  #times = new Map<number | null, Map<number, number>>();
  /** The time bucket met last: requests come in the order of their time, nearly. */
  #recent: (TimeBucket & { readonly rows: Map<number, number> }) | undefined;
  #full = false;
  /** Nothing more can be folded. */
  #fixed = false;
  bucketMs = minute;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Names were folded: not every signature is told apart. */
  get full(): boolean {
    return this.#full;
  }

  /** How many kinds of requests are told apart. */
  get kinds(): number {
    return this.#traits.length;
  }

  /** The number these traits go by. Where names are folded, new ones get none: a stranger could think of one for each request. */
  numberOf(traits: Traits): number {
    const key = traitsKey(traits);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    return this.#full ? this.#register(folded(traits)) : this.#register(traits, key);
  }

  #register(traits: Traits, key = traitsKey(traits)): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#traits.length;
    this.#numbers.set(key, number);
    this.#keys.push(key);
    this.#traits.push(traits);
    this.#splits.push((splitsByDuration(traits) ? 0xff : 0) | (splitsByAge(traits) ? 0xff00 : 0));
    this.#countedAs.push(number);
    return number;
  }

  traitsOf(number: number): Traits {
    return this.#traits[number] as Traits;
  }

  /** The bits of `parts` that are counted apart: of durations where something failed, of ages where a connection's end did it. */
  partsThatSplit(number: number): number {
    return this.#splits[number] as number;
  }

  /** The number a host goes by. */
  hostNumber(host: string | null | undefined): number {
    return typeof host === 'string' ? this.#hosts.numberOf(host) : noHost;
  }

  /** Counts one record, which stands for `count` requests, with the traits of that number. */
  add(number: number, one: Happened, count: number): void {
    const parts = partsOf(bucketIn(durationEdges, one.duration), bucketIn(ageEdges, one.age));
    const { duration, age, host } = one;
    this.addSome(number, one.time ?? null, parts, duration ?? Number.NaN, age ?? Number.NaN, host, count);
  }

  /**
   * The same whose buckets are known: `parts` has that of its duration in the lowest 8 bits and that of its age in the next (partsOf); durations
   * and ages that were not logged are NaN.
   */
  addSome(
    number: number,
    time: number | null,
    parts: number,
    duration: number,
    age: number,
    host: number,
    count: number,
  ): void {
    const row = this.#rowOf(time, number, parts);
    this.#rows.add(row, count, duration, age);
    if (host !== noHost) this.#rows.addHost(row, host, count);
    if (this.#rows.size > this.#limit) this.#fit();
  }

  /** The time bucket met last. */
  get recent(): TimeBucket | undefined {
    return this.#recent;
  }

  /** How many more signatures there may be before anything gives way. */
  get room(): number {
    return this.#limit - this.#rows.size;
  }

  /** Counts requests that were added up elsewhere, all of one host. */
  addMore(number: number, time: number | null, parts: number, of: Counted, host: number): void {
    const row = this.#rowOf(time, number, parts);
    this.#rows.addCounted(row, of);
    if (host !== noHost) this.#rows.addHost(row, host, of.count);
    this.#fit();
  }

  /** The same of a store's group; a host is told for all of them or for none. */
  addGroup(number: number, group: GroupOf): void {
    this.addMore(number, group.time, partsOf(group.duration, group.age), group, this.hostNumber(group.host));
  }

  /** By time, then by what they are. */
  signatures(): Signature[] {
    const order = [...this.#keys.keys()].sort((a, b) => ((this.#keys[a] ?? '') < (this.#keys[b] ?? '') ? -1 : 1));
    const rank = new Uint32Array(order.length);
    for (const [place, number] of order.entries()) rank[number] = place;
    const found: Signature[] = [];
    for (const [time, rows] of [...this.#times].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
      // By rank and then by buckets: numbers that a typed array sorts by itself.
      const codes = new Float64Array(rows.size);
      let i = 0;
      rows.forEach((_, code) => {
        codes[i++] = code + ((rank[traitsIn(code)] as number) - traitsIn(code)) * codesOfTraits;
      });
      codes.sort().forEach((ranked) => {
        const number = order[traitsIn(ranked)] as number;
        const code = ranked + (number - traitsIn(ranked)) * codesOfTraits;
        found.push(this.#signature(code, rows.get(code) as number, time));
      });
    }
    return found;
  }

  #signature(code: number, row: number, time: number | null): Signature {
    const hosts = new Map<string, number>();
    this.#rows.eachHost(row, (host, count) => hosts.set(this.#hosts.nameOf(host), count));
    const duration = bucketFrom(Math.floor(code / ageCodes) % durationCodes);
    const age = bucketFrom(code % ageCodes);
    return { ...this.traitsOf(traitsIn(code)), duration, age, ...this.#rows.counted(row), time, hosts };
  }

  /** The rows of the time bucket that holds that time. */
  #at(time: number | null): Map<number, number> {
    const recent = this.#recent;
    if (recent && time !== null && time >= recent.from && time < recent.to) return recent.rows;
    const bucket = time === null ? null : Math.floor(time / this.bucketMs) * this.bucketMs;
    let at = this.#times.get(bucket);
    if (!at) {
      at = new Map();
      this.#times.set(bucket, at);
    }
    if (bucket !== null) this.#recent = { from: bucket, to: bucket + this.bucketMs, rows: at };
    return at;
  }

  #rowOf(time: number | null, number: number, parts: number): number {
    const traits = this.#countedAs[number] as number;
    const telling = parts & (this.#splits[traits] as number);
    const code = codeOf(traits, telling & 0xff, telling >> 8);
    return this.#rowIn(this.#at(time), code);
  }

  #rowIn(at: Map<number, number>, code: number): number {
    const known = at.get(code);
    if (known !== undefined) return known;
    const row = this.#rows.make(code);
    at.set(code, row);
    return row;
  }

  /** Too many signatures. Counts stay, detail goes: when it was, up to an hour or as long as that helps, then the names of what is rare. */
  #fit(): void {
    while (this.#rows.size > this.#limit && !this.#fixed) {
      const wide = this.bucketMs >= day;
      if (!wide) {
        this.bucketMs *= 2;
        this.#addUpAnew();
      }
      if (wide || (this.bucketMs >= hour && this.#rows.size > 0.75 * this.#limit))
        this.#fixed = !this.#foldRare() && wide;
    }
  }

  /** Every row again, by the width of time buckets and the names that are now told apart. */
  #addUpAnew(): void {
    const rows = this.#rows;
    const times = this.#times;
    this.#rows = new SignatureRows(rows.size);
    this.#times = new Map();
    this.#recent = undefined;
    for (const [time, old] of times) {
      const into = this.#at(time);
      // No iterator, which makes two objects of each: there are thousands.
      old.forEach((row, code) => {
        this.#rows.addRow(this.#rowIn(into, this.#codeNow(code)), rows, row);
      });
    }
  }

  #codeNow(code: number): number {
    const traits = traitsIn(code);
    return code + ((this.#countedAs[traits] as number) - traits) * codesOfTraits;
  }

  /** Keeps the names of what has its share of the requests or more, as many as half the room holds. False when there was none to fold. */
  #foldRare(): boolean {
    const known = this.#traits.length;
    const requests = new Float64Array(known);
    const rows = new Uint32Array(known);
    let all = 0;
    for (let row = 0; row < this.#rows.size; row++) {
      const traits = traitsIn(this.#rows.codeOf(row));
      requests[traits] = (requests[traits] as number) + this.#rows.countOf(row);
      all += this.#rows.countOf(row);
      rows[traits] = (rows[traits] as number) + 1;
    }
    this.#full = true;
    const byCount = [...rows.keys()].sort((a, b) => (requests[b] as number) - (requests[a] as number) || a - b);
    let kept = 0;
    let any = false;
    for (const number of byCount) {
      if (this.#countedAs[number] !== number) continue;
      kept += rows[number] as number;
      if (kept <= this.#limit / 2 && (requests[number] as number) * this.#limit >= all) continue;
      const nameless = this.#register(folded(this.traitsOf(number)));
      if (nameless === number) continue;
      this.#countedAs[number] = nameless;
      any = true;
    }
    if (any) this.#addUpAnew();
    return any;
  }
}

/** One small integer for traits and buckets. */
function codeOf(traits: number, duration: number, age: number): number {
  return (traits * durationCodes + duration) * ageCodes + age;
}

/** A bucket as a part of a code: `undefined` is 0, `null` 1, a bucket its index and 2. */
const part = (bucket: number | null | undefined): number =>
  bucket === undefined ? 0 : bucket === null ? 1 : bucket + 2;
const partsOf = (duration: number | null | undefined, age: number | null | undefined): number =>
  part(duration) | (part(age) << 8);
const bucketFrom = (of: number): number | null | undefined => (of === 0 ? undefined : of === 1 ? null : of - 2);
const durationCodes = durationEdges.length + 2;
const ageCodes = ageEdges.length + 2;
/** How many codes traits have. */
const codesOfTraits = durationCodes * ageCodes;
const traitsIn = (code: number): number => Math.floor(code / codesOfTraits);

/** Without the names that strangers or many pods can multiply. */
function folded(s: Traits): Traits {
  const name = (value: string | null | undefined) => (value === null || value === undefined ? value : other);
  return {
    ...s,
    route: name(s.route),
    backend: name(s.backend),
    authority: name(s.authority),
    transportFailure: name(s.transportFailure),
  };
}
