import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'vigia-inputs-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const bin = ['--disable-warning=ExperimentalWarning', at('src/bin.ts')];
const vigia = (args: readonly string[], input?: Buffer | string) =>
  spawnSync(process.execPath, [...bin, ...args], {
    cwd: dir,
    input: input ?? '',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
const real = readFileSync(at('examples/formats/vigia.log'));
const numbers = (out: string) => {
  const { totals, verdicts } = JSON.parse(out) as { totals: object; verdicts: { cause: string; count: number }[] };
  return { totals, verdicts: verdicts.map((v) => [v.cause, v.count]) };
};
const write = (name: string, content: Buffer | string) => {
  writeFileSync(join(dir, name), content);
  return name;
};
const plain = numbers(vigia(['triage', write('plain.log', real), '-o', 'json']).stdout);

describe('the same log in every wrapping gives the same numbers', () => {
  test.each([
    ['gzip', () => ['triage', write('a.log.gz', gzipSync(real))]],
    [
      'gzip of two members, named .log',
      () => [
        'triage',
        write('two.log', Buffer.concat([gzipSync(real.subarray(0, 50_000)), gzipSync(real.subarray(50_000))])),
      ],
    ],
    ['zstd', () => ['triage', write('a.log.zst', zstdCompressSync(real))]],
    ['a glob', () => ['triage', 'plain.l?g']],
    ['CRLF', () => ['triage', write('crlf.log', real.toString().replaceAll('\n', '\r\n'))]],
    ['no newline at the end', () => ['triage', write('open.log', real.subarray(0, real.length - 1))]],
    ['a byte order mark', () => ['triage', write('bom.log', Buffer.concat([Buffer.from('\ufeff'), real]))]],
  ])('%s', (_, args) => {
    expect(numbers(vigia([...args(), '-o', 'json']).stdout)).toEqual(plain);
  });

  test.each([
    ['standard input', real],
    ['gzip on standard input', gzipSync(real)],
  ])('%s', (_, input) => {
    expect(numbers(vigia(['triage', '-', '-o', 'json'], input).stdout)).toEqual(plain);
    expect(numbers(vigia(['triage', '-o', 'json'], input).stdout)).toEqual(plain);
  });

  test('a FIFO', async () => {
    if (process.platform === 'win32') return;
    spawnSync('mkfifo', [join(dir, 'pipe')]);
    const writer = spawn('sh', ['-c', 'cat plain.log > pipe'], { cwd: dir });
    expect(numbers(vigia(['triage', 'pipe', '-o', 'json']).stdout)).toEqual(plain);
    writer.kill();
  });

  test('several files add up', () => {
    const both = numbers(vigia(['triage', 'plain.log', 'a.log.gz', '-o', 'json']).stdout);
    const twice = (totals: object) =>
      Object.fromEntries(Object.entries(totals).map(([k, v]) => [k, typeof v === 'number' ? 2 * v : v]));
    expect({ ...both.totals, sides: undefined }).toEqual({ ...twice(plain.totals), sides: undefined });
  });
});

describe('damage', () => {
  test('a 10 MB line is read when it is a line, and counted when it is not', () => {
    const [first = ''] = real.toString().split('\n');
    const long = JSON.stringify({ ...JSON.parse(first), user_agent_original: 'x'.repeat(10_000_000) });
    const out = vigia([
      'triage',
      write('long.log', `${first}\n${long}\n${'y'.repeat(10_000_000)}\n${first}\n`),
      '-o',
      'json',
    ]);
    expect(out.status).toBe(0);
    const report = JSON.parse(out.stdout) as {
      totals: { requests: number };
      rejects: { count: number; first: { line: number; text: string }[] };
    };
    expect(report.totals.requests).toBe(3);
    expect(report.rejects.count).toBe(1);
    expect(report.rejects.first[0]).toMatchObject({ line: 3, text: 'y'.repeat(200) });
  });

  test('a line beyond 32 MiB is skipped and counted, and the next one read', () => {
    const [first = ''] = real.toString().split('\n');
    const out = vigia([
      'triage',
      write(
        'huge.log',
        Buffer.concat([Buffer.from(`${first}\n`), Buffer.alloc(40 << 20, 'z'), Buffer.from(`\n${first}\n`)]),
      ),
      '-o',
      'json',
    ]);
    expect(JSON.parse(out.stdout)).toMatchObject({
      totals: { requests: 2 },
      rejects: { count: 1, first: [{ line: 2, reason: 'longer than 32 MiB' }] },
    });
  });

  test('gzip that breaks off: what came before counts, and it is said', () => {
    const whole = gzipSync(Buffer.concat(Array.from({ length: 40 }, () => real)));
    const out = vigia(['triage', write('cut.gz', whole.subarray(0, whole.length - 2000)), '-o', 'json']);
    expect(out.stderr).toMatch(/cut\.gz: broken compressed data/);
    expect(JSON.parse(out.stdout).totals.requests).toBeGreaterThan(1000);
  });

  test('NUL bytes, invalid UTF-8 and garbage between good lines are rejects, not the end', () => {
    const lines = real.toString().split('\n').filter(Boolean);
    const dirty = Buffer.concat(
      lines.flatMap((l) => [
        Buffer.from(`${l}\n`),
        Buffer.from([0, 1, 2, 0xff, 0xfe, 0x0a]),
        Buffer.from('{"half": \n'),
      ]),
    );
    const out = vigia(['triage', write('dirty.log', dirty), '-o', 'json']);
    expect(numbers(out.stdout).totals).toEqual(plain.totals);
    expect(JSON.parse(out.stdout).rejects.count).toBe(2 * lines.length);
  });

  test('a closed pipe ends it quietly', () => {
    const out = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" ${bin.join(' ')} logs plain.log --all -o json | head -1`],
      { cwd: dir, encoding: 'utf8' },
    );
    expect(out.stderr).toBe('');
    expect(JSON.parse(out.stdout)).toMatchObject({ line: 1 });
  });
});

test('--follow shows lines as the file grows, and ends on Ctrl-C', async () => {
  const lines = real.toString().split('\n').filter(Boolean);
  const failing = lines.filter((l) => l.includes('"no_healthy_upstream"'));
  write('growing.log', `${failing[0]}\n`);
  const child = spawn(process.execPath, [...bin, 'logs', 'growing.log', '--follow', '-o', 'json'], { cwd: dir });
  let out = '';
  child.stdout.on('data', (d) => {
    out += d;
  });
  const until = async (n: number) => {
    for (let i = 0; i < 200 && out.split('\n').length - 1 < n; i++) await new Promise((r) => setTimeout(r, 50));
  };
  await until(1);
  appendFileSync(join(dir, 'growing.log'), `${failing[1]?.slice(0, 100)}`);
  await new Promise((r) => setTimeout(r, 400));
  appendFileSync(join(dir, 'growing.log'), `${failing[1]?.slice(100)}\n`);
  await until(2);
  child.kill('SIGINT');
  const code = await new Promise((r) => child.on('exit', r));
  expect(
    out
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l).line),
  ).toEqual([1, 2]);
  expect(code).toBe(0);
});

