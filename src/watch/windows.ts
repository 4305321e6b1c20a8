/** How time is cut, all in ms. */
export interface Cut {
  /** Width of a window, and how often one is answered. Windows begin at its multiples since 1970, so that all watchers cut alike. */
  readonly every: number;
  /** A window is answered so long after its end: what the store needs until its records can be asked for. */
  readonly delay: number;
  /** A window that has been due for longer is given up. */
  readonly catchUp: number;
}

/** What to do now about the oldest window that is not answered. */
export type Turn =
  | {
      readonly do: 'wait';
      readonly ms: number /** The clock went back: more than one window's time is missing. */;
      readonly clockWentBack: boolean;
    }
  | { readonly do: 'answer' }
  | { readonly do: 'skip'; readonly count: number; readonly next: number };

/** The first window that begins at or after this. */
export const windowFrom = (time: number, { every }: Pick<Cut, 'every'>): number => Math.ceil(time / every) * every;

/** The window in which the newest record that can be asked for lies: it is not due yet, so nobody can have answered it. */
export const firstWindow = (now: number, { every, delay }: Cut): number => Math.floor((now - delay) / every) * every;

/** When the window that begins at `start` can be answered. */
export const dueAt = (start: number, { every, delay }: Cut): number => start + every + delay;

/**
 * `start` is the oldest window that is not answered. It only ever moves on, so no window is answered twice: when the clock goes back, what
 * was answered stays answered and the watch waits; when it goes forward (a jump, a machine that slept), windows are answered one after the
 * other, and those that have been due for longer than `catchUp` are skipped.
 */
export function turnOf(now: number, start: number, cut: Cut): Turn {
  const wait = dueAt(start, cut) - now;
  if (wait > 0) return { do: 'wait', ms: wait, clockWentBack: wait > 2 * cut.every + cut.delay };
  if (-wait <= cut.catchUp) return { do: 'answer' };
  const count = Math.ceil((-wait - cut.catchUp) / cut.every);
  return { do: 'skip', count, next: start + count * cut.every };
}

/** How long the oldest window that is not answered has been due, ms. */
export const lagOf = (now: number, start: number, cut: Cut): number => Math.max(0, now - dueAt(start, cut));
