import type { Answer } from '../../src/logs/answer.ts';
import { everything, type Question } from '../../src/logs/question.ts';
import { LineParser } from '../../src/logs/read/line-parser.ts';
import { Tally } from '../../src/logs/scan/tally.ts';
import { verdictSignals } from '../../src/signals/verdicts.ts';
import type { Clock } from '../../src/watch/clock.ts';
import { type Family, Totals } from '../../src/watch/totals.ts';
import { type Watched, Watcher, type WatchOptions } from '../../src/watch/watcher.ts';

/** A clock that only `pass` moves. `jump` is what NTP, a suspend or a user does to it: timers run on as if nothing had been. */
export class FakeClock implements Clock {
  #now: number;
  #jumped = 0;
  readonly #sleepers = new Set<{ readonly until: number; wake(): void }>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now + this.#jumped;
  }

  jump(ms: number): void {
    this.#jumped += ms;
  }

  /** Lets time pass, and whoever has slept enough wake. */
  async pass(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end; ) {
      for (let i = 0; i < 10; i++) await Promise.resolve();
      await new Promise(setImmediate);
      const next = Math.min(end, ...[...this.#sleepers].map((s) => s.until));
      this.#now = Math.max(this.#now, next);
      for (const sleeper of [...this.#sleepers]) if (sleeper.until <= this.#now) sleeper.wake();
    }
    await new Promise(setImmediate);
  }

  sleep(ms: number, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        stop.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { until: this.#now + ms, wake };
      if (stop.aborted) return resolve();
      this.#sleepers.add(sleeper);
      stop.addEventListener('abort', wake);
    });
  }
}

export const minute = 60_000;
/** A round time to begin at. */
export const noon = Date.parse('2026-11-20T12:00:00Z');

/** One line as Envoy's JSON has it; what matters is changed. */
export const line = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    start_time: new Date(noon).toISOString(),
    method: 'GET',
    path: '/cart',
    protocol: 'HTTP/1.1',
    response_code: 200,
    response_flags: '-',
    response_code_details: 'via_upstream',
    duration: 12,
    upstream_cluster: 'kube_shop_cart_8080',
    route_name: 'shop/cart',
    upstream_host: '10.0.0.1:8080',
    user_agent: 'curl/8',
    ...change,
  });

/** What a request looks like whose backend refused the connection. */
export const refused = {
  response_code: 503,
  response_flags: 'UF',
  response_code_details:
    'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}',
};

/** What a store would answer to the question, of these lines. */
export function answerOf(lines: readonly string[], question: Question = everything): Answer {
  const parser = new LineParser();
  parser.learn(lines);
  const tally = new Tally(question);
  for (const [i, text] of lines.entries()) {
    tally.lines++;
    tally.bytes += text.length + 1;
    const parsed = parser.parse(text);
    if (!('records' in parsed)) throw new Error(`not read: ${text}`);
    for (const record of parsed.records) tally.add(record, { file: 'test', line: i + 1 }, text);
  }
  return tally.answer([]);
}

export const settings = { every: minute, delay: 30_000, catchUp: 60 * minute };

/** A watcher on a fake clock, and all that came of it. */
export function watching(
  source: Watched,
  clock: FakeClock,
  change: Partial<WatchOptions> & { readonly maxSeries?: number } = {},
) {
  const stop = new AbortController();
  const saved: { next: number; verdicts: Totals }[] = [];
  const logged: string[] = [];
  const watcher = new Watcher({
    source,
    where: [],
    cut: settings,
    next: noon,
    verdicts: new Totals(change.maxSeries ?? 100, Object.values(verdictSignals)),
    timeout: 5 * minute,
    grace: 5000,
    clock,
    stop: stop.signal,
    save: (next, verdicts) => saved.push({ next, verdicts }),
    changed: () => {},
    log: (m) => logged.push(m),
    ...change,
  });
  const ended = watcher.run();
  return { watcher, stop, saved, logged, ended };
}

/** The value of one series by name and labels; undefined when it is not there. */
export function value(
  families: readonly Family[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const series = families.find((f) => f.signal.name === name)?.series ?? [];
  return series.find((s) => Object.entries(labels).every(([k, v]) => s.labels[k] === v))?.value;
}

export const sum = (families: readonly Family[], name: string): number =>
  (families.find((f) => f.signal.name === name)?.series ?? []).reduce((all, s) => all + s.value, 0);
