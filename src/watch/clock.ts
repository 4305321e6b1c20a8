/** Time as a watch sees it, passed in so that tests can move it. */
export interface Clock {
  /** Epoch ms, as the machine says: it may jump either way. */
  now(): number;
  /** Resolves after about so many ms, or at once when the signal is or gets aborted. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
}

/** The machine's own. A timer does not run while the machine sleeps, so nobody may sleep long and trust it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, stop) =>
    new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        stop.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      stop.addEventListener('abort', end);
    }),
};
