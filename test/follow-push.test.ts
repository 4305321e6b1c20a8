import { describe, expect, test } from 'vitest';
import type { Clock } from '../src/logs/remote/back-off.ts';
import { following, lookedBackTo, type Pace } from '../src/logs/remote/follow.ts';
import { NoPush, type Push } from '../src/logs/remote/push.ts';
import { Shown } from '../src/logs/remote/shown.ts';
import type { Stored } from '../src/logs/remote/take-records.ts';
import { SourceError } from '../src/logs/sources/source.ts';

const pace: Pace = { ages: [5_000, 20_000, 90_000], pollMs: 3_000 };
const from = 1_700_000_000_000;

/** Always the same chance. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

interface Arriving extends Stored {
  readonly time: number;
  readonly arrives: number;
}
type To = Parameters<Push['session']>[0];

/**
 * A store of lines that arrive late, and pushes some of them: OURS, in a time of its own that only sleeping moves. `breaks` ends a session at
 * a moment, `drops` leaves a line out, `away` refuses to be asked.
 */
function world(
  lines: readonly Arriving[],
  o: {
    readonly until: number;
    readonly pushes?: 'no' | 'refused' | 'not honest';
    readonly breaks?: (now: number) => boolean;
    readonly drops?: (line: Arriving) => boolean;
    readonly away?: (now: number) => boolean;
    /** Nobody reads what is written until then. */
    readonly fullUntil?: number;
  },
) {
  let now = from;
  let session: (To & { end(error?: Error): void }) | undefined;
  const asked: number[] = [];
  const seen: string[] = [];
  let sessions = 0;
  let unread = 0;
  let pushes = false;
  const full = o.fullUntil ?? 0;
  const show = ({ id }: Stored): void => {
    seen.push(id);
    if (now < full) unread++;
  };
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const clock: Clock = {
    now: () => now,
    random: () => 1,
    async sleep(ms, signal) {
      if (signal?.aborted) throw signal.reason;
      // Only the follower's own sleep moves time; whoever waits for it elsewhere wakes when it has come.
      const until = now + ms;
      if (ms !== pace.pollMs) {
        while (now < until && !signal?.aborted) await new Promise((resolve) => setImmediate(resolve));
        return;
      }
      for (; now < until; now += 100) {
        for (const line of lines)
          if (line.arrives > now - 100 && line.arrives <= now && session) {
            if (o.drops?.(line)) session.lost('drops', 1);
            else {
              pushes = true;
              session.take(line);
              pushes = false;
            }
          }
        if (session && o.breaks?.(now)) session.end(new Error('broken'));
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (now >= o.until) stop();
    },
  };
  const push: Push = {
    name: 'A push',
    honest: o.pushes !== 'not honest',
    async session(to) {
      sessions++;
      if (o.pushes === 'refused') throw new NoPush('it answers 404');
      await new Promise<void>((resolve, reject) => {
        const end = (error?: Error): void => {
          session = undefined;
          if (error) reject(error);
          else resolve();
        };
        session = { ...to, end };
        to.signal.addEventListener('abort', () => end(), { once: true });
        to.opened();
      });
    },
  };
  const said: string[] = [];
  const shown = new Shown(lookedBackTo(from, pace));
  const run = following(
    { clock, signal: undefined },
    {
      ...{ stop: stopped, from, pace, shown, enough: () => false, warn: (m: string) => said.push(m) },
      push: o.pushes === 'no' ? undefined : push,
      pushed: (line) => show(line),
      room: () => {
        if (now >= full) return undefined;
        // A push only asks; who waits sees the reader come back.
        if (!pushes) now = full;
        return Promise.resolve();
      },
      async show(window) {
        asked.push(now);
        if (o.away?.(now)) throw new SourceError('away', undefined, { passing: true });
        const fresh = shown.pass();
        for (const line of lines)
          if (line.arrives <= now && line.time >= window.from && line.time < window.to && fresh(line)) show(line);
      },
    },
  );
  return {
    run,
    seen,
    said,
    asked,
    shown,
    sessions: () => sessions,
    unread: () => unread,
    open: () => session !== undefined,
  };
}

/** Requests of up to a minute, which arrive when they have ended, for five minutes. */
function traffic(seed: number, count = 400): readonly Arriving[] {
  const random = chance(seed);
  return Array.from({ length: count }, (_, i) => {
    const time = from + Math.floor(random() * 300_000);
    const took = random() < 0.3 ? random() * 60_000 : random() * 500;
    return { id: `${seed}-${i}`, raw: '', place: '', time, arrives: time + took };
  });
}
const until = from + 480_000;

describe.each([1, 2, 3, 4, 5])('lines that arrive up to a minute late, seed %i', (seed) => {
  const lines = traffic(seed);
  const all = lines.map((l) => l.id).sort();

  test('without a push each is shown once', async () => {
    const { run, seen } = world(lines, { until, pushes: 'no' });
    await run;
    expect(seen.sort()).toEqual(all);
  });

  test('with a push that drops and breaks each is shown once', async () => {
    const random = chance(seed + 100);
    const { run, seen, said, sessions, open } = world(lines, {
      until,
      drops: () => random() < 0.2,
      breaks: () => random() < 0.01,
    });
    await run;
    expect(seen.sort()).toEqual(all);
    expect(sessions()).toBeGreaterThan(5);
    expect(said.join('\n')).toMatch(/A push left out \d+ lines in all, by its own count; they were asked for/);
    expect(open()).toBe(false);
  });

  test('a store that is away for two minutes is told once, and caught up with', async () => {
    const away = (now: number) => now > from + 60_000 && now < from + 180_000;
    const { run, seen, said } = world(lines, { until, pushes: 'no', away });
    await run;
    expect(seen.sort()).toEqual(all);
    expect(said).toEqual(['away; it is asked again every 3 s', 'it answers again; what was missed comes now']);
  });
});

test('while nobody reads nothing more is read: what was pushed meanwhile is looked for', async () => {
  const lines = traffic(11);
  const { run, seen, unread } = world(lines, { until, fullUntil: from + 120_000 });
  await run;
  expect(unread()).toBe(0);
  expect(seen.sort()).toEqual(lines.map((l) => l.id).sort());
});

test('an honest push spares the first look, another none', async () => {
  const lines = traffic(9);
  const worlds = [undefined, 'no', 'not honest'] as const;
  const [pushed, polled, doubted] = worlds.map((pushes) =>
    world(lines, pushes === undefined ? { until } : { until, pushes }),
  );
  if (!pushed || !polled || !doubted) throw new Error('three worlds');
  await Promise.all([pushed.run, polled.run, doubted.run]);
  expect(doubted.asked).toEqual(polled.asked);
  expect(pushed.seen.toSorted()).toEqual(polled.seen.toSorted());
  expect(pushed.said).toEqual([]);
  expect(polled.asked.length - pushed.asked.length).toBeGreaterThan(100);
});

test('a store that does not push is asked, and that is said once', async () => {
  const lines = traffic(10);
  const { run, seen, said, sessions } = world(lines, { until, pushes: 'refused' });
  await run;
  expect(seen.sort()).toEqual(lines.map((l) => l.id).sort());
  expect(sessions()).toBe(1);
  expect(said).toEqual(["A push can't be had: it answers 404; asked every 3 s"]);
});

describe('what was shown is remembered', () => {
  const line = (id: string, time: number) => ({ id, time });

  test('in bounded memory: past it the older half is forgotten, and the horizon says so', () => {
    const shown = new Shown(0, { most: 1000 });
    const fresh = shown.pass();
    for (let i = 0; i < 100_000; i++) expect(fresh(line(`a${i}`, i))).toBe(true);
    expect(shown.size).toBeLessThanOrEqual(1000);
    expect(shown.horizon).toBeGreaterThan(99_000);
    expect(fresh(line('a99999', 99_999))).toBe(false);
  });

  test('more lines of one moment than it holds', () => {
    const shown = new Shown(0, { most: 10 });
    const fresh = shown.pass();
    for (let i = 0; i < 100; i++) expect(fresh(line(`a${i}`, 5))).toBe(true);
    expect(shown.size).toBeLessThanOrEqual(10);
  });

  test('lines that are alike are as many as the pass that met the most of them', () => {
    const shown = new Shown(0, { repeats: true });
    const times = (n: number) => {
      const fresh = shown.pass();
      return Array.from({ length: n }, () => fresh(line('same', 1))).filter(Boolean).length;
    };
    expect([times(2), times(3), times(3), times(1), times(4)]).toEqual([2, 1, 0, 0, 1]);
    const unique = new Shown(0);
    const fresh = unique.pass();
    expect([fresh(line('same', 1)), fresh(line('same', 1))]).toEqual([true, false]);
  });
});
