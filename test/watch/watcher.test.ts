import { expect, test } from 'vitest';
import type { Answer } from '../../src/logs/answer.ts';
import type { Question } from '../../src/logs/question.ts';
import { NoRecords, SourceError } from '../../src/logs/sources/source.ts';
import { verdictSignals } from '../../src/signals/verdicts.ts';
import { diagnose } from '../../src/triage/diagnose.ts';
import { Totals } from '../../src/watch/totals.ts';
import type { Watched } from '../../src/watch/watcher.ts';
import { turnOf } from '../../src/watch/windows.ts';
import { answerOf, FakeClock, line, minute, noon, refused, settings, sum, value, watching } from './fake.ts';

const at = (time: number, change: Readonly<Record<string, unknown>> = {}) =>
  line({ start_time: new Date(time).toISOString(), ...change });

/** One request each ten seconds, for three hours around noon; each third one is refused. */
const traffic = Array.from({ length: 1080 }, (_, i) => at(noon - 90 * minute + i * 10_000, i % 3 === 0 ? refused : {}));

function store(answer: (q: Question, call: number) => Promise<Answer> | Answer = (q) => answerOf(traffic, q)) {
  const asked: { from: number; to: number }[] = [];
  const source: Watched = {
    async count(question) {
      asked.push({ from: question.from ?? Number.NaN, to: question.to ?? Number.NaN });
      return answer(question, asked.length);
    },
  };
  return { source, asked };
}

const failures = 'gateway.verdict.failures';
const windows = 'vigia.watch.windows';

test('windows are aligned, half-open, each asked once, none before its end and the delay', async () => {
  const clock = new FakeClock(noon);
  const { source, asked } = store();
  const at: number[] = [];
  const counted: Watched = {
    count: (q) => {
      at.push(clock.now() - (q.to ?? 0));
      return source.count(q);
    },
  };
  const { watcher, stop, ended, saved } = watching(counted, clock);
  await clock.pass(10 * minute + 31_000);
  stop.abort();
  await ended;
  expect(asked).toEqual(
    Array.from({ length: 10 }, (_, i) => ({ from: noon + i * minute, to: noon + (i + 1) * minute })),
  );
  for (const late of at) {
    expect(late).toBeGreaterThanOrEqual(settings.delay);
    expect(late).toBeLessThan(settings.delay + 2000);
  }
  expect(value(watcher.families(), windows, { outcome: 'answered' })).toBe(10);
  const inWindow = answerOf(traffic, { from: noon, to: noon + 10 * minute, where: [] });
  expect(sum(watcher.families(), failures)).toBe(diagnose(inWindow).totals.failures);
  expect(sum(watcher.families(), 'gateway.verdict.requests')).toBe(inWindow.requests);
  expect(value(watcher.families(), failures, { side: 'backend', cause: 'connect-refused', route: 'shop/cart' })).toBe(
    20,
  );
  expect(saved.map((s) => s.next)).toEqual(asked.map((w) => w.to));
});

test('a window that fails is tried again and told, with a growing pause; nothing after it is asked before', async () => {
  const clock = new FakeClock(noon);
  const { source, asked } = store((q, call) => {
    if (call <= 3) throw new SourceError('throttled');
    return answerOf(traffic, q);
  });
  const { watcher, stop, ended, logged } = watching(source, clock);
  await clock.pass(4 * minute);
  stop.abort();
  await ended;
  expect(asked.map((w) => (w.from - noon) / minute)).toEqual([0, 0, 0, 0, 1, 2]);
  expect(value(watcher.families(), 'vigia.watch.errors', { error: 'source' })).toBe(3);
  expect(logged.map((l) => l.replace(/^.*: /, ''))).toEqual([
    'throttled; again in 1 s',
    'throttled; again in 2 s',
    'throttled; again in 4 s',
  ]);
  expect(value(watcher.families(), windows, { outcome: 'skipped' })).toBe(0);
  expect(sum(watcher.families(), failures)).toBe(6);
});

