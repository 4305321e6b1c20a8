import type { Answer } from '../logs/answer.ts';
import type { Condition } from '../logs/question.ts';
import { NoRecords, type Source } from '../logs/sources/source.ts';
import { watchSignals } from '../signals/verdicts.ts';
import type { Clock } from './clock.ts';
import { countWindow, type Window } from './count.ts';
import { type Family, Totals } from './totals.ts';
import { type Cut, lagOf, turnOf } from './windows.ts';

/** A source that is asked again and again. One that follows a file reads on while nothing is due, and knows what came too late. */
export interface Watched extends Source {
  idle?(): void | Promise<void>;
  /** Requests of the last answer whose own window had been answered before. */
  readonly late?: number;
}

export interface WatchOptions {
  readonly source: Watched;
  readonly where: readonly Condition[];
  readonly cut: Cut;
  /** The first window to answer, epoch ms. */
  readonly next: number;
  /** Totals to go on from. */
  readonly verdicts: Totals;
  /** A try that takes longer has failed, ms. */
  readonly timeout: number;
  /** How long a window under way may take when the watch is to stop, ms. */
  readonly grace: number;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Keeps what must survive, before anybody sees it. A watch whose state can't be kept counts nothing. */
  readonly save: (next: number, verdicts: Totals) => void;
  /** After each change that readers see. */
  readonly changed: () => void;
  readonly log: (message: string) => void;
}

/** After so many answers with something missing, what is there is counted: a group that is denied for good must not stop the watch. */
const partialTries = 3;
/** No sleep is longer: timers stand still while a machine sleeps, and the clock may jump. */
const longestSleep = 1000;
const day = 86_400_000;

/**
 * Answers one window after the other, one at a time, and holds what they add up to. What is counted, saved and shown moves on together:
 * a window is in the totals and in the saved state or in neither.
 */
export class Watcher {
  readonly #o: WatchOptions;
  readonly #health: Totals;
  readonly #started: number;
  #verdicts: Totals;
  #next: number;
  #newest: number | undefined;
  #tries = 0;
  #ticked: number;
  #answered = false;
  #warned = false;
  #empty = false;

  constructor(options: WatchOptions) {
    this.#o = options;
    this.#verdicts = options.verdicts;
    this.#next = options.next;
    this.#started = options.clock.now();
    this.#ticked = this.#started;
    this.#health = new Totals(100, Object.values(watchSignals));
    // A counter that is there from the start shows its first step.
    for (const windowOutcome of ['answered', 'partial', 'skipped'])
      this.#count(watchSignals.windows, 0, { outcome: windowOutcome });
    for (const error of ['source', 'timeout', 'partial']) this.#count(watchSignals.errors, 0, { error });
    for (const signal of ['busy', 'scanned', 'unreadable', 'late', 'folded', 'pushErrors'] as const)
      this.#count(watchSignals[signal], 0);
  }

