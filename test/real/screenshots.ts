import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { everything } from '../../src/logs/question.ts';
import { fileSource } from '../../src/logs/sources/file.ts';
import { html } from '../../src/report/html.ts';
import { diagnose } from '../../src/triage/diagnose.ts';
import { launch } from './browser.ts';

// Pictures of the HTML report of a log (the recorded incident by default), to look at: node test/real/screenshots.ts [file...]
const out = fileURLToPath(new URL('./out/', import.meta.url));
const incident = fileURLToPath(new URL('../../examples/incident/access.log.gz', import.meta.url));
const given = process.argv.slice(2);
const names = given.length > 0 ? given : [incident];

mkdirSync(out, { recursive: true });
const triage = diagnose(await fileSource({ names, format: 'auto', overrides: {} }).count(everything));
// Not beside the pictures: the linter reads HTML wherever it lies in the checkout.
const folder = mkdtempSync(join(tmpdir(), 'vigia-report-'));
const file = join(folder, 'report.html');
writeFileSync(file, html(triage, { redact: true }));

const browser = await launch();
try {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 1200]) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      await page.goto(pathToFileURL(file).href);
      await page.screenshot({ path: `${out}${colorScheme}-${width}.png` });
      await page.screenshot({ path: `${out}${colorScheme}-${width}-whole.png`, fullPage: true });
      await page.close();
    }
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.pdf({ path: `${out}print.pdf`, format: 'A4' });
  await page.setViewportSize({ width: 720, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: `${out}print.png` });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