test('a source that is away for longer than the catch-up: the windows given up are counted and named, the rest answered', async () => {
  const clock = new FakeClock(noon);
  let away = true;
  const { source } = store((q) => {
    if (away) throw new SourceError('away');
    return answerOf(traffic, q);
  });
  const cut = { ...settings, catchUp: 5 * minute };
  const { watcher, stop, ended, logged } = watching(source, clock, { cut });
  await clock.pass(10 * minute);
  away = false;
  await clock.pass(5 * minute);
  stop.abort();
  await ended;
  const answered = value(watcher.families(), windows, { outcome: 'answered' }) ?? 0;
  const skipped = value(watcher.families(), windows, { outcome: 'skipped' }) ?? 0;
  expect(skipped).toBeGreaterThan(0);
  expect((watcher.next - noon) / minute).toBe(answered + skipped);
  expect(logged.filter((l) => l.includes('skipped')).length).toBeGreaterThan(0);
  expect(sum(watcher.families(), failures)).toBe(2 * answered);
});

test('the clock goes forward, as after a suspend: windows are answered one after the other, none twice', async () => {
  const clock = new FakeClock(noon);
  const { source, asked } = store();
  const { stop, ended } = watching(source, clock);
  await clock.pass(2 * minute);
  clock.jump(20 * minute);
  await clock.pass(2 * minute);
  stop.abort();
  await ended;
  expect(asked.map((w) => (w.from - noon) / minute)).toEqual(Array.from({ length: 23 }, (_, i) => i));
});

