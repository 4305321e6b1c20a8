import { ageEdges, bucketIn, durationEdges } from '../buckets.ts';
import { type Signature, splitsByAge, splitsByDuration, type Traits, traitsKey } from '../signature.ts';
import { HostCounts } from './host-counts.ts';

export const other = '(other)';
const minute = 60_000;
const day = 1440 * minute;

/** How long one request took, how old its upstream connection was (ms), when it began, and where it went. */
export interface Happened {
  readonly duration: number | null | undefined;
  readonly age: number | null | undefined;
  readonly time: number | null | undefined;
  readonly host: string | null | undefined;
  /** How many requests it stands for; unset for one. */
  readonly weight: number | null | undefined;
}

/** Requests that share traits and buckets, added up elsewhere; NaN where a least or greatest value is not known. */
export interface GroupOf {
  readonly time: number | null;
  readonly duration: number | null | undefined;
  readonly age: number | null | undefined;
  readonly count: number;
  readonly durationMin: number;
  readonly durationMax: number;
  readonly ageMin: number;
  readonly ageMax: number;
  readonly host: string | undefined;
}

/** What is counted of the requests that share traits, buckets and a time bucket. */
interface Row {
  readonly traits: number;
  readonly duration: number | null | undefined;
  readonly age: number | null | undefined;
  count: number;
  durationMin: number;
  durationMax: number;
  ageMin: number;
  ageMax: number;
  readonly hosts: HostCounts;
}

/**
 * Counts requests by signature. Distinct traits are told apart once and then go by number, so that counting one more request builds no
 * string and no object. When there are too many signatures, time buckets double; at a day's width names are folded into `(other)`.
 */
