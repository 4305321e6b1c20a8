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

/** Requests of which a few samples are enough. */
export interface Kind {
  met: number;
  /** Which one is taken next: each about a quarter further than the one before. */
  next: number;
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
  readonly #kinds = new Map<string, Kind>();
  readonly #limits: { readonly samples: number; readonly raw: number };
  #turn = 0;

  constructor(limits: { readonly samples: number; readonly raw: number }) {
    this.#limits = limits;
  }

  /** The kind of that name; one that is never sampled when there are too many already. */
  kindOf(name: string): Kind {
    const known = this.#kinds.get(name);
    if (known) return known;
    const full = this.#kinds.size >= this.#limits.samples;
    const next = full ? Number.POSITIVE_INFINITY : 1;
    const kind = { met: 0, next, first: undefined, last: undefined, middle: undefined, power: undefined };
    if (!full) this.#kinds.set(name, kind);
    return kind;
  }

  /** Counts one more of the kind; true when this is one to keep. Few are, because reading a line whole costs more than counting it. */
  wants(kind: Kind): boolean {
    kind.met++;
    if (kind.met < kind.next && !(isPower(kind.met) && kind.first)) return false;
    kind.next = Math.max(kind.met + 1, Math.ceil(kind.met * 1.25));
    return true;
  }

  /** Keeps the line that was counted last. */
  keep(kind: Kind, place: Place, record: AccessRecord | (() => AccessRecord), raw: string): void {
    const long = raw.length > this.#limits.raw;
    const cut = long ? `${raw.slice(0, this.#limits.raw)}…` : raw;
    // What is read later keeps all of its line until then.
    const met: Met = { turn: this.#turn++, record: long ? recordOf(record) : record, place, raw: cut };
    if (!kind.first) {
      kind.first = met;
      kind.last = met;
      return;
    }
    kind.last = met;
    if (!isPower(kind.met)) return;
    kind.middle = kind.power;
    kind.power = met;
  }

  /** In the order they were met. Where there are more kinds than room, every kind's first has it before any kind's last or middle. */
  samples(bucketMs: number): readonly Sample[] {
    const kinds = [...this.#kinds.values()];
    const chosen = new Set<Met>();
    for (const pick of [firstOf, lastOf, middleOf])
      for (const kind of kinds) {
        const met = pick(kind);
        if (met && chosen.size < this.#limits.samples) chosen.add(met);
      }
    return [...chosen]
      .sort((a, b) => a.turn - b.turn)
      .map(({ record, place, raw }) => sampleOf({ record: recordOf(record), place, raw }, bucketMs));
  }
}

const recordOf = (record: Met['record']): AccessRecord => (typeof record === 'function' ? record() : record);
const isPower = (n: number): boolean => (n & (n - 1)) === 0;
const firstOf = (kind: Kind): Met | undefined => kind.first;
const lastOf = (kind: Kind): Met | undefined => kind.last;
/** The second of three has no other between it and the last. */
const middleOf = (kind: Kind): Met | undefined => kind.middle ?? kind.power;

/** A line with its signature, whose time is that of its bucket. */
export function sampleOf(
  { record, place, raw }: { readonly record: AccessRecord; readonly place: Place; readonly raw: string },
  bucketMs: number,
): Sample {
  const signature = signatureOf(record);
  if (signature.time !== null) signature.time = Math.floor(signature.time / bucketMs) * bucketMs;
  return { place, record, signature, raw };
}
