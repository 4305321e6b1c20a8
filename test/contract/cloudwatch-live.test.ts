import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Question } from '../../src/logs/question.ts';
import type { Clock } from '../../src/logs/remote/back-off.ts';
import { layoutOf } from '../../src/logs/remote/layout.ts';
import { livePattern } from '../../src/logs/sources/cloudwatch/live-pattern.ts';
import { cloudwatchSource } from '../../src/logs/sources/cloudwatch.ts';
import type { Found } from '../../src/logs/sources/source.ts';
import { type CloudWatch, type Event, type Script, startCloudWatch } from './cloudwatch/server.ts';
import { hostile } from './hostile.ts';
import { awsEnvironment } from './sources.ts';
import { recorded, shapes } from './traffic.ts';

/** Live Tail is answered by our emulator (cloudwatch/live.ts), not by AWS. */
const start = Date.parse('2026-11-20T09:00:00Z');
const window: Question = { from: start - 600_000, to: start, where: [] };

const event = (
  id: string,
  timestamp: number,
  o: { readonly route?: string; readonly status?: number } = {},
): Event => ({
  timestamp,
  stream: 'pod-1',
  message: JSON.stringify({
    http_response_status_code: o.status ?? 503,
    envoy_response_flags: (o.status ?? 503) === 503 ? 'UH' : '-',
    envoy_route_name: o.route ?? 'r',
    envoy_upstream_cluster: id,
    envoy_duration_ms: 5,
    envoy_upstream_request_attempt_count: 1,
  }),
});

