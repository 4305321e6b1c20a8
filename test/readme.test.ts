import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const readme = readFileSync(at('README.md'), 'utf8');
const scripts = Object.keys(
  (JSON.parse(readFileSync(at('package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts,
);
const commands = [...readme.matchAll(/^```\n([\s\S]*?)^```/gm)].flatMap((m) => (m[1] ?? '').trim().split('\n'));
const vigia = commands.filter((c) => c.includes('npm run -s vigia -- '));
const log = readFileSync(at('examples/formats/vigia.log'));
const dir = mkdtempSync(join(tmpdir(), 'vigia-readme-'));

beforeAll(() => {
  mkdirSync(join(dir, 'logs'));
  writeFileSync(join(dir, 'access.log'), log);
  writeFileSync(join(dir, 'logs', 'a.gz'), gzipSync(log));
  mkdirSync(join(dir, 'alb'));
  const request = '"GET https://api.example.com:443/ HTTP/2.0" "curl/8.17.0" - - -';
  const line = `https 2026-11-20T09:15:00.1Z app/edge/50dc6c495c0c9188 203.0.113.9:2817 10.0.0.7:8080 0.0 -1 -1 502 - 34 277 ${request} "Root=1-58337281-1d84f3d73c47ec4e58577259" "-" "-" 1 2026-11-20T09:15:00.0Z "forward" "-" "-"`;
  writeFileSync(join(dir, 'alb', 'a.log.gz'), gzipSync(`${line}\n`));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('the README shows commands, and every npm script it names exists', () => {
  expect(vigia.length).toBeGreaterThanOrEqual(10);
  const named = [...readme.matchAll(/npm (?:run (?:-s )?)?(start|test|[a-z]+:?[a-z]*)\b/g)]
    .map((m) => m[1] ?? '')
    .filter((n) => n !== 'run');
  expect(named.filter((n) => !scripts.includes(n))).toEqual([]);
});

// Each command as a newcomer types it, in a folder that holds what it names; what stands before a pipe is played by the log itself.
test.each(vigia)('%s', async (command) => {
  const args = [...command.slice(command.indexOf(' -- ') + 4).matchAll(/'([^']*)'|(\S+)/g)].map(
    (m) => m[1] ?? m[2] ?? '',
  );
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', at('src/bin.ts'), ...args], {
    cwd: dir,
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (d) => {
    out += d;
  });
  child.stderr.on('data', (d) => {
    err += d;
  });
  child.stdin.end(command.includes(' | ') ? log.subarray(0, log.indexOf('\n', 20_000)) : '');
  // What runs until Ctrl-C has said something once it waits for it, however busy the machine is.
  if (args.includes('--follow') || args[0] === 'watch')
    for (const stream of [child.stdout, child.stderr])
      stream.once('data', () => setTimeout(() => child.kill('SIGINT'), 1000));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  expect([0, 1], err).toContain(code);
  expect(out + err).not.toBe('');
  expect(err).not.toMatch(/Error| {4}at /);
});
