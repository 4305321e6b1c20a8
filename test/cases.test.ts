import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseCase, rewrite } from './case-file.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const folder = join(here, 'cases');

/** Runs the real program, each case in a folder of its own. UPDATE=1 writes what it did into the case: read the diff. */
describe('cases', () => {
  const names = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((n) => n.endsWith('.case'))
    .sort();
  expect(names.length).toBeGreaterThan(0);
  test.each(names)('%s', (name) => {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    const { files, runs } = parseCase(text);
    const cwd = mkdtempSync(join(tmpdir(), 'vigia-case-'));
    try {
      for (const file of files) {
        mkdirSync(dirname(join(cwd, file.name)), { recursive: true });
        writeFileSync(join(cwd, file.name), file.content);
      }
      const done = runs.map((run) => {
        const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, TZ: 'America/Santiago' };
        const ran = spawnSync(
          process.execPath,
          [
            '--disable-warning=ExperimentalWarning',
            join(root, 'src/bin.ts'),
            ...run.args.map((a) => a.replace('ROOT/', `${root}/`)),
          ],
          { cwd, input: run.stdin ?? '', encoding: 'utf8', env },
        );
        const local = (s: string) => s.replaceAll(`${root}/`, 'ROOT/');
        return { ...run, stdout: local(ran.stdout), stderr: local(ran.stderr), exit: ran.status ?? -1 };
      });
      const now = rewrite(text, done);
      if (process.env['UPDATE']) writeFileSync(path, now);
      else expect(now).toBe(text);
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});