const running: CloudWatch[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** A follower whose time a test moves; the emulator answers in the machine's own. */
async function follower(o: {
  readonly live?: boolean;
  readonly failing?: boolean;
  readonly question?: Question;
  readonly server?: CloudWatch;
  readonly script?: Script;
}) {
  const server =
    o.server ?? (await startCloudWatch([{ name: '/g', events: [event('first', start - 5_000)] }], o.script));
  if (!o.server) running.push(server);
  awsEnvironment(server.endpoint);
  // Thirty times as fast as the machine's.
  const began = Date.now();
  const now = () => start + (Date.now() - began) * 30;
  const clock: Clock = {
    now,
    random: () => 0.5,
    sleep: (ms, signal) => sleep(ms / 30, undefined, signal ? { signal } : {}),
  };
  const abort = new AbortController();
  let stopping = (): void => undefined;
  const follow = new Promise<void>((resolve) => {
    stopping = resolve;
  });
  const found: Found[] = [];
  const said: string[] = [];
  const source = cloudwatchSource({
    ...{ groups: ['/g'], region: undefined, profile: undefined, role: undefined, maxScan: undefined, overrides: {} },
    ...{ signal: abort.signal, clock, warn: (m: string) => said.push(m) },
  });
  const ended = source.read({
    question: o.question ?? window,
    failing: o.failing ?? true,
    ...{ follow, live: o.live ?? true },
    take: (one) => found.push(one) > 0,
  });
  ended.catch(() => undefined);
  const stop = (): void => {
    stopping();
    abort.abort();
  };
  const ids = () => found.map((f) => f.record.cluster ?? '?').sort();
  return { server, found, ids, said, now, ended: () => ended, stop };
}

const patience = { timeout: 20_000, interval: 100 };

test('lines come at once, late ones too, and each once though they are asked for afterwards', async () => {
  const f = await follower({});
  await expect.poll(() => f.server.sessions.size, patience).toBe(1);
  const [session] = f.server.seen.calls.filter((c) => c.operation === 'StartLiveTail');
  expect(session?.input['logGroupIdentifiers']).toEqual(['arn:aws:logs:us-east-1:123456789012:log-group:/g']);
  const now = f.now();
  f.server.arrive('/g', [
    event('a', now),
    event('a', now),
    event('fine', now, { status: 200 }),
    event('late', now - 90_000),
    event('before the window', start - 700_000),
    { timestamp: now, stream: 'pod-1', message: '[2026-11-20 09:00:00.000][1][info][main] response_flags..A' },
    { timestamp: now, stream: 'pod-1', message: '{"level":"info","msg":"status_code: 5"}' },
  ]);
  await expect.poll(f.ids, { timeout: 1_000, interval: 20 }).toEqual(['a', 'a', 'first', 'late']);
  // What Live Tail did not give is found by asking, once it is old enough to be complete.
  f.server.arrive('/g', [event('missed', f.now())], () => false);
  await expect.poll(f.ids, patience).toEqual(['a', 'a', 'first', 'late', 'missed']);
  await sleep(3_000);
  f.stop();
  const report = await f.ended();
  expect(f.ids()).toEqual(['a', 'a', 'first', 'late', 'missed']);
  expect(report.rejects).toBe(0);
  expect(f.said.filter((m) => !m.includes('to scan'))).toEqual([
    'Live Tail costs about 0.01 USD a minute beside what is scanned',
  ]);
  await expect.poll(() => f.server.sessions.size, { timeout: 5_000 }).toBe(0);
});

test('the same records as asking, hostile names and conditions included', async () => {
  const server = await startCloudWatch([{ name: '/g', events: [event('first', start - 5_000)] }]);
  running.push(server);
  const where = [{ field: 'route', negated: true, values: ['a | limit 1'] }] as const;
  const question = { ...window, where };
  const both = [await follower({ server, question }), await follower({ server, question, live: false })];
  await expect.poll(() => server.sessions.size, patience).toBe(1);
  const routes = hostile.filter((text) => text !== '');
  server.arrive(
    '/g',
    routes.map((route, i) => event(`h${i}`, (both[0]?.now() ?? 0) + i, { route })),
  );
  const wanted = ['first', ...routes.flatMap((r, i) => (r === 'a | limit 1' ? [] : [`h${i}`]))].sort();
  for (const f of both) await expect.poll(f.ids, patience).toEqual(wanted);
  const records = both.map((f) =>
    f.found.map((one) => JSON.stringify([one.record.cluster, one.record, one.raw, one.place])).sort(),
  );
  expect(records[0]).toEqual(records[1]);
  for (const f of both) {
    f.stop();
    await f.ended();
  }
});

test('where nothing is yet, the first record is waited for', async () => {
  const server = await startCloudWatch([{ name: '/g', events: [] }]);
  running.push(server);
  const f = await follower({ server, live: false });
  await expect
    .poll(() => f.said, patience)
    .toContain('/g: no record in the window to learn the fields from: waiting for the first');
  server.arrive('/g', [event('a', f.now())]);
  await expect.poll(f.ids, patience).toEqual(['a']);
  server.arrive('/g', [event('b', f.now())]);
  await expect.poll(f.ids, patience).toEqual(['a', 'b']);
  f.stop();
  await f.ended();
  const none = await startCloudWatch([{ name: '/g', events: [] }]);
  running.push(none);
  const waiting = await follower({ server: none });
  await expect.poll(() => waiting.said.length, patience).toBe(1);
  waiting.stop();
  await expect(waiting.ended()).rejects.toThrow('stopped before there was a record');
});

test('more than 500 a second is sampled there: said, and the rest is asked for', async () => {
  const f = await follower({});
  await expect.poll(() => f.server.sessions.size, patience).toBe(1);
  f.server.arrive(
    '/g',
    Array.from({ length: 900 }, (_, i) => event(`e${i}`, f.now())),
  );
  await expect.poll(() => f.found.length, { timeout: 2_000, interval: 20 }).toBe(501);
  await expect.poll(() => f.found.length, patience).toBe(901);
  expect(f.said.at(-1)).toBe(
    'Live Tail samples, because more than 500 lines a second match: what it leaves out is asked for, and comes a little later',
  );
  f.stop();
  await f.ended();
});

describe('sessions end', () => {
  test.each(['SessionTimeoutException', 'SessionStreamingException', undefined] as const)(
    'by %s: another begins, and nothing is missing or double',
    async (exception) => {
      const f = await follower({});
      await expect.poll(() => f.server.sessions.size, patience).toBe(1);
      f.server.arrive('/g', [event('a', f.now())]);
      await expect.poll(f.ids, patience).toEqual(['a', 'first']);
      for (const session of f.server.sessions) session.end(exception);
      f.server.sessions.clear();
      f.server.arrive('/g', [event('between', f.now())]);
      await expect.poll(() => f.server.sessions.size, patience).toBe(1);
      f.server.arrive('/g', [event('after', f.now())]);
      await expect.poll(f.ids, patience).toEqual(['a', 'after', 'between', 'first']);
      f.stop();
      await f.ended();
    },
  );

  test('refused for good: asked instead, and said', async () => {
    const f = await follower({ script: { forbidden: ['StartLiveTail'] } });
    await expect
      .poll(() => f.said.at(-1), patience)
      .toMatch(/^Live Tail can't be had: .*: access denied: .*it needs logs:StartLiveTail; asked every 10 s$/);
    f.server.arrive('/g', [event('a', f.now())]);
    await expect.poll(f.ids, patience).toEqual(['a', 'first']);
    f.stop();
    await f.ended();
    expect(f.server.seen.calls.filter((c) => c.operation === 'StartLiveTail')).toHaveLength(1);
  });

  test('too many sessions: tried again; a pattern that is refused: without one', async () => {
    const f = await follower({ script: { live: ['LimitExceededException', 'InvalidParameterException'] } });
    await expect.poll(() => f.server.sessions.size, patience).toBe(1);
    const patterns = f.server.seen.calls
      .filter((c) => c.operation === 'StartLiveTail')
      .map((c) => c.input['logEventFilterPattern']);
    expect(patterns).toEqual([expect.stringMatching(/^%.*%$/), expect.stringMatching(/^%.*%$/), undefined]);
    f.stop();
    await f.ended();
  });
});

describe('the pattern', () => {
  const traffic = recorded(Date.parse('2026-11-20T09:00:00Z'), Date.parse('2026-11-20T09:30:00Z'));

  test.each(shapes.map((s) => [s.name, s] as const))(
    'lets through all that failed, and little else: %s',
    (_, shape) => {
      const names = new Set<string>();
      const walk = (value: unknown, path: string): void => {
        if (value !== null && typeof value === 'object')
          for (const [key, v] of Object.entries(value)) walk(v, path === '' ? key : `${path}.${key}`);
        else names.add(path);
      };
      const messages = traffic.map((r) => ({ failed: failed(r.record), message: shape.message(r) }));
      for (const { message } of messages) walk(JSON.parse(message), '');
      const pattern = livePattern(layoutOf([...names], shape.map ?? {})) ?? '';
      expect(pattern).toMatch(/^%[A-Za-z0-9_^[\]|*.-]+%$/);
      const test = new RegExp(pattern.slice(1, -1));
      const [all, fine] = [messages.filter((m) => m.failed), messages.filter((m) => !m.failed)];
      expect(all.length).toBeGreaterThan(100);
      expect(all.filter((m) => !test.test(m.message)).slice(0, 3)).toEqual([]);
      expect(fine.filter((m) => test.test(m.message)).slice(0, 3)).toEqual([]);
    },
  );

  const failed = ({ status, flags, attempts, grpcStatus }: (typeof traffic)[number]['record']): boolean =>
    (status ?? 0) >= 400 ||
    (status ?? 0) < 100 ||
    (flags?.length ?? 0) > 0 ||
    (attempts ?? 0) > 1 ||
    !['0', 'OK', '-'].includes(grpcStatus ?? '-');
});
