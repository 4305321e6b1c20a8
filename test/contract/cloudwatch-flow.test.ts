import { afterEach, describe, expect, test } from 'vitest';
import type { Question } from '../../src/logs/question.ts';
import type { Clock } from '../../src/logs/remote/back-off.ts';
import { type CloudWatchOptions, cloudwatchSource } from '../../src/logs/sources/cloudwatch.ts';
import type { Found } from '../../src/logs/sources/source.ts';
import { type CloudWatch, type Group, type Script, startCloudWatch } from './cloudwatch/server.ts';
import { atOnce, awsEnvironment } from './sources.ts';

const start = Date.parse('2026-11-20T09:00:00Z');
const hour = 3_600_000;
const question: Question = { from: start, to: start + hour, where: [] };

/** One request a second: every tenth a 503 of a route of its own minute. */
const events = (seconds: number, extra: Record<string, unknown> = {}) =>
  Array.from({ length: seconds }, (_, i) => ({
    timestamp: start + i * 1000,
    stream: 'pod-1',
    message: JSON.stringify({
      http_response_status_code: i % 10 === 0 ? 503 : 200,
      envoy_response_flags: i % 10 === 0 ? 'UH' : '-',
      envoy_response_code_details: i % 10 === 0 ? 'no_healthy_upstream' : 'via_upstream',
      envoy_route_name: `r${Math.floor(i / 60) % 20}`,
      envoy_upstream_cluster: 'kube_shop_cart_8080',
      envoy_duration_ms: i % 90,
      envoy_upstream_request_attempt_count: i % 10 === 0 ? 0 : 1,
      ...extra,
    }),
  }));

