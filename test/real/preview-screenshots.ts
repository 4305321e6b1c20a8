import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from './browser.ts';

// Pictures of each board, to look at: node test/real/preview-screenshots.ts [options of vigia preview...]
const out = fileURLToPath(new URL('./out/', import.meta.url));
const vigia = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));
const boards = ['overview', 'routes', 'fault', 'control-plane', 'pipeline', 'objectives'];

mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'vigia-preview-'));
const browser = await launch();
try {
  for (const board of boards) {
    const file = join(folder, `${board}.html`);
    const made = spawnSync(process.execPath, [vigia, 'preview', board, '--out', file, ...process.argv.slice(2)]);
    if (made.status !== 0) throw new Error(made.stderr.toString());
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [800, 1600]) {
        const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
        await page.goto(pathToFileURL(file).href);
        await page.screenshot({ path: `${out}preview-${board}-${colorScheme}-${width}.png`, fullPage: true });
        await page.close();
      }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
