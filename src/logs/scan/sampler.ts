import type { Sample } from '../answer.ts';
import type { AccessRecord, Place } from '../record.ts';
import { signatureOf } from '../signature.ts';

/** A line as it was met; `turn` orders lines over all files. Most are dropped for a later one, so that reading it can wait. */
interface Met {
  readonly turn: number;
  readonly record: AccessRecord | (() => AccessRecord);
  readonly place: Place;
  readonly raw: string;
}

/** Words of the counts of so many kinds. */
const countsOf = (kinds: number): number => 2 * (kinds + 1);

/** Requests of which a few samples are enough: what is held of them. */
interface Held {
  first: Met | undefined;
  last: Met | undefined;
  /** Of those whose number was a power of two the last, and the one before: from between a quarter and a half of the way. */
  middle: Met | undefined;
  power: Met | undefined;
}

/**
 * Keeps three lines of each kind, spread over its time: the first, one from the middle and one of the last fifth. Which ones depends on the
 * order of the lines alone, never on a clock or chance; no more than four of a kind are held at once, and few are ever read whole.
 */
export class Sampler {
  readonly #kinds = new Map<string, number>();
  readonly #held: Held[] = [];
  readonly #limits: { readonly samples: number; readonly raw: number };
  /** How many of each kind were met, and then for each the number of the next to keep. */
  #counts: Uint32Array;
  #turn = 0;

  constructor(limits: { readonly samples: number; readonly raw: number }) {
    this.#limits = limits;
    this.#counts = new Uint32Array(countsOf(limits.samples));
    // One number past the others is of all that are never sampled.
    this.#counts.fill(0xffff_ffff, this.#counts.length - 1);
  }

  /** The kind of that name; the one that is never sampled when there are too many already. */
  kindOf(name: string): number {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const kind = this.#held.length;
    if (kind >= this.#limits.samples) return this.#limits.samples;
    this.#kinds.set(name, kind);
    this.#held.push({ first: undefined, last: undefined, middle: undefined, power: undefined });
    this.#until(kind, 1);
    return kind;
  }

  /** Counts one more of the kind; true when this is one to keep. Few are, because reading a line whole costs more than counting it. */
  wants(kind: number): boolean {
    const counts = this.#counts;
    const met = (counts[kind] as number) + 1;
    counts[kind] = met;
    if (met < (counts[this.#limits.samples + 1 + kind] as number)) return false;
    // Each about a quarter further than the one before, and the powers of two.
    this.#until(kind, Math.min(Math.max(met + 1, Math.ceil(met * 1.25)), powerAbove(met)));
    return true;
  }

  /**
   * Counts in that memory from now on, which somebody else may count in as well: who never counts what `wants` would keep. Its own unless told.
   */
  countIn(memory: Uint32Array = new Uint32Array(countsOf(this.#limits.samples))): void {
    // What was a view of memory that grew is empty; the memory has its counts.
    if (this.#counts.length > 0) {
      if (this.#counts.length !== memory.length) throw new Error('other kinds of samples');
      memory.set(this.#counts);
    }
    this.#counts = memory;
  }

  #until(kind: number, met: number): void {
    this.#counts[this.#limits.samples + 1 + kind] = met;
  }

  /** Keeps the line that was counted last. */
  keep(kind: number, place: Place, record: AccessRecord | (() => AccessRecord), raw: string): void {
    const long = raw.length > this.#limits.raw;
    const cut = long ? `${raw.slice(0, this.#limits.raw)}…` : raw;
    // What is read later keeps all of its line until then.
    const met: Met = { turn: this.#turn++, record: long ? recordOf(record) : record, place, raw: cut };
    const held = this.#held[kind] as Held;
    const first = held.first === undefined;
    held.first ??= met;
    held.last = met;
    if (first || !isPower(this.#counts[kind] as number)) return;
    held.middle = held.power;
    held.power = met;
  }

  /** In the order they were met. Where there are more kinds than room, every kind's first has it before any kind's last or middle. */
  samples(bucketMs: number): readonly Sample[] {
    const chosen = new Set<Met>();
    for (const pick of [firstOf, lastOf, middleOf])
      for (const kind of this.#held) {
        const met = pick(kind);
        if (met && chosen.size < this.#limits.samples) chosen.add(met);
      }
    return [...chosen]
      .sort((a, b) => a.turn - b.turn)
      .map(({ record, place, raw }) => sampleOf({ record: recordOf(record), place, raw }, bucketMs));
  }
}

const recordOf = (record: Met['record']): AccessRecord => (typeof record === 'function' ? record() : record);
const powerAbove = (n: number): number => 2 ** (32 - Math.clz32(n));
const isPower = (n: number): boolean => (n & (n - 1)) === 0;
const firstOf = (kind: Held): Met | undefined => kind.first;
const lastOf = (kind: Held): Met | undefined => kind.last;
/** The second of three has no other between it and the last. */
const middleOf = (kind: Held): Met | undefined => kind.middle ?? kind.power;

/** A line with its signature, whose time is that of its bucket. */
export function sampleOf(
  { record, place, raw }: { readonly record: AccessRecord; readonly place: Place; readonly raw: string },
  bucketMs: number,
): Sample {
  const signature = signatureOf(record);
  if (signature.time !== null) signature.time = Math.floor(signature.time / bucketMs) * bucketMs;
  return { place, record, signature, raw };
}