const running: CloudWatch[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function started(groups: readonly Group[], script: Script = {}, options: Partial<CloudWatchOptions> = {}) {
  const server = await startCloudWatch(groups, script);
  running.push(server);
  awsEnvironment(server.endpoint);
  const warnings: string[] = [];
  const source = cloudwatchSource({
    groups: groups.map((g) => g.name),
    region: undefined,
    profile: undefined,
    role: undefined,
    maxScan: undefined,
    overrides: {},
    signal: new AbortController().signal,
    clock: atOnce,
    warn: (m) => warnings.push(m),
    ...options,
  });
  const calls = (operation: string) => server.seen.calls.filter((c) => c.operation === operation);
  return { server, source, warnings, calls };
}

const group = (name: string, seconds = 3600): Group => ({ name, events: events(seconds) });

describe('what is asked', () => {
  test('a triage is one scan that counts, and short ones that together show a line of every kind', async () => {
    const { source, calls } = await started([group('/g')]);
    const answer = await source.count(question);
    expect(answer.requests).toBe(3600);
    expect(answer.signatures.reduce((sum, s) => sum + s.count, 0)).toBe(360);
    const asked = calls('StartQuery').map(({ input }) => [input['startTime'], input['endTime']]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toEqual([start / 1000, start / 1000 + 3599]);
    // Twenty routes, a minute each: the nineteen minutes between are as short as it gets.
    expect(Number(asked[1]?.[1]) - Number(asked[1]?.[0])).toBe(20 * 60 - 1);
    const { store } = answer.reading;
    const bytes = events(3600).reduce((sum, e) => sum + Buffer.byteLength(e.message), 0);
    expect(store?.queries).toBe(2);
    expect(store?.bytesScanned).toBeGreaterThan(bytes);
    expect(store?.bytesScanned).toBeLessThan(bytes * 1.4);
    expect(store?.dollars).toBeCloseTo(((store?.bytesScanned ?? 0) / 1e9) * 0.005, 12);
    expect(store?.newest).toBe(start + 3599_000);
  });

  test('half-open to the millisecond, though the API takes whole seconds and both ends', async () => {
    const at = (ms: number) => ({ ...(events(1)[0] as ReturnType<typeof events>[0]), timestamp: start + ms });
    const { source } = await started([{ name: '/g', events: [999, 1000, 1500, 1999, 2000, 2001].map(at) }]);
    const count = async (from: number, to: number) =>
      (await source.count({ from: start + from, to: start + to, where: [] })).requests;
    expect(await count(1000, 2000)).toBe(3);
    expect(await count(999, 2001)).toBe(5);
    expect(await count(1500, 1501)).toBe(1);
    expect(await count(1501, 1999)).toBe(0);
  });

  test('a long window is cut into parts that add up, at most six at once', async () => {
    const day = Array.from({ length: 24 * 60 }, (_, i) => ({
      ...(events(1)[0] as ReturnType<typeof events>[0]),
      timestamp: start + i * 60_000,
    }));
    const { source, server, calls } = await started([{ name: '/g', events: day }], { running: 3 });
    const answer = await source.count({ from: start, to: start + 24 * hour, where: [] });
    expect(answer.requests).toBe(1440);
    expect(answer.bucketMs).toBe(10 * 60_000);
    expect(calls('StartQuery')).toHaveLength(9);
    expect(server.seen.most).toBeLessThanOrEqual(6);
    expect(server.seen.most).toBeGreaterThan(1);
  });

  test('more than fifty groups are asked fifty at a time; globs and pages of groups', async () => {
    const many = Array.from({ length: 120 }, (_, i) => ({
      name: `/many/${String(i).padStart(3, '0')}`,
      events: events(10),
    }));
    const { source, calls } = await started([...many, group('/other')], {}, { groups: ['/many/*'] });
    const answer = await source.count(question);
    expect(answer.requests).toBe(1200);
    expect(
      calls('StartQuery')
        .slice(0, 3)
        .map((c) => (c.input['logGroupNames'] as string[]).length)
        .sort(),
    ).toEqual([20, 50, 50]);
    expect(calls('DescribeLogGroups').length).toBe(3);
  });

  test('weights: a sampled record counts for as many as it stands for', async () => {
    const sampled = events(100).map((e, i) => ({
      ...e,
      message: JSON.stringify({ ...JSON.parse(e.message), ...(i % 10 === 0 ? {} : { vigia_weight: 20 }) }),
    }));
    const { source } = await started([{ name: '/g', events: sampled }]);
    const answer = await source.count(question);
    expect(answer.requests).toBe(10 + 90 * 20);
    expect(answer.reading.weighted).toBe(90);
    expect(answer.routes.reduce((sum, r) => sum + r.requests, 0)).toBe(1810);
    expect(answer.latency.reduce((a, b) => a + b, 0)).toBe(1810);
  });
});

describe('what it costs', () => {
  test('the estimate is said before, and a scan beyond --max-scan is not begun', async () => {
    const big: Group = { name: '/g', events: events(3600), storedBytes: 720e9, retentionInDays: 30 };
    const clock: Clock = { ...atOnce, now: () => start + 30 * 24 * hour };
    const some = await started([big], {}, { clock });
    await some.source.count(question);
    expect(some.warnings).toEqual(['about 1.0 GB to scan (about 0.01 USD), judged by the size of the log group']);
    const less = await started([big], {}, { clock, maxScan: 1e8 });
    await expect(less.source.count(question)).rejects.toThrow(/about 1\.0 GB to scan.*more than --max-scan allows/);
    expect(less.calls('StartQuery')).toEqual([]);
  });

  test('a scan that turns out greater is stopped there', async () => {
    const { source, server } = await started(
      [{ ...group('/g'), storedBytes: 0 }],
      { running: 4 },
      { maxScan: 100_000 },
    );
    await expect(source.count(question)).rejects.toThrow(/more than --max-scan allows/);
    expect(server.seen.stopped).toEqual(['query-1']);
  });
});

test('what the store can not have is said: records that are gone, records that are on their way', async () => {
  const kept: Group = { ...group('/g', 600), retentionInDays: 1 };
  const notes = async (now: number) => {
    const { source } = await started([kept], {}, { clock: { ...atOnce, now: () => now } });
    return (await source.count(question)).reading.store?.notes;
  };
  expect(await notes(start + 2 * hour)).toEqual([]);
  expect(await notes(start + 24.5 * hour)).toEqual(['/g keeps nothing from before 2026-11-20T09:30:00.000Z']);
  expect(await notes(start + hour + 60_000)).toEqual(['records of the last two minutes may still be on their way']);
});

describe('when it does not go well', () => {
  test('throttled every third call and two queries at once: the same answer', async () => {
    const calm = await (await started([group('/g', 7200)])).source.count({ ...question, to: start + 24 * hour });
    // A two-hundredth of the time, so that queries which run end while others wait.
    const clock: Clock = { ...atOnce, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 200)) };
    const rough = await started([group('/g', 7200)], { throttleEvery: 3, concurrent: 2, running: 2 }, { clock });
    const answer = await rough.source.count({ ...question, to: start + 24 * hour });
    expect({ ...answer, reading: undefined, samples: undefined }).toEqual({
      ...calm,
      reading: undefined,
      samples: undefined,
    });
    expect(rough.server.seen.most).toBe(2);
  });

  test('stopped by the user: every query that runs is ended there', async () => {
    const stop = new AbortController();
    let polls = 0;
    const clock: Clock = {
      ...atOnce,
      sleep: (ms, signal) => {
        if (++polls === 5) stop.abort();
        return atOnce.sleep(ms, signal);
      },
    };
    const { source, server, calls } = await started([group('/g')], { running: 1000 }, { signal: stop.signal, clock });
    await expect(source.count({ ...question, to: start + 24 * hour })).rejects.toMatchObject({ failure: 'stopped' });
    expect(calls('StartQuery').length).toBeGreaterThan(1);
    expect(new Set(server.seen.stopped).size).toBe(calls('StartQuery').length);
  });

  test('a query that fails is asked again in halves; what fails again is missing, and said', async () => {
    const bad = (from: number, to: number) => from <= start / 1000 + 600 && to >= start / 1000 + 600;
    const { source } = await started([group('/g')], { fails: bad });
    const answer = await source.count(question);
    expect(answer.requests).toBe(1800);
    expect(answer.precision).toBe('approximate');
    expect(answer.reading.store?.missing).toEqual([
      {
        what: '2026-11-20T09:00:00.000Z to 2026-11-20T09:30:00.000Z of /g',
        reason: '/g: CloudWatch ended the query: Failed',
      },
    ]);
  });

  test('all of it fails: an error, not an empty answer', async () => {
    const { source } = await started([group('/g')], { fails: () => true });
    await expect(source.count(question)).rejects.toThrow('/g: CloudWatch ended the query: Failed');
  });

  test('one group of three is denied: the others are counted, and it is said once', async () => {
    const groups = [group('/a', 600), group('/b', 600), group('/c', 600)];
    const { source } = await started(groups, { denied: ['/b'] });
    const answer = await source.count({ ...question, to: start + 24 * hour });
    expect(answer.requests).toBe(1200);
    expect(answer.reading.store?.missing.map((m) => m.what)).toEqual(['/b']);
    expect(answer.reading.store?.missing[0]?.reason).toContain('access denied');
    const alone = await started([group('/b')], { denied: ['/b'] });
    await expect(alone.source.count(question)).rejects.toMatchObject({ failure: 'denied' });
  });

  test('a log group that is not there, and the nearest that is', async () => {
    const { source } = await started([group('/gateways/prod')], {}, { groups: ['/gateways/prd'] });
    await expect(source.count(question)).rejects.toMatchObject({
      message: '/gateways/prd: no such log group in us-east-1',
      hint: 'did you mean /gateways/prod?',
    });
    const two = await started([group('/gateways/prod', 60)], {}, { groups: ['/gateways/prod', '/gateways/x'] });
    const answer = await two.source.count(question);
    expect(answer.requests).toBe(60);
    expect(answer.reading.store?.missing).toEqual([{ what: '/gateways/x', reason: 'no such log group' }]);
  });

  test('where fields may not be listed the first events are looked at instead; where groups may not, no estimate is made', async () => {
    const { source, calls } = await started([group('/g', 600)], {
      forbidden: ['GetLogGroupFields', 'DescribeLogGroups'],
    });
    const answer = await source.count(question);
    expect(answer.requests).toBe(600);
    expect(calls('FilterLogEvents').length).toBe(2);
    expect(answer.reading.store?.notes).toEqual(['no estimate was made: the size of the log group is not known']);
  });

  test('records that are no access log: what is there is named', async () => {
    const other = [{ timestamp: start + 1, stream: 's', message: '{"level":"info","msg":"hello"}' }];
    const { source } = await started([{ name: '/g', events: other }]);
    await expect(source.count(question)).rejects.toMatchObject({
      message: '/g: no field that could be a status code or response flags, among 2',
      hint: 'say which is which: --map status=FIELD,flags=FIELD; found are level, msg',
    });
  });

  test('log groups whose records look different are not asked in one query', async () => {
    const other = events(60).map((e) => ({
      ...e,
      message: JSON.stringify({ attributes: JSON.parse(e.message) as object }),
    }));
    const { source, calls } = await started([group('/a', 60), { name: '/b', events: other }]);
    await expect(source.count(question)).rejects.toThrow(
      '/b calls the status attributes.http_response_status_code, and another log group calls it http_response_status_code',
    );
    expect(calls('StartQuery')).toEqual([]);
  });

  test('more rows than are taken: the window is halved until they fit, and nothing is counted twice', async () => {
    // 25,000 routes that fail at once, at two times.
    const wide = Array.from({ length: 25_000 }, (_, i) => ({
      ...(events(1, { envoy_route_name: `route-${i}` })[0] as ReturnType<typeof events>[0]),
      timestamp: start + (i % 2) * 1_800_000,
    }));
    const { source, calls } = await started([{ name: '/g', events: wide }]);
    const answer = await source.count(question);
    expect(answer.requests).toBe(25_000);
    expect(answer.signatures.reduce((sum, s) => sum + s.count, 0)).toBe(25_000);
    // Names beyond a bound are folded, as in a file.
    expect(answer.precision).toBe('truncated');
    expect(calls('StartQuery')).toHaveLength(4);
  });

  test('a window without an end is refused', async () => {
    const { source } = await started([group('/g', 10)]);
    await expect(source.count({ from: start, to: undefined, where: [] })).rejects.toThrow(
      'a window with a beginning and an end',
    );
  });
});