export class SignatureCounts {
  readonly #limit: number;
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #traits: Traits[] = [];
  /** For each: whether durations, and whether ages, tell its requests apart. */
  readonly #byDuration: boolean[] = [];
  readonly #byAge: boolean[] = [];
  readonly #folded: number[] = [];
  #rows = new Map<number | null, Map<number, Row>>();
  /** The time bucket met last: requests come in the order of their time, nearly. */
  #recent: { readonly from: number; readonly to: number; readonly rows: Map<number, Row> } | undefined;
  #size = 0;
  #full = false;
  bucketMs = minute;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
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
    const known = this.#numbers.get(traitsKey(traits));
    if (known !== undefined) return known;
    return this.#register(this.#full ? folded(traits) : traits);
  }

  #register(traits: Traits): number {
    const key = traitsKey(traits);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#traits.length;
    this.#numbers.set(key, number);
    this.#keys.push(key);
    this.#traits.push(traits);
    this.#byDuration.push(splitsByDuration(traits));
    this.#byAge.push(splitsByAge(traits));
    return number;
  }

  traitsOf(number: number): Traits {
    return this.#traits[number] as Traits;
  }

  /** Counts one record, which stands for `count` requests, with the traits of that number. */
  add(number: number, one: Happened, count: number): void {
    const traits = this.#full ? this.#foldedNumber(number) : number;
    const duration = this.#byDuration[traits] ? bucketIn(durationEdges, one.duration) : undefined;
    const age = this.#byAge[traits] ? bucketIn(ageEdges, one.age) : undefined;
    const into = this.#at(one.time ?? null);
    const code = codeOf(traits, duration, age);
    const row = into.get(code) ?? this.#row(into, code, { traits, duration, age });
    row.count += count;
    // Said at length: of a million failures this is most of the work, and hardly one widens anything.
    if (typeof one.duration === 'number' && !(one.duration >= row.durationMin && one.duration <= row.durationMax)) {
      row.durationMin = least(row.durationMin, one.duration);
      row.durationMax = greatest(row.durationMax, one.duration);
    }
    if (typeof one.age === 'number' && !(one.age >= row.ageMin && one.age <= row.ageMax)) {
      row.ageMin = least(row.ageMin, one.age);
      row.ageMax = greatest(row.ageMax, one.age);
    }
    if (typeof one.host === 'string') row.hosts.add(one.host, count);
    if (this.#size > this.#limit) this.#fit();
  }

  #row(into: Map<number, Row>, code: number, of: Pick<Row, 'traits' | 'duration' | 'age'>): Row {
    const none = Number.NaN;
    const hosts = new HostCounts();
    const row = { ...of, count: 0, durationMin: none, durationMax: none, ageMin: none, ageMax: none, hosts };
    into.set(code, row);
    this.#size++;
    return row;
  }

  /** Counts a group of requests that a store has added up already; a host is told for all of them or for none. */
  addGroup(number: number, group: GroupOf): void {
    const traits = this.#full ? this.#foldedNumber(number) : number;
    const hosts = new HostCounts();
    if (group.host !== undefined) hosts.add(group.host, group.count);
    this.#merge(this.#at(group.time), {
      traits,
      duration: this.#byDuration[traits] ? group.duration : undefined,
      age: this.#byAge[traits] ? group.age : undefined,
      count: group.count,
      durationMin: group.durationMin,
      durationMax: group.durationMax,
      ageMin: group.ageMin,
      ageMax: group.ageMax,
      hosts,
    });
    this.#fit();
  }

  /** By time, then by what they are. */
  signatures(): Signature[] {
    const order = [...this.#keys.keys()].sort((a, b) => ((this.#keys[a] ?? '') < (this.#keys[b] ?? '') ? -1 : 1));
    const rank = new Uint32Array(order.length);
    for (const [place, number] of order.entries()) rank[number] = place;
    const byTime = [...this.#rows].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
    return byTime.flatMap(([time, rows]) =>
      [...rows.values()]
        .sort(
          (a, b) =>
            (rank[a.traits] ?? 0) - (rank[b.traits] ?? 0) ||
            codeOf(0, a.duration, a.age) - codeOf(0, b.duration, b.age),
        )
        .map((row) => this.#signature(row, time)),
    );
  }

  #signature(row: Row, time: number | null): Signature {
    const { traits, hosts, ...counted } = row;
    return { ...this.traitsOf(traits), ...counted, time, hosts: hosts.toMap() };
  }

  /** The rows of the time bucket that holds that time. */
  #at(time: number | null): Map<number, Row> {
    const recent = this.#recent;
    if (recent && time !== null && time >= recent.from && time < recent.to) return recent.rows;
    const bucket = time === null ? null : Math.floor(time / this.bucketMs) * this.bucketMs;
    let at = this.#rows.get(bucket);
    if (!at) {
      at = new Map();
      this.#rows.set(bucket, at);
    }
    if (bucket !== null) this.#recent = { from: bucket, to: bucket + this.bucketMs, rows: at };
    return at;
  }

  #fit(): void {
    while (!this.#full && this.#size > this.#limit) this.#coarsen();
  }

  /** Too many signatures: double the width of the time buckets; at a day's width fold names instead. Counts stay, detail goes. */
  #coarsen(): void {
    this.#full = this.bucketMs >= day;
    if (!this.#full) this.bucketMs *= 2;
    const rows = this.#rows;
    this.#rows = new Map();
    this.#recent = undefined;
    this.#size = 0;
    for (const [time, old] of rows) {
      const into = this.#at(time);
      for (const row of old.values()) this.#merge(into, this.#full ? this.#foldedRow(row) : row);
    }
  }

  #merge(into: Map<number, Row>, row: Row): void {
    const code = codeOf(row.traits, row.duration, row.age);
    const known = into.get(code);
    if (!known) {
      into.set(code, row);
      this.#size++;
      return;
    }
    known.count += row.count;
    widen(known, row.durationMin, row.durationMax, row.ageMin, row.ageMax);
    known.hosts.addAll(row.hosts);
  }

  #foldedRow(row: Row): Row {
    return { ...row, traits: this.#foldedNumber(row.traits) };
  }

  #foldedNumber(number: number): number {
    this.#folded[number] ??= this.numberOf(folded(this.traitsOf(number)));
    return this.#folded[number];
  }
}

/** One small integer for traits and buckets: `undefined` is 0, `null` 1, a bucket its index and 2. */
function codeOf(traits: number, duration: number | null | undefined, age: number | null | undefined): number {
  return (traits * durationCodes + part(duration)) * ageCodes + part(age);
}

const part = (bucket: number | null | undefined): number =>
  bucket === undefined ? 0 : bucket === null ? 1 : bucket + 2;
const durationCodes = durationEdges.length + 2;
const ageCodes = ageEdges.length + 2;

function widen(row: Row, durationMin: number, durationMax: number, ageMin: number, ageMax: number): void {
  row.durationMin = least(row.durationMin, durationMin);
  row.durationMax = greatest(row.durationMax, durationMax);
  row.ageMin = least(row.ageMin, ageMin);
  row.ageMax = greatest(row.ageMax, ageMax);
}

const least = (a: number, b: number): number => (Number.isNaN(a) || b < a ? b : a);
const greatest = (a: number, b: number): number => (Number.isNaN(a) || b > a ? b : a);

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
