import { expect, test } from 'vitest';
import { fileSource } from '../../src/logs/sources/file.ts';
import { diagnose } from '../../src/triage/diagnose.ts';
import type { Triage } from '../../src/triage/triage.ts';
import { entries } from './sources.ts';
import { incidentLog, recorded } from './traffic.ts';

/**
 * A window beyond three hours has wider time buckets than a file's minutes (window.ts), or the rows of a long time would be too many. So what
 * is told by buckets alone (windows, the timeline, what is background) may differ, and nothing else does.
 */
test('a whole day: the same causes, sides, counts and places', async () => {
  const question = { from: Date.parse('2026-11-20T00:00:00Z'), to: Date.parse('2026-11-21T00:00:00Z'), where: [] };
  const file = diagnose(await fileSource({ names: [incidentLog], format: 'auto', overrides: {} }).count(question));
  const loaded = await entries[0]?.load(recorded(question.from, question.to));
  const answer = await loaded?.source.count(question);
  await loaded?.stop();
  if (!answer) throw new Error('no answer');
  const store = diagnose(answer);
  expect(answer.bucketMs).toBe(600_000);
  expect(answer.precision).toBe('exact');
  expect(file.totals.requests).toBeGreaterThan(70_000);
  expect(counted(store)).toEqual(counted(file));
  expect(store.timeline.points.reduce((n, p) => n + p.requests, 0)).toBe(store.totals.requests);
});

function counted({ totals, verdicts, routes }: Triage) {
  const { background: _, ...whole } = totals;
  return {
    totals: whole,
    routes: routes.map(({ route, requests, failures, sides, topCause }) => ({
      route,
      requests,
      failures,
      sides,
      topCause,
    })),
    verdicts: verdicts
      .map(({ cause, side, kind, count, confidence, routes: r, backends, hosts, statuses, flags, details }) => ({
        ...{ cause, side, kind, count, confidence, routes: r, backends, hosts, statuses, flags, details },
      }))
      .sort((a, b) => (`${a.kind} ${a.cause} ${a.side}` < `${b.kind} ${b.cause} ${b.side}` ? -1 : 1)),
  };
}
