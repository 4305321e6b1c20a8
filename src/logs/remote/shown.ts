import { hash } from 'node:crypto';
import type { Stored } from './take-records.ts';

interface Entry {
  readonly time: number;
  /** How often it was shown, and how often the pass named here has met it. */
  shown: number;
  pass: number;
  met: number;
}

/**
 * Which lines a follower has shown lately, so that what is looked at twice, or is pushed and looked at, is shown once. Memory is bounded: a
 * line is a digest, and past `most` of them the older half of the time is forgotten.
 */
export class Shown {
  readonly #lines = new Map<string, Entry>();
  readonly #repeats: boolean;
  readonly #most: number;
  #horizon: number;
  #newest: number;
  #passes = 0;

  /** From `horizon` on (epoch ms) lines are remembered. `repeats`: two lines of one id are two, where the store has no id of its own. */
  constructor(horizon: number, { repeats = false, most = 200_000 } = {}) {
    this.#horizon = horizon;
    this.#newest = horizon;
    this.#repeats = repeats;
    this.#most = most;
  }

  /** What is older is not known any more: looking there again would show it again. */
  get horizon(): number {
    return this.#horizon;
  }

  get size(): number {
    return this.#lines.size;
  }

  /** One look, or one session of a push: whether a line that it met is to be shown. */
  pass(): (line: Pick<Stored, 'id' | 'time'>) => boolean {
    const pass = ++this.#passes;
    return ({ id, time = this.#newest }) => {
      if (time < this.#horizon) return true;
      this.#newest = Math.max(this.#newest, time);
      const key = hash('sha1', id, 'base64');
      const entry = this.#lines.get(key);
      if (!entry) {
        this.#lines.set(key, { time, shown: 1, pass, met: 1 });
        while (this.#lines.size > this.#most) this.forget(Math.ceil((this.#horizon + this.#newest + 1) / 2));
        return true;
      }
      if (entry.pass !== pass) Object.assign(entry, { pass, met: 0 });
      if (++entry.met <= entry.shown || !this.#repeats) return false;
      entry.shown++;
      return true;
    };
  }

  /** Forgets lines before this time. */
  forget(before: number): void {
    if (before <= this.#horizon) return;
    this.#horizon = before;
    for (const [key, { time }] of this.#lines) if (time < before) this.#lines.delete(key);
  }
}