describe('the lines themselves', () => {
  const read = async (options: { failing: boolean; most?: number }, seconds = 3600) => {
    const { source, calls } = await started([group('/g', seconds)]);
    const found: Found[] = [];
    const report = await source.read({
      question,
      failing: options.failing,
      follow: undefined,
      take: (f) => found.push(f) < (options.most ?? Number.POSITIVE_INFINITY),
    });
    return { found, report, calls };
  };

  test('oldest first, with their place and time', async () => {
    const { found, report } = await read({ failing: true });
    expect(found).toHaveLength(360);
    expect(found.map((f) => f.record.time)).toEqual(Array.from({ length: 360 }, (_, i) => start + i * 10_000));
    expect(found[0]?.place).toEqual({ file: '/g pod-1', line: 0 });
    expect(report).toMatchObject({ lines: 360, rejects: 0, firstReject: undefined });
    expect(report.notes).toEqual([expect.stringMatching(/^1 query, [\d.]+ kB scanned \(less than 0\.01 USD\)$/)]);
  });

  test('enough is enough', async () => {
    expect((await read({ failing: false, most: 7 })).found).toHaveLength(7);
  });

  test('more than one answer holds: halves, in order', async () => {
    const { found, calls } = await read({ failing: false }, 3600);
    expect(found).toHaveLength(3600);
    expect(calls('StartQuery')).toHaveLength(1);
    const many = Array.from({ length: 12_000 }, (_, i) => ({
      ...(events(1)[0] as ReturnType<typeof events>[0]),
      timestamp: start + i * 100,
    }));
    const { source } = await started([{ name: '/g', events: many }]);
    const times: (number | null | undefined)[] = [];
    await source.read({ question, failing: false, follow: undefined, take: (f) => times.push(f.record.time) > 0 });
    expect(times).toEqual(many.map((e) => e.timestamp));
  });

  test('follows: what comes later, up to what is old enough to be whole, until told to stop', async () => {
    let now = start + hour;
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const clock: Clock = {
      ...atOnce,
      now: () => now,
      sleep: async (ms, signal) => {
        now += ms;
        if (now > start + 2 * hour) stop();
        await atOnce.sleep(ms, signal);
      },
    };
    const { source } = await started([group('/g', 7200)], {}, { clock });
    const times: number[] = [];
    await source.read({ question, failing: true, follow: stopped, take: (f) => times.push(f.record.time ?? 0) > 0 });
    expect(times).toEqual(Array.from({ length: times.length }, (_, i) => start + i * 10_000));
    expect(times.at(-1)).toBeGreaterThan(start + 2 * hour - 120_000);
  });

  const readOf = async (names: readonly string[], script: Script = {}) => {
    const groups = names.map((name) => group(name, 60));
    const { source, warnings, calls } = await started(groups, script, { groups: names });
    const found: Found[] = [];
    const report = await source.read({
      ...{ question, failing: true, follow: undefined },
      take: (f) => found.push(f) > 0,
    });
    const said = warnings.filter((w) => !w.includes('to scan'));
    return { found, report, said, calls };
  };

  test('one group of three is denied: the lines of the others, and it is said once', async () => {
    const { found, said } = await readOf(['/a', '/b', '/c'], { denied: ['/b'] });
    expect(found).toHaveLength(12);
    expect(new Set(found.map((f) => f.place.file))).toEqual(
      new Set(['123456789012:/a pod-1', '123456789012:/c pod-1']),
    );
    expect(said).toEqual([expect.stringMatching(/^missing: \/b: access denied: /)]);
    await expect(readOf(['/b'], { denied: ['/b'] })).rejects.toMatchObject({ failure: 'denied' });
  });

  test('more groups than a query takes: each is read', async () => {
    const { found, calls } = await readOf(Array.from({ length: 60 }, (_, i) => `/many/${i}`));
    expect(found).toHaveLength(360);
    expect(calls('StartQuery').map((c) => (c.input['logGroupNames'] as string[]).length)).toEqual([50, 10]);
  });
});
