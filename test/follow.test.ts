import { expect, test } from 'vitest';
import type { Clock } from '../src/logs/remote/back-off.ts';
import { following } from '../src/logs/remote/follow.ts';
import type { Window } from '../src/logs/remote/from-question.ts';

const pace = { latenessMs: 5_000, pollMs: 3_000 };
const from = 1_700_000_000_000;

/** A clock that only sleeping moves, and that ends a sleep as the machine's own does. */
function clock(): Clock {
  let now = from;
  return {
    now: () => now,
    random: () => 0,
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw signal.reason;
      now += ms + 1;
      // As any timer, it lets others have their turn.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const never = new Promise<void>(() => undefined);

test('windows meet without a gap, begin at whole seconds, and end where lines are late no more', async () => {
  const time = clock();
  const shown: (Window & { readonly now: number })[] = [];
  await following(
    { clock: time, signal: undefined },
    {
      stop: never,
      from,
      pace,
      show: async (w) => void shown.push({ ...w, now: time.now() }),
      enough: () => shown.length === 4,
    },
  );
  expect(shown[0]?.from).toBe(from);
  for (const [i, { from: start, to, now }] of shown.entries()) {
    if (i > 0) expect(start).toBe(shown[i - 1]?.to);
    expect(to).toBeGreaterThan(start);
    expect(to % 1000).toBe(0);
    expect(to).toBeLessThanOrEqual(now - pace.latenessMs);
    expect(to).toBeGreaterThan(now - pace.latenessMs - 1000);
  }
});

test('told to stop, it reads no more', async () => {
  const shown: Window[] = [];
  let stop: (() => void) | undefined;
  const promise = new Promise<void>((resolve) => {
    stop = resolve;
  });
  await following(
    { clock: clock(), signal: undefined },
    {
      stop: promise,
      from,
      pace,
      show: async (w) => {
        shown.push(w);
        stop?.();
      },
      enough: () => false,
    },
  );
  expect(shown).toHaveLength(1);
});

test('an aborted signal ends it, though every sleep then ends at once', async () => {
  const abort = new AbortController();
  const shown: Window[] = [];
  await following(
    { clock: clock(), signal: abort.signal },
    {
      stop: never,
      from,
      pace,
      show: async (w) => {
        shown.push(w);
        abort.abort();
      },
      enough: () => false,
    },
  );
  expect(shown).toHaveLength(1);
});
