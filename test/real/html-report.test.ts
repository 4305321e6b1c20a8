import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../../src/logs/question.ts';
import { fileSource } from '../../src/logs/sources/file.ts';
import { html } from '../../src/report/html.ts';
import { diagnose } from '../../src/triage/diagnose.ts';
import type { Triage } from '../../src/triage/triage.ts';
import { chromiumMissing, chromiumPath, launch } from './browser.ts';
import { contrasts } from './contrast.ts';

const incident = fileURLToPath(new URL('../../examples/incident/access.log.gz', import.meta.url));
const here = chromiumPath !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'vigia-html-'));
let browser: Browser;

if (!here && !process.env['CI']) process.stderr.write(`skipped: ${chromiumMissing}\n`);
if (process.env['CI']) test('Chromium is there', () => expect(chromiumPath, chromiumMissing).toBeDefined());

async function triageOf(name: string): Promise<Triage> {
  return diagnose(await fileSource({ names: [name], format: 'auto', overrides: {} }).count(everything));
}

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** A page on a report, and everything that it complained about or asked for. */
async function opened(file: string, options: NonNullable<Parameters<Browser['newPage']>[0]> = {}) {
  const page = await browser.newPage(options);
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (m) => said.push(`${m.type()}: ${m.text()}`));
  page.on('pageerror', (e) => said.push(`error: ${e.message}`));
  page.on('dialog', (d) => {
    said.push(`dialog: ${d.message()}`);
    void d.dismiss();
  });
  page.on('request', (r) => asked.push(r.url()));
  await page.goto(pathToFileURL(file).href);
  if (options.javaScriptEnabled !== false)
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  return { page, said, asked };
}