test('the clock goes back: what was answered stays answered, the watch waits and says so once', async () => {
  const clock = new FakeClock(noon);
  const { source, asked } = store();
  const { stop, ended, logged } = watching(source, clock);
  await clock.pass(5 * minute + 31_000);
  clock.jump(-10 * minute);
  await clock.pass(9 * minute);
  expect(asked.length).toBe(5);
  expect(logged.filter((l) => l.includes('the clock went back')).length).toBe(1);
  await clock.pass(3 * minute);
  stop.abort();
  await ended;
  expect(asked.map((w) => (w.from - noon) / minute)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('a source slower than the interval: one question at a time, and how far behind is told', async () => {
  const clock = new FakeClock(noon);
  let running = 0;
  let most = 0;
  const never = new AbortController().signal;
  const { source } = store(async (q) => {
    most = Math.max(most, ++running);
    await clock.sleep(90_000, never);
    running--;
    return answerOf(traffic, q);
  });
  const { watcher, stop } = watching(source, clock);
  await clock.pass(20 * minute);
  expect(most).toBe(1);
  expect(value(watcher.families(), 'vigia.watch.lag')).toBeGreaterThan(5 * 60);
  expect(watcher.behind()).toContain('has been due for');
  expect(value(watcher.families(), 'vigia.watch.busy')).toBeGreaterThan(15 * 60);
  stop.abort();
});

test('an answer that comes after its timeout is dropped; the window is asked again and counted once', async () => {
  const clock = new FakeClock(noon);
  const never = new AbortController().signal;
  const { source, asked } = store(async (q, call) => {
    if (call === 1) await clock.sleep(8 * minute, never);
    return answerOf(traffic, q);
  });
  const { watcher, stop, ended } = watching(source, clock);
  await clock.pass(15 * minute);
  stop.abort();
  await ended;
  expect(asked.filter((w) => w.from === noon).length).toBe(2);
  expect(value(watcher.families(), 'vigia.watch.errors', { error: 'timeout' })).toBe(1);
  expect(sum(watcher.families(), failures)).toBe(2 * ((watcher.next - noon) / minute));
});

test('on stop the window under way is finished within the grace, or abandoned and in no count', async () => {
  for (const [takes, counted] of [
    [2000, 1],
    [20_000, 0],
  ] as const) {
    const clock = new FakeClock(noon);
    const { source } = store(async (q) => {
      await clock.sleep(takes, new AbortController().signal);
      return answerOf(traffic, q);
    });
    const { watcher, stop, ended, saved } = watching(source, clock);
    await clock.pass(91_000);
    stop.abort();
    await clock.pass(6000);
    await ended;
    expect(value(watcher.families(), windows, { outcome: 'answered' })).toBe(counted);
    expect(saved.length).toBe(counted);
    expect(watcher.next).toBe(noon + counted * minute);
  }
});

test('what could not be saved is not counted, and is asked again', async () => {
  const clock = new FakeClock(noon);
  let full = true;
  const { source } = store();
  const { watcher, stop, ended } = watching(source, clock, {
    save: () => {
      if (full) throw new Error('no space left');
    },
  });
  await clock.pass(2 * minute);
  expect(sum(watcher.families(), failures)).toBe(0);
  full = false;
  await clock.pass(2 * minute);
  stop.abort();
  await ended;
  expect(sum(watcher.families(), failures)).toBe(2 * ((watcher.next - noon) / minute));
  expect(watcher.next).toBeGreaterThan(noon);
});

test('killed at any moment and started again from what was saved: no window lost, none doubled', async () => {
  const clock = new FakeClock(noon);
  const { source, asked } = store();
  let next = noon;
  let verdicts = new Totals(100, Object.values(verdictSignals));
  let since = new Set<number>();
  for (let life = 0; life < 12; life++) {
    const { saved, stop } = watching(source, clock, { next, verdicts });
    await clock.pass(37_000 + life * 11_000);
    // Nothing of the process is left but what it saved, as JSON has it.
    stop.abort();
    const last = saved.at(-1);
    if (last) {
      next = last.next;
      verdicts = new Totals(100, Object.values(verdictSignals), JSON.parse(JSON.stringify(last.verdicts.stored())));
    }
    since = new Set(
      verdicts
        .families()
        .find((f) => f.signal === verdictSignals.failures)
        ?.series.map((s) => s.since),
    );
  }
  expect(asked.map((w) => (w.from - noon) / minute)).toEqual(Array.from({ length: asked.length }, (_, i) => i));
  expect(sum(verdicts.families(), failures)).toBe(2 * ((next - noon) / minute));
  // The series has gone on: the same start, so that no reader takes it for a reset.
  expect([...since]).toEqual([noon]);
});

test('two instances answer the same windows alike, whenever they began', async () => {
  const clock = new FakeClock(noon);
  const one = watching(store().source, clock);
  await clock.pass(4 * minute + 17_000);
  const two = watching(store().source, clock, { next: noon + 4 * minute });
  await clock.pass(5 * minute);
  one.stop.abort();
  two.stop.abort();
  for (const gauge of [
    'gateway.verdict.window.failures',
    'gateway.verdict.window.requests',
    'gateway.verdict.window.end',
  ])
    expect(sum(two.watcher.families(), gauge), gauge).toBe(sum(one.watcher.families(), gauge));
  expect(value(two.watcher.families(), 'gateway.verdict.window.end')).toBe((noon + 8 * minute) / 1000);
});

test('a partial answer is asked again twice, then counted as what it is', async () => {
  const clock = new FakeClock(noon);
  const { source, asked } = store((q) => {
    const answer = answerOf(traffic, q);
    const missing = [{ what: 'group b', reason: 'denied' }];
    return { ...answer, reading: { ...answer.reading, store: { missing, bytesScanned: 7 } as never } };
  });
  const { watcher, stop, ended, logged } = watching(source, clock);
  await clock.pass(2 * minute);
  stop.abort();
  await ended;
  expect(asked.length).toBe(3);
  expect(value(watcher.families(), windows, { outcome: 'partial' })).toBe(1);
  expect(value(watcher.families(), 'vigia.watch.scanned')).toBe(7);
  expect(logged.at(-1)).toContain('counted without what is missing: group b could not be read (denied)');
});

test('a gauge says nought when its cause is over, and is fresh only as long as windows are answered', async () => {
  const clock = new FakeClock(noon);
  const { source } = store((q) => answerOf(q.from === noon ? [at(noon, refused)] : [at(q.from ?? 0)], q));
  const { watcher, stop } = watching(source, clock);
  await clock.pass(91_000);
  const gauge = 'gateway.verdict.window.failures';
  expect(value(watcher.families(), gauge, { cause: 'connect-refused' })).toBe(1);
  expect(watcher.behind()).toBeUndefined();
  await clock.pass(minute);
  expect(value(watcher.families(), gauge, { cause: 'connect-refused' })).toBe(0);
  expect(value(watcher.families(), failures, { cause: 'connect-refused' })).toBe(1);
  stop.abort();
});

test('many routes: series are bounded, sums stay right, what was folded is told', async () => {
  const clock = new FakeClock(noon);
  const { source } = store((q) =>
    answerOf(
      Array.from({ length: 3000 }, (_, i) => at(q.from ?? 0, { ...refused, route_name: `shop/${i}` })),
      q,
    ),
  );
  const { watcher, stop, logged } = watching(source, clock, { maxSeries: 50 });
  await clock.pass(3 * minute + 31_000);
  stop.abort();
  expect(sum(watcher.families(), failures)).toBe(9000);
  const series = watcher.families().flatMap((f) => f.series);
  expect(series.length).toBeLessThan(150);
  expect(value(watcher.families(), failures, { route: 'other', backend: 'other' })).toBe(9000 - 3 * 50);
  expect(value(watcher.families(), 'vigia.watch.folded')).toBe(2 * (9000 - 3 * 50));
  expect(logged[0]).toContain('--max-series');
});

test('what a client made up is no label, and hostile names are spelled for every format', async () => {
  const clock = new FakeClock(noon);
  const envoy = (host: string) =>
    `[${new Date(noon).toISOString()}] "GET / HTTP/1.1" 503 UF 0 91 10 - "-" "curl" "id" "${host}" "10.0.0.1:80"`;
  const hosts = store((q) => answerOf(['a.example', 'b.example'].map(envoy), q));
  const first = watching(hosts.source, clock);
  const named = store((q) => answerOf([at(noon, { ...refused, route_name: 'a"\\\nb\u001b[31m\ud800' })], q));
  const second = watching(named.source, clock);
  await clock.pass(91_000);
  first.stop.abort();
  second.stop.abort();
  expect(value(first.watcher.families(), failures, { route: '-', backend: '-' })).toBe(2);
  const [route] = second.watcher.families().flatMap((f) => f.series.flatMap((s) => s.labels['route'] ?? []));
  expect(route).toBe('a"\\\\x0ab\\x1b[31m\ufffd');
});

test('the turn: wait, answer, skip, for every moment around a window', () => {
  const cut = { every: minute, delay: 30_000, catchUp: 5 * minute };
  expect(turnOf(noon, noon, cut)).toEqual({ do: 'wait', ms: 90_000, clockWentBack: false });
  expect(turnOf(noon + 90_000, noon, cut)).toEqual({ do: 'answer' });
  expect(turnOf(noon + 90_000 + 5 * minute, noon, cut)).toEqual({ do: 'answer' });
  expect(turnOf(noon + 90_001 + 5 * minute, noon, cut)).toEqual({ do: 'skip', count: 1, next: noon + minute });
  expect(turnOf(noon - 10 * minute, noon, cut)).toMatchObject({ do: 'wait', clockWentBack: true });
});

test('a window without a record is an answer, told once: a quiet night must not hold up the morning', async () => {
  const clock = new FakeClock(noon);
  const quiet = (q: Question) => (q.from ?? 0) < noon + 3 * minute || (q.from ?? 0) === noon + 5 * minute;
  const { source, asked } = store((q) => {
    if (quiet(q)) throw new NoRecords('Loki has no line with a=b in the window');
    return answerOf(traffic, q);
  });
  const { watcher, stop, ended, logged } = watching(source, clock);
  await clock.pass(2 * minute + 31_000);
  expect(value(watcher.families(), 'gateway.verdict.window.requests')).toBe(0);
  await clock.pass(5 * minute);
  stop.abort();
  await ended;
  expect(asked.map((w) => (w.from - noon) / minute)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(value(watcher.families(), windows, { outcome: 'answered' })).toBe(7);
  expect(value(watcher.families(), 'vigia.watch.errors', { error: 'source' })).toBe(0);
  expect(sum(watcher.families(), 'gateway.verdict.requests')).toBe(18);
  const said = 'Loki has no line with a=b in the window; counted as no requests';
  expect(logged).toEqual([0, 5].map((m) => `window from ${new Date(noon + m * minute).toISOString()}: ${said}`));
});
