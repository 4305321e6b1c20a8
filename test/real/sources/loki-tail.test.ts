import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Condition } from '../../../src/logs/question.ts';
import { lokiSource } from '../../../src/logs/sources/loki.ts';
import type { Found } from '../../../src/logs/sources/source.ts';
import { hostile } from '../../contract/hostile.ts';
import { startLoki } from '../tools/loki.ts';

const bin = fileURLToPath(new URL('../../../src/bin.ts', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'vigia-loki-tail-'));
const routes = hostile.filter((text) => text !== '' && text !== '-');
let loki: Awaited<ReturnType<typeof startLoki>>;

interface Sent {
  readonly id: string;
  readonly route: string;
  readonly status: number;
  /** How long before now the request began, ms. */
  readonly ago: number;
  /** And how many nanoseconds after that. */
  readonly ns?: number;
}

async function send(records: readonly Sent[]): Promise<void> {
  const now = Date.now();
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const logRecords = records.map((r) => ({
    timeUnixNano: `${BigInt(now - r.ago) * 1_000_000n + BigInt(r.ns ?? 0)}`,
    body: { stringValue: 'x' },
    attributes: [
      text('envoy.route_name', r.route),
      text('envoy.upstream_cluster', r.id),
      text('http.response.status_code', String(r.status)),
      text('envoy.response_flags', r.status === 503 ? 'UH' : '-'),
    ],
  }));
  const resource = { attributes: [text('service.name', 'edge.gateways')] };
  await loki.push([{ resource, scopeLogs: [{ scope: {}, logRecords }] }]);
}

