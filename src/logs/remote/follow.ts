import { SourceError } from '../sources/source.ts';
import { type Clock, orAborted } from './back-off.ts';
import type { Window } from './from-question.ts';
import { type Push, Pushing } from './push.ts';
import type { Shown } from './shown.ts';
import type { Stored } from './take-records.ts';

/** How a store is followed by asking again: each store has its own numbers. */
export interface Pace {
  /**
   * How old a moment is, ms, when it is asked about, and how old when it is asked about again for what came late: a record has the time of its
   * request's beginning, and arrives when it has ended. Ascending; what arrives later than the last is not shown.
   */
  readonly ages: readonly [number, ...number[]];
  /** How often, ms. */
  readonly pollMs: number;
}

/** From when on (epoch ms) a follower that begins at `from` must know what was shown. */
export const lookedBackTo = (from: number, { ages }: Pace): number => from - Math.max(...ages) - slackMs;

/** A push may bring what a look has shown already, so much later, ms. */
const slackMs = 60_000;

/**
 * Reads on from `from` until `stop` resolves, the signal is aborted or the reader has enough: what the store pushes at once, and again and
 * again what it did not, so that lines are whole however the push fares. A look's windows meet without a gap and end at whole seconds, because
 * not every store knows shorter ones. While a push is all that arrives, the first look is left to it. A store that is away for a while is told, and asked
 * again; nothing is skipped.
 */
export async function following(
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
  request: {
    readonly stop: Promise<void>;
    readonly from: number;
    readonly pace: Pace;
    readonly shown: Shown;
    show(window: Window): Promise<void>;
    enough(): boolean;
    readonly push?: Push | undefined;
    /** A line that was pushed, not shown yet. */
    readonly pushed?: (line: Stored) => void;
    readonly room?: (() => Promise<void> | undefined) | undefined;
    readonly warn?: ((message: string) => void) | undefined;
  },
): Promise<void> {
  const { stop, from, pace, shown, enough } = request;
  const warn = request.warn ?? (() => undefined);
  const ended = new AbortController();
  const over = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  void stop.then(() => ended.abort());
  const pushing = request.push && new Pushing(request.push, clock, warn, `asked every ${pace.pollMs / 1000} s`);
  const pushes = pushing?.run(over, () => {
    const fresh = shown.pass();
    return (line) => {
      // Where nobody reads what is written, a look brings the line when there is room: a push can't wait.
      if (over.aborted || request.room?.() || !fresh(line)) return;
      request.pushed?.(line);
      if (enough()) ended.abort();
    };
  });
  const looks = pace.ages.map((age, i) => ({ age, next: i === 0 ? from : from - age }));
  let away = false;
  try {
    while (!over.aborted && !enough()) {
      await clock.sleep(pace.pollMs, over).catch(() => undefined);
      for (const [i, look] of looks.entries()) {
        const again = i > 0;
        if (!again && pushing?.whole) {
          look.next = Math.max(look.next, looks[1]?.next ?? 0);
          continue;
        }
        const to = Math.floor((clock.now() - look.age) / 1000) * 1000;
        const start = again ? Math.max(look.next, shown.horizon) : look.next;
        if (over.aborted || enough() || to <= start || (again && to - start < look.age / 4)) continue;
        await orAborted(request.room?.(), over);
        if (over.aborted) break;
        try {
          await request.show({ from: start, to });
        } catch (error) {
          if (!(error instanceof SourceError && error.passing) || over.aborted) throw error;
          if (!away) warn(`${error.message}; it is asked again every ${pace.pollMs / 1000} s`);
          away = true;
          break;
        }
        if (away) warn('it answers again; what was missed comes now');
        away = false;
        look.next = to;
      }
      shown.forget(Math.min(...looks.map((l) => l.next)) - slackMs);
    }
  } catch (error) {
    // What was being asked when the user stopped is ended, which is no failure.
    if (!over.aborted) throw error;
  } finally {
    ended.abort();
    await pushes;
  }
}
