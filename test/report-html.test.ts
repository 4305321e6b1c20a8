import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { generateUplot } from '../scripts/generate/uplot.ts';
import { everything } from '../src/logs/question.ts';
import { LineParser } from '../src/logs/read/line-parser.ts';
import { takeLine } from '../src/logs/scan/take-line.ts';
import { Tally } from '../src/logs/scan/tally.ts';
import { edgesOf, latencyBins } from '../src/report/html/latency-bins.ts';
import { html } from '../src/report/html.ts';
import { diagnose } from '../src/triage/diagnose.ts';
import { sides } from '../src/triage/side.ts';
import type { Triage } from '../src/triage/triage.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const example = readFileSync(at('examples/formats/vigia.log'), 'utf8').trimEnd().split('\n');

function triageOf(lines: readonly string[]): Triage {
  const parser = new LineParser('auto', {});
  parser.learn(lines);
  const tally = new Tally(everything);
  for (const [i, line] of lines.entries()) {
    tally.lines++;
    takeLine(line, { file: 'access.log', line: i + 1 }, parser, tally);
  }
  return diagnose(tally.answer([{ name: 'access.log', format: 'json', lines: lines.length }]));
}

/** A failed request as Envoy's JSON log has it; whatever is given wins. */
const failed = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    start_time: '2026-11-20T09:12:01.000Z',
    method: 'GET',
    path: '/cart',
    response_code: 503,
    response_flags: 'UH',
    response_code_details: 'no_healthy_upstream',
    duration: 3,
    route_name: 'shop/cart',
    upstream_cluster: 'kube_shop_cart_8080',
    ...more,
  });

const report = (triage: Triage, redact = true): string => html(triage, { redact });

/** The page without what may hold any text: scripts, styles and the charts' data. */
const markup = (page: string): string => page.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');

const blocks = (page: string, element: string): string[] =>
  [...page.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'g'))].map((m) => m[1] ?? '');

test('the chart library is what npm run generate writes', () => {
  const { path, content } = generateUplot();
  expect(readFileSync(at(path), 'utf8') === content, 'remedy: npm run generate').toBe(true);
});