  /** Everything as it stands, whole windows only. */
  families(): readonly Family[] {
    const now = this.#o.clock.now();
    const series = this.#verdicts.families().reduce((sum, f) => sum + f.series.length, 0);
    this.#health.set(watchSignals.series, {}, series, now);
    this.#health.set(watchSignals.lag, {}, lagOf(now, this.#next, this.#o.cut) / 1000, now);
    return [...this.#verdicts.families(), ...this.#health.families()].filter((f) => f.series.length > 0);
  }

  /** The oldest window that is not answered, epoch ms. */
  get next(): number {
    return this.#next;
  }

  /** Whether the loop still turns: it does between tries and while it waits, and a try ends by its timeout. */
  alive(): boolean {
    return this.#o.clock.now() - this.#ticked <= this.#o.timeout + 60_000;
  }

  /** Why its figures are not those of now; undefined when they are. */
  behind(): string | undefined {
    const { cut, clock } = this.#o;
    if (!this.#answered) return `no window answered yet; the first ends ${iso(this.#next + cut.every)}`;
    const lag = lagOf(clock.now(), this.#next, cut);
    return lag > 2 * cut.every ? `the window from ${iso(this.#next)} has been due for ${lag / 1000} s` : undefined;
  }

  /** A push that was not taken. */
  pushFailed(): void {
    this.#count(watchSignals.pushErrors, 1);
  }

  /** Goes on until the signal is aborted. */
  async run(): Promise<void> {
    const { clock, stop, cut } = this.#o;
    while (!stop.aborted) {
      const now = clock.now();
      this.#ticked = now;
      const turn = turnOf(now, this.#next, cut);
      if (turn.do === 'skip') await this.#skip(turn);
      else if (turn.do === 'answer') await this.#try({ from: this.#next, to: this.#next + cut.every });
      else {
        if (turn.clockWentBack && !this.#warned)
          this.#o.log(
            `the clock went back: no window is counted twice, so the next is answered in ${turn.ms / 1000} s`,
          );
        this.#warned = turn.clockWentBack;
        await this.#idle();
        await clock.sleep(Math.min(turn.ms, longestSleep), stop);
      }
    }
  }

  async #idle(): Promise<void> {
    try {
      await this.#o.source.idle?.();
    } catch {
      // The question that comes next meets it too, and tells.
    }
  }

  async #skip({ count, next }: { readonly count: number; readonly next: number }): Promise<void> {
    const words = `${count} window${count === 1 ? '' : 's'} from ${iso(this.#next)} to ${iso(next)} skipped`;
    try {
      this.#commit(next, this.#verdicts);
    } catch (error) {
      this.#o.log(reasonOf(error));
      return await this.#o.clock.sleep(longestSleep, this.#o.stop);
    }
    this.#tries = 0;
    this.#o.log(`${words}: due for longer than ${this.#o.cut.catchUp / 1000} s, their requests are in no count`);
    this.#count(watchSignals.windows, count, { outcome: 'skipped' });
    this.#o.changed();
  }

  async #try(window: Window): Promise<void> {
    const { clock, stop, log } = this.#o;
    const began = clock.now();
    const outcome = await this.#ask(window);
    this.#count(watchSignals.busy, Math.max(0, clock.now() - began) / 1000);
    if (outcome === 'stopped') return;
    const error = 'error' in outcome ? outcome.error : this.#take(outcome.answer, window);
    if (error === undefined) return;
    this.#count(watchSignals.errors, 1, { error: error.kind });
    this.#tries++;
    this.#o.changed();
    const pause = Math.min(60_000, this.#o.cut.every, 1000 * 2 ** (this.#tries - 1));
    log(`window from ${iso(window.from)}: ${error.words}; again in ${pause / 1000} s`);
    for (const until = clock.now() + pause; !stop.aborted && clock.now() < until; )
      await clock.sleep(Math.min(longestSleep, Math.max(1, until - clock.now())), stop);
  }

  /** One question to the source, bounded; an answer that comes after its time is dropped, so it can't be counted beside its successor. */
  async #ask(window: Window): Promise<{ readonly answer: Answer } | { readonly error: Failure } | 'stopped'> {
    const { source, where, clock, stop, timeout, grace } = this.#o;
    const over = new AbortController();
    const late = clock.sleep(timeout, over.signal).then((): { readonly error: Failure } => ({
      error: { kind: 'timeout', words: `no answer within ${timeout / 1000} s` },
    }));
    const stopped = new Promise<'stopped'>((resolve) => {
      const begin = () => void clock.sleep(grace, over.signal).then(() => resolve('stopped'));
      if (stop.aborted) begin();
      else stop.addEventListener('abort', begin, { signal: over.signal });
    });
    const answered = (async () => {
      try {
        const answer = await source.count({ ...window, where });
        this.#empty = false;
        return { answer };
      } catch (error) {
        if (stop.aborted) return 'stopped' as const;
        if (error instanceof NoRecords) return { answer: this.#nothing(window, error) };
        return { error: { kind: 'source', words: reasonOf(error) } as const };
      }
    })();
    try {
      return await Promise.race([answered, late, stopped]);
    } finally {
      over.abort();
    }
  }

  /** A quiet window is an answer; told once, because it may be the wrong place that is so quiet. */
  #nothing(window: Window, error: NoRecords): Answer {
    if (!this.#empty) this.#o.log(`window from ${iso(window.from)}: ${error.message}; counted as no requests`);
    this.#empty = true;
    return noAnswer;
  }

  /** Counts an answer; or says why not. */
  #take(answer: Answer, window: Window): Failure | undefined {
    const { clock, source, log } = this.#o;
    const missing = answer.reading.store?.missing ?? [];
    const words = missing.map((m) => `${m.what} could not be read (${m.reason})`).join('; ');
    if (missing.length > 0 && this.#tries + 1 < partialTries) return { kind: 'partial', words };
    const verdicts = this.#verdicts.copy();
    const overflow = countWindow(answer, window, verdicts);
    verdicts.expire(window.to - day);
    try {
      this.#commit(window.to, verdicts);
    } catch (error) {
      return { kind: 'source', words: `not counted: ${reasonOf(error)}` };
    }
    this.#tries = 0;
    this.#answered = true;
    if (missing.length > 0) log(`window from ${iso(window.from)}: counted without what is missing: ${words}`);
    if (overflow > 0)
      log(
        `window from ${iso(window.from)}: ${overflow} requests under other names: as many series as --max-series lets be`,
      );
    if (answer.last !== undefined) this.#newest = Math.max(this.#newest ?? answer.last, answer.last);
    const now = clock.now();
    if (this.#newest !== undefined)
      this.#health.set(watchSignals.newest, {}, Math.max(0, now - this.#newest) / 1000, now);
    this.#count(watchSignals.windows, 1, { outcome: missing.length > 0 ? 'partial' : 'answered' });
    this.#count(watchSignals.scanned, answer.reading.store?.bytesScanned ?? answer.reading.bytes);
    this.#count(watchSignals.unreadable, answer.reading.rejects);
    this.#count(watchSignals.late, source.late ?? 0);
    this.#count(watchSignals.folded, overflow);
    this.#o.changed();
    return undefined;
  }

  #commit(next: number, verdicts: Totals): void {
    this.#o.save(next, verdicts);
    this.#next = next;
    this.#verdicts = verdicts;
  }

  #count(
    signal: (typeof watchSignals)[keyof typeof watchSignals],
    value: number,
    labels: Readonly<Record<string, string>> = {},
  ): void {
    this.#health.add(signal, labels, value, { since: this.#started, now: this.#o.clock.now() });
  }
}

/** Of a window without a record. */
const noAnswer: Answer = {
  ...{ precision: 'exact', requests: 0, signatures: [], routes: [], routeIs: 'route', timeline: [], bucketMs: 60_000 },
  ...{ latency: [], first: undefined, last: undefined, samples: [], fields: [] },
  reading: {
    ...{ files: [], bytes: 0, lines: 0, applicationLines: 0, interim: 0, weighted: 0, outsideWindow: 0, leftOut: 0 },
    ...{ rejects: 0, firstRejects: [] },
  },
};

interface Failure {
  readonly kind: 'source' | 'timeout' | 'partial';
  readonly words: string;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const iso = (time: number): string => new Date(time).toISOString();
