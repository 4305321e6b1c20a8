/** Time and chance, so that tests need neither. */
export interface Clock {
  now(): number;
  /** Resolves after so many ms, or rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

/** Waits for what has no end of its own, and no longer than until the signal is aborted. */
export async function orAborted(work: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> {
  if (work === undefined || signal?.aborted) return;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal?.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([work, aborted]);
  signal?.removeEventListener('abort', stop);
}

/**
 * Tries again while `retryAfter` says so, with full jitter: a random wait up to a bound that doubles (AWS Architecture Blog, "Exponential
 * Backoff And Jitter"). `retryAfter` gives the bound's floor in ms (0 where the store names none), or undefined when trying again is no use.
 */
export async function withBackOff<T>(
  work: () => Promise<T>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal | undefined;
    readonly attempts: number;
    readonly baseMs: number;
    readonly maxMs: number;
    retryAfter(error: unknown): number | undefined;
  },
): Promise<T> {
  const { clock, signal, attempts, baseMs, maxMs } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const floor = options.retryAfter(error);
      if (floor === undefined || attempt >= attempts || signal?.aborted) throw error;
      await clock.sleep(floor + clock.random() * Math.min(maxMs, baseMs * 2 ** attempt), signal);
    }
  }
}
