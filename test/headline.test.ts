import { describe, expect, test } from 'vitest';
import { everything } from '../src/logs/question.ts';
import type { AccessRecord } from '../src/logs/record.ts';
import { Tally } from '../src/logs/scan/tally.ts';
import { html } from '../src/report/html.ts';
import { json } from '../src/report/json.ts';
import { markdown } from '../src/report/markdown.ts';
import { text } from '../src/report/text.ts';
import { diagnose, everythingWrong, type Focus } from '../src/triage/diagnose.ts';

const good: AccessRecord = { status: 200, flags: [], details: 'via_upstream', route: 'shop/cart', duration: 12 };
const noRoute: AccessRecord = { status: 404, flags: ['NR'], details: 'route_not_found', route: null, duration: 0 };
const noHost: AccessRecord = { ...good, status: 503, flags: ['UH'], details: 'no_healthy_upstream' };
const times = (n: number, what: (i: number) => AccessRecord) => Array.from({ length: n }, (_, i) => what(i));

function triage(records: readonly AccessRecord[], focus: Focus = everythingWrong) {
  const tally = new Tally(everything);
  for (const [i, record] of records.entries()) tally.add(record, { file: 'test', line: i + 1 }, '');
  return diagnose(tally.answer([]), focus);
}
const plain = (t: ReturnType<typeof triage>) => text(t, { color: false, width: 80, detailed: 6 });
const words = (page: string) => page.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, '');

describe('much background noise and a small incident', () => {
  const t = triage([...times(1000, () => good), ...times(60, () => noRoute), ...times(4, () => noHost)]);

  test('text leads with the incident', () => {
    const lines = plain(t).split('\n');
    expect(lines[0]).toBe('64 failures among 1,064 requests (6.0 %): 4 to look into, 60 background');
    const at = (start: RegExp) => lines.findIndex((l) => start.test(l));
    expect(at(/^ {2}backend {2}/)).toBeLessThan(at(/^ {2}gateway {2}.*░/));
    expect(at(/^1\. No healthy host/)).toBeGreaterThan(0);
    expect(at(/^Background noise/)).toBeGreaterThan(at(/^1\. /));
    expect(at(/^2\. No route matches/)).toBeGreaterThan(at(/^Background noise/));
  });

  test('markdown has the incident in its table and the noise in a line', () => {
    const report = markdown(t, { redact: true });
    expect(report).toMatch(/^\*\*64 failures .*: 4 to look into, 60 background\.\*\*/);
    expect(report).toContain('To look into: **backend** 4 (100 %)\n');
    expect(report.match(/^\| \d+ \|.*$/gm)).toHaveLength(1);
    expect(report).toMatch(/^Background noise, .*: 60 `no-route`\.$/m);
  });

  test('HTML names the incident first and folds the noise', () => {
    const page = html(t, { redact: true });
    const lede = words(/<p class="lede">([\s\S]*?)<\/p>/.exec(page)?.[1] ?? '');
    expect(lede).toMatch(/^4 to look into, 60 background\. All of it the backend\. No healthy host/);
    expect(page).toMatch(/<details class="card" id="v1" open>/);
    expect(page).toMatch(/<details class="card" id="v2">/);
  });

  test('with nothing else the noise is told in full', () => {
    const noise = triage([...times(1000, () => good), ...times(60, () => noRoute)]);
    expect(plain(noise)).toMatch(/^60 failures .*: all of it background\s+noise\n/);
    expect(plain(noise)).toMatch(/^ {3}next {3}- /m);
    expect(markdown(noise, { redact: true })).toContain('### 1. No route matches');
    expect(html(noise, { redact: true })).toMatch(/<details class="card" id="v1" open>/);
  });
});

describe('names beyond the lists', () => {
  const t = triage([
    ...times(1000, () => good),
    ...times(32, (i) => ({ ...noHost, route: `shop/r${i}` })),
    ...times(3, () => ({ ...noHost, route: null })),
  ]);

  test('are counted, and so are requests without a route', () => {
    const [verdict] = JSON.parse(json(t, { redact: true })).verdicts;
    expect(verdict.routes).toHaveLength(20);
    expect(verdict).toMatchObject({ count: 35, names: { routes: 32, statuses: 1 }, withoutRoute: 3 });
    expect(t.totals.withoutRoute).toBe(3);
  });

  test('every report says how many more there are', () => {
    expect(plain(t).replace(/\s+/g, ' ')).toContain('and 29 more, 3 with no route');
    expect(markdown(t, { redact: true })).toMatch(/^Where: .*, and 29 more, 3 with no route$/m);
    const page = words(html(t, { redact: true }));
    expect(page).toContain('27 more');
    expect(page).toContain('and 12 more');
    expect(page).toContain('3 with no route');
  });
});

describe('the rate of failures asked for', () => {
  const focus = (conditions: string): Focus => ({
    ...everythingWrong,
    side: 'backend',
    words: ['side backend'],
    conditions,
  });
  const records = [...times(95, () => good), ...times(5, () => noHost)];

  test('says what it is of', () => {
    expect(plain(triage(records, focus(''))).split('\n')[0]).toBe(
      '5 such failures, 5.0 % of all requests in the window (100)',
    );
    const routed = triage(records, focus(' with route shop/*'));
    expect(plain(routed).replace(/\s+/g, ' ')).toContain('5.0 % of all requests in the window with route shop/* (100)');
    expect(JSON.parse(json(routed, { redact: true })).ratesAreOf).toBe('all requests in the window with route shop/*');
    expect(words(html(routed, { redact: true }))).toContain('5 such failures, 5.0 % of all requests in the window');
  });

  test('says nothing of it when all were asked for', () => {
    expect(plain(triage(records)).split('\n')[0]).toBe('5 failures among 100 requests (5.0 %)');
    expect(JSON.parse(json(triage(records), { redact: true })).ratesAreOf).toBeNull();
  });

  test('redacted reports hold no secret of a condition', () => {
    const secret = triage(records, focus(' with path /x?token=abcdef123'));
    for (const report of [
      markdown(secret, { redact: true }),
      html(secret, { redact: true }),
      json(secret, { redact: true }),
    ])
      expect(report).not.toContain('abcdef123');
  });
});
