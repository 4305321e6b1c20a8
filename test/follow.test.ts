import { expect, test } from 'vitest';
import type { Clock } from '../src/logs/remote/back-off.ts';
import { following, type Pace } from '../src/logs/remote/follow.ts';
import type { Window } from '../src/logs/remote/from-question.ts';
import { Shown } from '../src/logs/remote/shown.ts';

const pace: Pace = { ages: [5_000], pollMs: 3_000 };
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
  const asked: (Window & { readonly now: number })[] = [];
  await following(
    { clock: time, signal: undefined },
    {
      stop: never,
      from,
      pace,
      shown: new Shown(from),
      show: async (w) => void asked.push({ ...w, now: time.now() }),
      enough: () => asked.length === 4,
    },
  );
  expect(asked[0]?.from).toBe(from);
  for (const [i, { from: start, to, now }] of asked.entries()) {
    if (i > 0) expect(start).toBe(asked[i - 1]?.to);
    expect(to).toBeGreaterThan(start);
    expect(to % 1000).toBe(0);
    expect(to).toBeLessThanOrEqual(now - pace.ages[0]);
    expect(to).toBeGreaterThan(now - pace.ages[0] - 1000);
  }
});

test('told to stop, it reads no more', async () => {
  const asked: Window[] = [];
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
      shown: new Shown(from),
      show: async (w) => {
        asked.push(w);
        stop?.();
      },
      enough: () => false,
    },
  );
  expect(asked).toHaveLength(1);
});

test('an aborted signal ends it, though every sleep then ends at once', async () => {
  const abort = new AbortController();
  const asked: Window[] = [];
  await following(
    { clock: clock(), signal: abort.signal },
    {
      stop: never,
      from,
      pace,
      shown: new Shown(from),
      show: async (w) => {
        asked.push(w);
        abort.abort();
      },
      enough: () => false,
    },
  );
  expect(asked).toHaveLength(1);
});
