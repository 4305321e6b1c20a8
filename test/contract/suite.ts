import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucketOf } from '../../src/logs/buckets.ts';
import { asks, type Condition, type Question } from '../../src/logs/question.ts';
import { isHealthCheck, isInterim } from '../../src/logs/record.ts';
import { latencyEdges } from '../../src/logs/remote/from-question.ts';
import { fileSource } from '../../src/logs/sources/file.ts';
import { diagnose } from '../../src/triage/diagnose.ts';
import type { Triage } from '../../src/triage/triage.ts';
import type { Entry, Loaded } from './sources.ts';
import { incidentLog, recorded } from './traffic.ts';

const at = (clock: string): number => Date.parse(`2026-11-20T${clock}Z`);
const where = (field: Condition['field'], values: readonly string[], negated = false): Condition => ({
  field,
  values,
  negated,
});

/** The rollout of the recorded day, and before and after it; a little more is loaded, so that edges are seen to be edges. */
const loaded = { from: at('09:00:00'), to: at('09:50:00') };
const window = { from: at('09:05:00.123'), to: at('09:45:00') };

const questions: Readonly<Record<string, Question>> = {
  'everything in the window': { ...window, where: [] },
  'three minutes': { from: at('09:12:00'), to: at('09:15:00'), where: [] },
  'one route': { ...window, where: [where('route', ['shop/checkout'])] },
  'routes by a glob': { ...window, where: [where('route', ['shop/*', 'catalog/*'])] },
  'not a backend': { ...window, where: [where('cluster', ['kube_catalog_search_9200'], true)] },
  'a status': { ...window, where: [where('status', ['503'])] },
  'statuses by a glob, negated': { ...window, where: [where('status', ['4*'], true)] },
  'a flag among several': { ...window, where: [where('flags', ['UF', 'URX'])] },
  'no flag': { ...window, where: [where('flags', ['-'])] },
  'a flag, negated': { ...window, where: [where('flags', ['UC'], true)] },
  'no route': { ...window, where: [where('route', ['-'])] },
  'a route, whatever it is': { ...window, where: [where('route', ['-'], true)] },
  'a user agent with what a literal may not hold': {
    ...window,
    where: [where('userAgent', ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)*'])],
  },
  'not a health check': { ...window, where: [where('userAgent', ['ELB-HealthChecker*'], true)] },
  'several conditions': {
    ...window,
    where: [where('method', ['GET']), where('path', ['/search*']), where('status', ['200', '503'])],
  },
  'nothing at all': { ...window, where: [where('route', ['no "such" route'])] },
};

/**
 * What must be equal, number for number: all of a Triage but what no store can tell in the same way. Those, and why:
 * - reading: what it cost is what differs. samples: which lines are shown; a test of its own looks at them.
 * - latency and the routes' p50 and p99: counted at edges and interpolated; a test of their own holds them to the edges around the truth.
 */
function comparable(t: Triage) {
  const { reading: _, samples: __, latency: ___, verdicts, routes, ...rest } = t;
  return {
    ...rest,
    verdicts: verdicts.map(({ samples: ____, ...v }) => v),
    routes: routes.map(({ p50: _____, p99: ______, ...r }) => r),
  };
}

/** The file source's answer; without the second look into the file that finds how long a connection was idle, which needs every line. */
async function fromFile(question: Question): Promise<Triage> {
  const answer = await fileSource({ names: [incidentLog], format: 'auto', overrides: {} }).count(question);
  return diagnose({ ...answer, samples: answer.samples.map(({ idleGap: _, ...s }) => s) });
}

const truths = new Map<string, Triage>();
const traffic = recorded(loaded.from, loaded.to);

/** What every source must pass: for each question the file's own Triage, number for number. */
export function conforms(entry: Entry): void {
  describe(entry.name, () => conformance(entry));
}

function conformance(entry: Entry): void {
  let source: Loaded;
  beforeAll(async () => {
    for (const [name, question] of Object.entries(questions))
      if (!truths.has(name)) truths.set(name, await fromFile(question));
    source = await entry.load(traffic);
  });
  afterAll(() => source.stop());

  test.each(Object.entries(questions))('%s', async (name, question) => {
    const truth = truths.get(name) as Triage;
    const answer = await source.source.count(question);
    const triage = diagnose(answer);
    expect(comparable(triage)).toEqual(comparable(truth));
    expect(answer.reading.store?.missing).toEqual([]);
    expect(answer.precision).toBe('exact');
    expect(answer.requests).toBe(truth.totals.requests);
    for (const [i, q] of (['p50', 'p90', 'p99'] as const).entries())
      sameInterval(triage.latency[q], truth.latency[q], `${name} ${i}`);
    const routes = new Map(triage.routes.map((r) => [r.route, r]));
    for (const r of truth.routes) {
      if (entry.quantiles === 'between requests') betweenRequests(question, r.route, routes.get(r.route));
      else {
        sameInterval(routes.get(r.route)?.p50, r.p50, r.route);
        sameInterval(routes.get(r.route)?.p99, r.p99, r.route);
      }
    }
  });

  test('samples: lines of the requests that failed, at most two of a kind, each of a verdict', async () => {
    const triage = diagnose(await source.source.count(questions['everything in the window'] as Question));
    const failures = triage.verdicts.filter((v) => v.kind === 'failure');
    expect(failures.length).toBeGreaterThan(5);
    for (const v of failures) {
      expect(v.samples.length, v.cause).toBeGreaterThan(0);
      for (const i of v.samples) {
        const sample = triage.samples[i];
        expect(sample?.record.time).toBeGreaterThanOrEqual(window.from);
        expect(sample?.record.time).toBeLessThan(window.to);
        expect(traffic.some((r) => r.time === sample?.record.time && r.record.status === sample?.record.status)).toBe(
          true,
        );
      }
    }
  });
}

/** Each percentile lies between the two requests of the route that its rank falls between, or is one of them. */
function betweenRequests(
  question: Question,
  route: string,
  got: { readonly p50: number | undefined; readonly p99: number | undefined } | undefined,
): void {
  const durations = traffic
    .filter(({ record }) => asks(question, record) === 'yes' && (record.route ?? '-') === route)
    .filter(({ record }) => !isInterim(record.logType) && !isHealthCheck(record.userAgent))
    .flatMap(({ record }) => (typeof record.duration === 'number' ? [record.duration] : []))
    .sort((a, b) => a - b);
  for (const [q, value] of [
    [0.5, got?.p50],
    [0.99, got?.p99],
  ] as const) {
    const rank = q * (durations.length - 1);
    expect(value, `${route} p${q * 100}`).toBeGreaterThanOrEqual((durations[Math.floor(rank)] ?? 0) - 1e-6);
    expect(value, `${route} p${q * 100}`).toBeLessThanOrEqual((durations[Math.ceil(rank)] ?? 0) + 1e-6);
  }
}

/** Both lie between the same two edges, or at one of them: rounding to a histogram's bucket may cross it. */
function sameInterval(got: number | undefined, truth: number | undefined, what: string): void {
  if (truth === undefined || got === undefined) {
    expect(got, what).toBe(truth);
    return;
  }
  const edges = [0, ...latencyEdges];
  const near = [truth * 0.97 - 1, truth, truth * 1.03 + 1].map((v) => bucketOf(edges, Math.max(0, v)));
  expect(near, `${what}: ${got} for ${truth}`).toContain(bucketOf(edges, got));
}