describe('the recorded lines', () => {
  const triage = triageOf(example);
  const page = report(triage);

  test('the answer comes first and its sides add up to the failures', () => {
    const { failures, requests } = triage.totals;
    const said = failures.toLocaleString('en-US');
    expect(page).toContain(`<h1>${said} of ${requests.toLocaleString('en-US')} requests failed`);
    const list = /<section class="sides"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
    const counts = [...list.matchAll(/<span class="n">([\d,]+)<\/span>/g)].map((m) =>
      Number(m[1]?.replaceAll(',', '')),
    );
    expect(counts.reduce((a, b) => a + b, 0)).toBe(failures);
    expect(counts.length).toBe(sides.filter((s) => triage.totals.sides[s] > 0).length);
  });

  test('every verdict has a card, in order, and those that do not count are folded', () => {
    const cards = [...page.matchAll(/<details class="card" id="([vn]\d+)"( open)?>/g)];
    const failures = triage.verdicts.filter((v) => v.kind === 'failure').length;
    expect(cards.map((c) => c[1])).toEqual([
      ...Array.from({ length: failures }, (_, i) => `v${i + 1}`),
      ...Array.from({ length: triage.verdicts.length - failures }, (_, i) => `n${i + 1}`),
    ]);
    expect(cards.filter((c) => c[1]?.startsWith('n') && c[2])).toEqual([]);
    for (const v of triage.verdicts) expect(page).toContain(`<code>${v.cause}</code>`);
  });

  test('every link leads to a place in the page', () => {
    const links = [...markup(page).matchAll(/href="([^"]*)"/g)].map((m) => m[1] ?? '');
    expect(links.filter((l) => !l.startsWith('#'))).toEqual([]);
    for (const link of new Set(links)) expect(page).toContain(`id="${link.slice(1)}"`);
    const ids = [...markup(page).matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
    expect(ids.length).toBe(new Set(ids).size);
  });

  test('the policy names exactly the scripts and the style in the page, and allows nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    const hashes = (element: string) =>
      blocks(page, element).map((b) => `'sha256-${createHash('sha256').update(b, 'utf8').digest('base64')}'`);
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashes('script').join(' ')}; style-src ${hashes('style').join(' ')}; base-uri 'none'; form-action 'none'`,
    );
    expect(hashes('script').length).toBe(2);
  });

  test('nothing is loaded, nothing is inline that the policy would stop', () => {
    const rest = markup(page);
    expect(rest).not.toMatch(/\s(src|srcset|poster|data|action|formaction|background|style|on\w+)=/i);
    expect(rest).not.toMatch(/<(link|img|iframe|object|embed|base|form|video|audio)\b/i);
    for (const css of blocks(page, 'style')) expect(css).not.toMatch(/@import|url\((?!#)/);
  });

  test('the same Triage gives the same bytes', () => {
    expect(report(triageOf(example))).toBe(page);
  });

  test('scripts are JavaScript', () => {
    for (const script of blocks(page, 'script')) expect(() => new Function(script)).not.toThrow();
  });

  test('tables have captions and scopes; headings do not jump', () => {
    const rest = markup(page);
    expect(rest.match(/<table/g)?.length).toBe(rest.match(/<caption>/g)?.length);
    expect(rest).not.toMatch(/<th(?! scope=)[ >]/);
    const levels = [...rest.matchAll(/<h([1-6])/g)].map((m) => Number(m[1]));
    expect(levels.filter((l) => l === 1).length).toBe(1);
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
  });

  test('colours that differ have names beside them: every side is written out', () => {
    for (const side of sides.filter((s) => triage.totals.sides[s] > 0)) expect(page).toContain(`</svg>${side}</span>`);
  });
});

const hostile =
  '"><script>alert(1)</script><img src=x onerror=alert(1)>\'`&amp;</script><!--\u2028\u202eevil\u0000\u001b[31m\ud800';

describe('hostile lines', () => {
  const line = failed({
    method: hostile,
    path: `/${hostile}`,
    route_name: hostile,
    upstream_cluster: hostile,
    upstream_host: hostile,
    response_flags: `UH,${hostile}`,
    response_code_details: hostile,
    user_agent: hostile,
    authority: hostile,
    request_id: hostile,
  });
  const triage = triageOf([line, line, `not a line ${hostile}`]);

  test.each([true, false])('stay text (redact: %s)', (redact) => {
    const page = html(triage, { redact, title: hostile });
    const rest = markup(page);
    expect(rest).not.toMatch(/<(img|!--)/);
    expect(page.match(/<script/g)?.length).toBe(3);
    expect(page.match(/<\/script>/g)?.length).toBe(3);
    expect(rest).not.toMatch(/<[^>]*\sonerror/);
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(page).not.toMatch(/\p{Cs}/u);
    expect(rest).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(rest).toContain('\\u202eevil');
  });

  test('the data of the charts cannot end its element, and is JSON', () => {
    const evil = { ...triage, verdicts: triage.verdicts.map((v) => ({ ...v, cause: hostile })) };
    const data = /id="data">(.*?)<\/script>/.exec(report(evil))?.[1] ?? '';
    expect(data).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(data).timeline.lanes[0].cause).toBe(hostile);
  });

  test('very long names are cut and their length is said', () => {
    const page = report(triageOf([failed({ route_name: 'x'.repeat(10_240), path: `/${'y'.repeat(10_240)}` })]));
    expect(page).not.toContain('x'.repeat(1000));
    expect(page).toContain('10,240 characters');
  });
});

test('redacted by default: no query, client address, token or e-mail anywhere in the file', () => {
  const secret = {
    path: '/users/jane.doe@example.org/reset?token=s3cr3tvalue&q=x',
    user_agent: 'app/1 (jane.doe@example.org)',
    downstream_remote_address: '203.0.113.77:4711',
    x_forwarded_for: '203.0.113.78, 2001:db8:1:2::77',
    response_code_details: 'lua_response_bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    authority: 'jane.doe@example.org',
  };
  const triage = triageOf([
    failed(secret),
    failed(secret),
    'GET /x?token=s3cr3tvalue from 203.0.113.77 jane.doe@example.org',
  ]);
  const filtered = { ...triage, filters: ['path is /x?token=s3cr3tvalue'] };
  const page = report(filtered);
  for (const told of ['s3cr3tvalue', 'jane.doe', '203.0.113.77', '203.0.113.78', 'db8:1:2', 'eyJhbGci'])
    expect(page.includes(told), told).toBe(false);
  expect(page).not.toContain('<figcaption>log line');
  const whole = report(triage, false);
  expect(whole).toContain('s3cr3tvalue');
  expect(whole).toContain('<figcaption>log line');
});

describe('other states', () => {
  test('no failures: calm, no sides, no verdicts', () => {
    const page = report(
      triageOf([failed({ response_code: 200, response_flags: '-', response_code_details: 'via_upstream' })]),
    );
    expect(page).toContain('<h1>No failures among 1 request</h1>');
    expect(page).not.toContain('class="card"');
    expect(page).not.toContain('class="sides"');
    expect(page).toContain('id="plot-requests"');
    expect(page).not.toContain('id="plot-failures"');
  });

  test('one failure: no plural, and no list to choose from', () => {
    const page = report(triageOf([failed()]));
    expect(page).toContain('<h1>1 of 1 request failed (100 %)</h1>');
    expect(page).not.toContain('id="at-a-glance"');
  });

  test('no times: no timeline, and why', () => {
    const page = report(triageOf([failed({ start_time: undefined }), failed({ start_time: undefined })]));
    expect(page).toContain('log %START_TIME%');
    expect(page).not.toContain('id="plots"');
    expect(page).not.toContain('When (UTC)');
  });

  test('no requests: says why', () => {
    const triage = triageOf([]);
    expect(report(triage)).toContain('<h1>No requests to judge</h1>');
    const outside = { ...triage, reading: { ...triage.reading, outsideWindow: 7 } };
    expect(report(outside)).toContain('7 requests lay outside the window');
  });

  test('sixty verdicts: all there, most folded', () => {
    const triage = triageOf([failed()]);
    const many = Array.from({ length: 60 }, (_, i) =>
      triage.verdicts.map((v) => ({ ...v, cause: `cause-${i}` })),
    ).flat();
    const page = report({ ...triage, verdicts: many });
    expect(page.match(/<details class="card"/g)?.length).toBe(60);
    expect(page.match(/<details class="card" id="v\d+" open>/g)?.length).toBe(10);
    expect(page).toContain('48 more verdicts');
  });

  test('rejected lines, folded names and open questions are said', () => {
    const triage = triageOf([failed(), 'nonsense']);
    const page = report({ ...triage, precision: 'truncated' });
    expect(page).toContain('1 line rejected');
    expect(page).toContain('access.log:2');
    expect(page).toContain('counted under (other)');
    expect(page).toContain('%UPSTREAM_REQUEST_ATTEMPT_COUNT%');
  });

  test('a stray time far away does not make the file large', () => {
    const page = report(triageOf([failed(), failed({ start_time: '1971-01-01T00:00:00.000Z' })]));
    expect(page.length).toBeLessThan(200_000);
  });
});

test('latency bins: no count is lost, every bin above a millisecond holds one, edges meet', () => {
  const counts = Array.from({ length: 1024 }, (_, i) => (i < 700 ? 1 : 0));
  const bins = latencyBins(counts);
  expect(bins?.counts.reduce((a, b) => a + b, 0)).toBe(700);
  const used = bins?.counts.findLastIndex((n) => n > 0) ?? -1;
  expect(bins?.counts.slice(0, used).filter((n) => n === 0)).toEqual([]);
  expect(bins?.ticks.at(-1)?.[0]).toBe(bins?.counts.length);
  for (let i = 1; i < 40; i++) expect(edgesOf(i)[0]).toBe(edgesOf(i - 1)[1]);
  expect(latencyBins([0, 0])).toBeUndefined();
});
