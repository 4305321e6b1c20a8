import type { Clock } from './back-off.ts';
import type { Stored } from './take-records.ts';

/** A store's own way of handing lines on as they arrive. What it leaves out is asked for (follow.ts), so it may be fast and need not be whole. */
export interface Push {
  /** In words, to begin a sentence: `Loki's tail`. */
  readonly name: string;
  /** It says at once when it leaves lines out: while it is open and says nothing, what it gives is all that arrives. */
  readonly honest: boolean;
  /**
   * One session: gives lines until the signal is aborted, and then closes what it opened, or until the other side ends it. Throws NoPush
   * where trying again is no use, and any other error where it may be.
   */
  session(to: {
    readonly signal: AbortSignal;
    /** From now on lines come. */
    opened(): void;
    take(line: Stored): void;
    /** Lines were left out: why, and how many where that is known. */
    lost(why: string, count: number | undefined): void;
  }): Promise<void>;
}

/** The store does not push here. */
export class NoPush extends Error {}

/** A session of so long ended in good order: Loki ends each after an hour, CloudWatch after three. */
const goodMs = 60_000;
/** An honest push: so long after lines were left out nothing is taken for whole, ms. */
const doubtMs = 30_000;

/** Keeps a push open: session after session, with back-off; says once when it can't be had, and what it leaves out. */
export class Pushing {
  readonly #push: Push;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  readonly #instead: string;
  #open = false;
  #lostAt = Number.NEGATIVE_INFINITY;
  #told = false;
  #lost = 0;

  /** `instead`: in words, what is done where nothing is pushed. */
  constructor(push: Push, clock: Clock, warn: (message: string) => void, instead: string) {
    this.#push = push;
    this.#clock = clock;
    this.#warn = warn;
    this.#instead = instead;
  }

  /** Whether all that arrives is being pushed, as far as the store says. */
  get whole(): boolean {
    return this.#push.honest && this.#open && this.#clock.now() - this.#lostAt > doubtMs;
  }

  /** Until the signal is aborted, or the store refuses. */
  async run(signal: AbortSignal, session: () => (line: Stored) => void): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const began = this.#clock.now();
      let reason = 'it was closed';
      try {
        await this.#push.session({
          signal,
          opened: () => {
            this.#open = true;
          },
          take: session(),
          lost: (why, count) => this.#left(why, count),
        });
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
        if (error instanceof NoPush && !signal.aborted) {
          this.#warn(`${this.#push.name} can't be had: ${reason}; ${this.#instead}`);
          return;
        }
      } finally {
        this.#open = false;
      }
      if (signal.aborted) break;
      failures = this.#clock.now() - began > goodMs ? 0 : failures + 1;
      if (failures === 2) this.#warn(`${this.#push.name} breaks off: ${reason}; ${this.#instead} until it is back`);
      const wait = Math.min(60_000, 500 * 2 ** failures);
      await this.#clock.sleep(wait * (0.5 + this.#clock.random() / 2), signal).catch(() => undefined);
    }
    if (this.#lost > 0)
      this.#warn(
        `${this.#push.name} left out ${this.#lost.toLocaleString('en-US')} ${this.#lost === 1 ? 'line' : 'lines'} in all, by its own count; they were asked for`,
      );
  }

  /** Told once, and counted at the end. */
  #left(why: string, count: number | undefined): void {
    this.#lost += count ?? 0;
    this.#lostAt = this.#clock.now();
    if (this.#told) return;
    this.#told = true;
    this.#warn(`${this.#push.name} ${why}: what it leaves out is asked for, and comes a little later`);
  }
}