/** Before Loki: cuts what runs through it, and counts. */
async function startCutter(to: number) {
  const sockets = new Set<Socket>();
  let tails = 0;
  const server = createServer((socket) => {
    const up = connect(to, '127.0.0.1');
    for (const s of [socket, up]) {
      sockets.add(s);
      s.on('error', () => undefined).on('close', () => {
        sockets.delete(s);
        socket.destroy();
        up.destroy();
      });
    }
    socket.once('data', (head) => {
      if (String(head).includes('/tail?')) tails++;
    });
    socket.pipe(up).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    tails: () => tails,
    open: () => sockets.size,
    cut: () => {
      for (const s of sockets) s.destroy();
    },
    stop: () => server.close(),
  };
}

let cutter: Awaited<ReturnType<typeof startCutter>>;
beforeAll(async () => {
  loki = await startLoki(dir);
  cutter = await startCutter(Number(new URL(loki.url).port));
  // The fields are learned from what is there.
  await send([{ id: 'first', route: 'first', status: 503, ago: 3_000 }]);
});
afterAll(async () => {
  cutter?.stop();
  await loki?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function follower(url: string, live: boolean, where: readonly Condition[], failing: boolean) {
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const found: Found[] = [];
  const said: string[] = [];
  const at = new Map<string, number>();
  const source = lokiSource({
    url,
    tenant: undefined,
    auth: { kind: 'none' },
    selector: { service_name: ['edge.gateways'] },
    maxScan: undefined,
    overrides: {},
    signal: new AbortController().signal,
    warn: (m) => said.push(m),
  });
  const now = Date.now();
  const ended = source.read({
    question: { from: now - 600_000, to: now, where },
    ...{ failing, live, follow: stopped },
    take: (one) => {
      found.push(one);
      at.set(one.record.cluster ?? '', Date.now());
      return true;
    },
  });
  const ids = () => found.map((f) => f.record.cluster ?? '').sort();
  return { found, said, at, ids, end: () => ended, stop: () => stop() };
}

const hostileWhere: readonly Condition[] = [{ field: 'route', negated: true, values: ['" or service_name=~".+'] }];

test('the tail and asking give the same records, each once: hostile names, late ones, cut connections', async () => {
  const conditions: readonly (readonly [readonly Condition[], boolean])[] = [
    [[], true],
    [[], false],
    [hostileWhere, true],
    [[{ field: 'route', negated: false, values: ['*}}', '*"*'] }], true],
  ];
  const pairs = conditions.map(([where, failing]) => ({
    where,
    failing,
    tailed: follower(cutter.url, true, where, failing),
    asked: follower(loki.url, false, where, failing),
  }));
  await expect.poll(cutter.tails, { timeout: 20_000 }).toBe(pairs.length);
  const all: Sent[] = [{ id: 'first', route: 'first', status: 503, ago: 3_000 }];
  const batch = async (
    name: string,
    ago: (i: number) => number,
    ns: (i: number) => number = (i) => i,
  ): Promise<void> => {
    const records = routes.flatMap((route, i) => [
      { id: `${name}-${i}`, route, status: 503, ago: ago(i), ns: ns(2 * i) },
      { id: `${name}-${i}-fine`, route, status: 200, ago: ago(i), ns: ns(2 * i + 1) },
    ]);
    all.push(...records);
    await send(records);
  };
  // One at a time the tail brings them at once, and asking when they are five seconds old.
  for (const [i, route] of routes.slice(0, 5).entries()) {
    const one = { id: `one-${i}`, route, status: 503, ago: 0 };
    all.push(one);
    await send([one]);
    await expect.poll(() => pairs[0]?.tailed.at.has(one.id), { timeout: 4_000, interval: 50 }).toBe(true);
    expect(pairs[0]?.asked.at.has(one.id)).toBe(false);
  }
  // A batch, as a Collector sends it, is more than the tail takes, and no more than asking is late.
  const sentAt = Date.now();
  await batch('now', () => 0);
  await expect.poll(() => pairs[0]?.tailed.at.size, { timeout: 15_000 }).toBe(6 + routes.length);
  expect(Date.now() - sentAt).toBeLessThan(12_000);
  // Requests of up to a minute, and what arrives while nothing is connected.
  await batch('late', (i) => (i % 7) * 10_000);
  cutter.cut();
  await batch('cut', (i) => (i % 3) * 100);
  await expect.poll(cutter.tails, { timeout: 20_000 }).toBe(2 * pairs.length);
  await batch('again', () => 0);
  // Of one text in one nanosecond, whatever the metadata.
  await batch(
    'twins',
    () => 0,
    () => 0,
  );
  const wanted = (where: readonly Condition[], failing: boolean): readonly string[] =>
    all
      .filter((r) => !failing || r.status === 503)
      .filter((r) => where !== hostileWhere || r.route !== '" or service_name=~".+')
      .filter((r) => where.length === 0 || where === hostileWhere || r.route.endsWith('}}') || r.route.includes('"'))
      .map((r) => r.id)
      .sort();
  for (const { where, failing, tailed, asked } of pairs)
    for (const one of [tailed, asked])
      await expect.poll(one.ids, { timeout: 120_000, interval: 1_000 }).toEqual(wanted(where, failing));
  // Nothing comes twice later either: each look has come by again.
  await sleep(30_000);
  for (const { where, failing, tailed, asked } of pairs) {
    tailed.stop();
    asked.stop();
    const [one, two] = [await tailed.end(), await asked.end()];
    expect([one.rejects, two.rejects]).toEqual([0, 0]);
    const records = (f: readonly Found[]) =>
      f.map(({ record, raw, place }) => JSON.stringify([record.cluster, record, raw, place])).sort();
    expect(records(tailed.found)).toEqual(records(asked.found));
    expect(tailed.ids()).toEqual(wanted(where, failing));
    // An ingester that drops lines tells nobody, so neither can we.
    expect([asked.said, tailed.said]).toEqual([[], []]);
  }
  await expect.poll(cutter.open, { timeout: 10_000 }).toBe(0);
});

test('vigia logs --follow: Ctrl-C closes the tail and ends well; more tails than Loki allows are asked for instead, and told', async () => {
  const args = ['logs', '--source', 'loki', '--loki-url', cutter.url, '--label', 'service_name=edge.gateways'];
  const run = () => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...args, '-f', '-o', 'json'], {
      env: { PATH: process.env['PATH'] },
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (d) => {
      said.stdout += d;
    });
    child.stderr.on('data', (d) => {
      said.stderr += d;
    });
    return { child, said, ended: once(child, 'close') };
  };
  const before = cutter.tails();
  const program = run();
  await expect.poll(cutter.tails, { timeout: 20_000 }).toBe(before + 1);
  // Loki lets ten tails run at once (max_concurrent_tail_requests): these nine and the program's are all.
  const others = Array.from({ length: 9 }, () => follower(loki.url, true, [], true));
  await expect.poll(() => others.every((o) => o.found.length > 0), { timeout: 20_000 }).toBe(true);
  await sleep(2_000);
  const refused = follower(loki.url, true, [], true);
  await expect
    .poll(() => refused.said.join(), { timeout: 30_000 })
    .toMatch(
      /Loki's tail breaks off: it was closed \(1011\): .*max concurrent tail requests limit exceeded.*; asked every 3 s until it is back/,
    );
  await send([{ id: 'mark', route: 'mark', status: 503, ago: 0 }]);
  await expect.poll(() => program.said.stdout, { timeout: 5_000 }).toContain('"mark"');
  await expect.poll(() => refused.at.has('mark'), { timeout: 15_000 }).toBe(true);
  program.child.kill('SIGINT');
  const [code] = await program.ended;
  expect(code, program.said.stderr).toBe(0);
  for (const one of [...others, refused]) {
    one.stop();
    await one.end();
  }
  await expect.poll(cutter.open, { timeout: 10_000 }).toBe(0);
});
