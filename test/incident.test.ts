import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../src/logs/answer.ts';
import { everything } from '../src/logs/question.ts';
import { signatureOf } from '../src/logs/signature.ts';
import { readRecords } from '../src/logs/sources/file/records.ts';
import { fileSource } from '../src/logs/sources/file.ts';
import { diagnose } from '../src/triage/diagnose.ts';
import { judge } from '../src/triage/judge.ts';
import { populationOf } from '../src/triage/population.ts';
import type { Triage } from '../src/triage/triage.ts';

const folder = fileURLToPath(new URL('../examples/incident/', import.meta.url));
const truth = JSON.parse(readFileSync(`${folder}truth.json`, 'utf8')) as {
  applicationLogLines: number;
  sides: Record<string, number>;
  causes: Record<string, number>;
};
const options = { names: [`${folder}access.log.gz`], format: 'auto', overrides: {} } as const;

describe('the recorded incident', () => {
  let answer: Answer;
  let triage: Triage;
  beforeAll(async () => {
    answer = await fileSource(options).count(everything);
    triage = diagnose(answer);
  });
  const verdict = (cause: string) => triage.verdicts.find((v) => v.cause === cause && v.kind !== 'health-check');

  test('every cause is found as often as the lab made it', () => {
    const counted: Record<string, number> = {};
    for (const v of triage.verdicts)
      if (v.kind !== 'health-check') counted[v.cause] = (counted[v.cause] ?? 0) + v.count;
    expect(counted).toEqual(truth.causes);
    expect(triage.reading.applicationLines).toBe(truth.applicationLogLines);
    expect(triage.reading.rejects).toBe(0);
  });

  test('sides add up to the failures', () => {
    expect(Object.values(triage.totals.sides).reduce((a, b) => a + b)).toBe(triage.totals.failures);
    const failures = triage.verdicts.filter((v) => v.kind === 'failure').reduce((sum, v) => sum + v.count, 0);
    expect(failures).toBe(triage.totals.failures);
  });

  test('each line by itself has the side that the lab gave it', async () => {
    const population = populationOf(answer);
    const sides: Record<string, number> = {};
    await readRecords({
      ...options,
      question: everything,
      follow: undefined,
      take({ record }) {
        const j = judge(signatureOf(record), population);
        const side = j === undefined || j.kind === 'masked' ? 'none' : j.side;
        sides[side] = (sides[side] ?? 0) + 1;
        return true;
      },
    });
    expect(sides).toEqual(truth.sides);
  });

  test('the story is told: when, where, and how long a connection had been idle', () => {
    const at = (iso: string) => Date.parse(iso);
    expect(verdict('no-healthy-upstream')?.windows).toEqual([
      { from: at('2026-11-20T09:12Z'), to: at('2026-11-20T09:21Z'), count: 175 },
    ]);
    expect(verdict('no-healthy-upstream')?.routes.map((r) => r.name)).toEqual(['catalog/search']);
    expect(
      verdict('ext-authz-error')?.windows.map((w) => [
        new Date(w.from).toISOString().slice(11, 16),
        new Date(w.to).toISOString().slice(11, 16),
      ]),
    ).toEqual([['14:03', '14:17']]);
    const race = verdict('upstream-keepalive-race');
    expect(race?.routes.map((r) => r.name)).toEqual(['shop/checkout']);
    expect(race?.confidence).toBe('high');
    expect(race?.next[0]?.yaml).toMatch(
      /kind: BackendConfigPolicy[\s\S]*name: checkout, namespace: shop[\s\S]*idleTimeout: \d+s/,
    );
    expect(verdict('previous-hop-timeout')?.evidence[0]).toMatch(/gone after (59\.\d|60) s/);
    expect(verdict('rescued-by-retry')?.kind).toBe('masked');
  });

  test('what needs mending comes before what strangers do', () => {
    const failures = triage.verdicts.filter((v) => v.kind === 'failure').map((v) => v.cause);
    expect(failures.slice(0, 3)).toEqual(['ext-authz-error', 'no-healthy-upstream', 'upstream-keepalive-race']);
  });
});