describe('permission denied', () => {
  // Root may read and write everything, so the program runs as somebody else then; that one needs a checkout it can read.
  const root = process.getuid?.() === 0;
  const somebody = root ? { uid: 65534, gid: 65534 } : {};
  const denied = (args: readonly string[]) => {
    const out = spawnSync(process.execPath, [...bin, ...args], { cwd: dir, encoding: 'utf8', ...somebody });
    return { status: out.status, stdout: out.stdout, stderr: out.stderr };
  };
  const starts = denied(['--version']).status === 0;
  const why = 'user 65534 cannot read this checkout or its Node: run the tests from a folder that others may read';
  if (!starts && process.env['CI']) test('others can read the checkout', () => expect.fail(why));
  if (!starts) process.stderr.write(`skipped: permission denied: ${why}\n`);

  test.runIf(starts)('a log that may not be read', () => {
    chmodSync(dir, 0o755);
    chmodSync(join(dir, write('secret.log', real)), 0);
    const said = { status: 3, stdout: '', stderr: 'vigia: secret.log: permission denied\n' };
    expect(denied(['triage', 'secret.log'])).toEqual(said);
    expect(denied(['logs', 'secret.log'])).toEqual(said);
    // The others that were named are no reason to answer with half of it.
    expect(denied(['triage', 'plain.log', 'secret.log'])).toMatchObject({ status: 3, stdout: '' });
  });

  test.runIf(starts)('a report that may not be written, or not even looked at', () => {
    const locked = mkdtempSync(join(dir, 'locked-'));
    writeFileSync(join(locked, 'old.json'), '{}');
    chmodSync(join(locked, 'old.json'), 0);
    chmodSync(locked, 0o555);
    const into = (name: string) => denied(['triage', 'plain.log', '-o', 'json', '--out', join(locked, name)]);
    expect(into('new.json')).toEqual({
      status: 3,
      stdout: '',
      stderr: `vigia: ${locked}/new.json: could not be written: permission denied\n`,
    });
    expect(into('old.json')).toEqual({
      status: 3,
      stdout: '',
      stderr: `vigia: ${locked}/old.json: permission denied\n`,
    });
    expect(readdirSync(locked)).toEqual(['old.json']);
    chmodSync(locked, 0o755);
  });
});
