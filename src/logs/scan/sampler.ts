import type { Sample } from '../answer.ts';
import type { AccessRecord, Place } from '../record.ts';
import { signatureOf } from '../signature.ts';

/** A line as it was met; `turn` orders lines over all files. */
interface Met {
  readonly turn: number;
  readonly record: AccessRecord;
  readonly place: Place;
  readonly raw: string;
}

interface Kept {
  met: number;
  readonly first: Met;
  last: Met;
  /** The one before the last whose number was a power of two: from between a quarter and a half of the way. */
  middle: Met | undefined;
  next: Met | undefined;
}

/**
 * Keeps three lines of each kind, spread over its time: the first, one from the middle and the last. Which ones depends on the order of the
 * lines alone, never on a clock or chance, and no more than four of a kind are held at once.
 */
export class Sampler {
  readonly #kinds = new Map<string, Kept>();
  readonly #limits: { readonly samples: number; readonly raw: number };
  #turn = 0;

  constructor(limits: { readonly samples: number; readonly raw: number }) {
    this.#limits = limits;
  }

  take(kind: string, record: AccessRecord, place: Place, raw: string): void {
    const kept = this.#kinds.get(kind);
    if (!kept && this.#kinds.size >= this.#limits.samples) return;
    const cut = raw.length > this.#limits.raw ? `${raw.slice(0, this.#limits.raw)}…` : raw;
    const met: Met = { turn: this.#turn++, record, place, raw: cut };
    if (!kept) {
      this.#kinds.set(kind, { met: 1, first: met, last: met, middle: undefined, next: undefined });
      return;
    }
    kept.met++;
    kept.last = met;
    if ((kept.met & (kept.met - 1)) !== 0) return;
    kept.middle = kept.next;
    kept.next = met;
  }

  /** In the order they were met. Where there are more kinds than room, every kind's first has it before any kind's last or middle. */
  samples(bucketMs: number): readonly Sample[] {
    const kinds = [...this.#kinds.values()];
    const chosen = new Set<Met>();
    for (const pick of [firstOf, lastOf, middleOf])
      for (const kept of kinds) {
        const met = pick(kept);
        if (met && chosen.size < this.#limits.samples) chosen.add(met);
      }
    return [...chosen].sort((a, b) => a.turn - b.turn).map((met) => sampleOf(met, bucketMs));
  }
}

const firstOf = (kept: Kept): Met | undefined => kept.first;
const lastOf = (kept: Kept): Met | undefined => kept.last;
/** The second of three has no other between it and the last. */
const middleOf = (kept: Kept): Met | undefined => kept.middle ?? kept.next;

function sampleOf({ record, place, raw }: Met, bucketMs: number): Sample {
  const signature = signatureOf(record);
  if (signature.time !== null) signature.time = Math.floor(signature.time / bucketMs) * bucketMs;
  return { place, record, signature, raw };
}