const overflow = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (e) => e && (e.classList.contains('scroll') || scrolls(e.parentElement));
    const out = [...document.body.querySelectorAll('*')].filter((e) => !scrolls(e) && !e.closest('.skip, .uplot') && e.getBoundingClientRect().right > width + 0.5);
    return [...(document.documentElement.scrollWidth > width ? ['page: ' + document.documentElement.scrollWidth] : []), ...out.map((e) => e.tagName + '.' + e.getAttribute('class'))];
  })()`);

/** Colours other than the ground's in a chart: none means that nothing was drawn. */
const colours = (page: Page, id: string) =>
  page.evaluate<number>(`(() => {
    const canvas = document.querySelector('#${id} canvas');
    if (!canvas) return -1;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) seen.add(data[i] + ',' + data[i + 1] + ',' + data[i + 2]);
    return seen.size;
  })()`);

describe.runIf(here)('the HTML report in Chromium', () => {
  let triage: Triage;
  let file: string;
  beforeAll(async () => {
    browser = await launch();
    triage = await triageOf(incident);
    file = written('incident.html', html(triage, { redact: true }));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['light', 'dark'] as const)('%s: silent, asks for nothing, charts are drawn', async (colorScheme) => {
    const { page, said, asked } = await opened(file, { colorScheme });
    expect(said).toEqual([]);
    expect(asked).toEqual([pathToFileURL(file).href]);
    for (const id of ['plot-requests', 'plot-failures', 'plot-lanes', 'plot-latency'])
      expect(await colours(page, id), id).toBeGreaterThan(3);
    await page.close();
  });

  test.each([360, 800, 1600])('nothing runs over the edge at %i px, open or folded', async (width) => {
    const { page } = await opened(file, { viewport: { width, height: 900 } });
    expect(await overflow(page)).toEqual([]);
    await page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true");
    expect(await overflow(page)).toEqual([]);
    await page.close();
  });

  test.each(['light', 'dark'] as const)('%s: text has a contrast of 4.5, graphics of 3', async (colorScheme) => {
    const { page } = await opened(file, { colorScheme });
    await page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true");
    const found = await page.evaluate<{ texts: number; low: string[] }>(contrasts);
    expect(found.texts).toBeGreaterThan(500);
    expect(found.low).toEqual([]);
    await page.close();
  });

  test('nothing moves once the page has been seen', async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.addInitScript(
      'window.moved = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) window.moved += e.value; }).observe({ type: "layout-shift", buffered: true });',
    );
    await page.goto(pathToFileURL(file).href);
    await page.waitForTimeout(500);
    expect(await page.evaluate('window.moved')).toBe(0);
    await page.close();
  });

  test('the copy button copies the command', async () => {
    const { page } = await opened(file);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const figure = page.locator('figure.code').first();
    await figure.getByRole('button').click();
    await expect.poll(() => figure.getByRole('button').textContent()).toBe('Copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await figure.locator('code').textContent());
    await page.close();
  });

  test('without JavaScript everything but the charts is there', async () => {
    const { page, said } = await opened(file, { javaScriptEnabled: false });
    expect(await page.locator('.card').count()).toBe(triage.verdicts.length);
    expect(await page.locator('.noscript').isVisible()).toBe(true);
    expect(await page.locator('#plot-requests').isVisible()).toBe(false);
    expect(said).toEqual([]);
    await page.close();
  });

  test('folded: what does not count; a link to a folded card opens it', async () => {
    const { page } = await opened(file);
    expect(await page.locator('#n1').isVisible()).toBe(false);
    await page.locator('details.fold > summary', { hasText: 'saved' }).click();
    expect(await page.locator('#n1').isVisible()).toBe(true);
    const last = triage.verdicts.filter((v) => v.kind === 'failure').length;
    expect(last).toBeGreaterThan(10);
    await page.evaluate(`location.hash = '#v${last}'`);
    await expect.poll(() => page.locator(`#v${last} .body`).isVisible()).toBe(true);
    await page.close();
  });

  test('the timeline by pointer and by keyboard', async () => {
    const { page, said } = await opened(file, { viewport: { width: 1200, height: 900 } });
    const readout = page.locator('#readout');
    const box = await page.locator('#plot-failures .u-over').boundingBox();
    if (!box) throw new Error('no plot');
    await page.locator('#plot-failures').scrollIntoViewIfNeeded();
    const over = page.locator('#plot-failures .u-over');
    await over.hover({ position: { x: box.width / 2, y: 40 } });
    await expect.poll(() => readout.textContent()).toMatch(/^\d\d:\d\d-\d\d:\d\d: [\d,]+ requests, [\d,]+ failed/);
    const whole = page.getByRole('button', { name: 'Whole time' });
    expect(await whole.isDisabled()).toBe(true);
    const at = await over.boundingBox();
    if (!at) throw new Error('no plot');
    await page.mouse.move(at.x + 300, at.y + 40);
    await page.mouse.down();
    await page.mouse.move(at.x + 500, at.y + 40, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => whole.isEnabled()).toBe(true);
    await page.mouse.move(5, 5);
    await page.locator('#plots').focus();
    await page.keyboard.press('ArrowRight');
    const first = await readout.textContent();
    await page.keyboard.press('ArrowRight');
    expect(await readout.textContent()).not.toBe(first);
    expect(first).toMatch(/ requests, /);
    await page.keyboard.press('Escape');
    await expect.poll(() => whole.isDisabled()).toBe(true);
    expect(said).toEqual([]);
    await page.close();
  });

  test('on paper everything folded is open, charts are on the sheet in light colours', async () => {
    const { page } = await opened(file, { colorScheme: 'dark' });
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    await page.setViewportSize({ width: 703, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('details:not([open])').count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await overflow(page)).toEqual([]);
    expect(await colours(page, 'plot-failures')).toBeGreaterThan(3);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
    expect(await page.locator('details:not([open])').count()).toBeGreaterThan(0);
    expect((await page.pdf()).length).toBeGreaterThan(50_000);
    await page.close();
  });

  test('a hostile log does not run, and does not break the page', async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a></script><!--\u2028\u202e\u0000`;
    const line = (more: object) =>
      JSON.stringify({
        start_time: '2026-11-20T09:12:01.000Z',
        method: evil,
        path: `/${evil}${'y'.repeat(10_000)}`,
        response_code: 503,
        response_flags: 'UH',
        response_code_details: 'no_healthy_upstream',
        duration: 3,
        route_name: `${evil}${'x'.repeat(10_000)}`,
        upstream_cluster: evil.repeat(50),
        user_agent: evil,
        ...more,
      });
    const log = written('hostile.log', [line({}), line({ route_name: 'W'.repeat(5000) }), evil].join('\n'));
    const bad = await triageOf(log);
    for (const redact of [true, false])
      for (const width of [360, 1200]) {
        const where = written('hostile.html', html(bad, { redact, title: evil }));
        const { page, said, asked } = await opened(where, { viewport: { width, height: 800 } });
        await page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true");
        expect(said).toEqual([]);
        expect(asked.length).toBe(1);
        expect(await overflow(page)).toEqual([]);
        expect(await page.locator('img, a[href^=javascript]').count()).toBe(0);
        expect(await page.locator('script').count()).toBe(3);
        await page.close();
      }
  });

  test('no failures, one failure, no times, no requests: pages without a complaint', async () => {
    const line = (more: object) =>
      JSON.stringify({
        start_time: '2026-11-20T09:12:01.000Z',
        response_code: 503,
        response_flags: 'UH',
        duration: 3,
        ...more,
      });
    const logs = {
      one: line({}),
      none: line({ response_code: 200, response_flags: '-' }),
      timeless: line({ start_time: undefined }),
    };
    const some = await triageOf(written('one.log', logs.one));
    const pages = [
      some,
      await triageOf(written('none.log', logs.none)),
      await triageOf(written('timeless.log', logs.timeless)),
      {
        ...some,
        verdicts: [],
        first: undefined,
        last: undefined,
        totals: {
          ...some.totals,
          requests: 0,
          failures: 0,
          sides: { backend: 0, gateway: 0, between: 0, client: 0, policy: 0, unknown: 0 },
        },
        timeline: { bucketMs: 60_000, points: [] },
        latency: { p50: undefined, p90: undefined, p99: undefined, counts: [] },
      },
    ];
    for (const t of pages)
      for (const width of [360, 1200]) {
        const { page, said } = await opened(written('state.html', html(t, { redact: true })), {
          viewport: { width, height: 800 },
        });
        expect(said).toEqual([]);
        expect(await overflow(page)).toEqual([]);
        await page.close();
      }
  });
});
