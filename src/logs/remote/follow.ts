import type { Clock } from './back-off.ts';
import type { Window } from './from-question.ts';

/** How a store is followed by asking again: each store has its own numbers. */
export interface Pace {
  /** How far behind now a follower reads, ms: what arrives later than this is not shown. */
  readonly latenessMs: number;
  /** How often, ms. */
  readonly pollMs: number;
}

/**
 * Reads on from `from` until `stop` resolves, the signal is aborted or the reader has enough: again and again what is new, up to what is old
 * enough to be complete. Windows meet without a gap and begin at whole seconds, because not every store knows shorter ones.
 */
export async function following(
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
  request: {
    readonly stop: Promise<void>;
    readonly from: number;
    readonly pace: Pace;
    show(window: Window): Promise<void>;
    enough(): boolean;
  },
): Promise<void> {
  const { stop, from, pace, show, enough } = request;
  let stopped = false;
  const over = stop.then(() => {
    stopped = true;
  });
  for (let start = from; !stopped && !signal?.aborted && !enough(); ) {
    await Promise.race([over, clock.sleep(pace.pollMs, signal).catch(() => {})]);
    const end = Math.floor((clock.now() - pace.latenessMs) / 1000) * 1000;
    if (stopped || signal?.aborted || end <= start) continue;
    await show({ from: start, to: end });
    start = end;
  }
}
