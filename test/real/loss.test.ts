import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Request } from '../../bench/traffic.ts';
import { signals } from '../../src/signals/catalogue.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { type Capture, startCapture } from './otlp/capture.ts';
import { exporter, fileLine, sixteens, someRequests } from './otlp/envoy-records.ts';
import { send } from './otlp/sender.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { modelOf } from './pipeline/contract.ts';
import { requestOf, total } from './pipeline/truth.ts';
import type { Daemon } from './tools/daemon.ts';
import { startPrometheus } from './tools/prometheus.ts';

const root = mkdtempSync(join(tmpdir(), 'vigia-loss-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const running: Daemon[] = [];
const captures: Capture[] = [];
afterEach(async () => {
  for (const daemon of running.splice(0).reverse()) await daemon.stop();
  for (const capture of captures.splice(0)) await capture.away();
});

/** A capture of ours stands for Loki, since no log store can be had from a package registry; the exporter and its queue are real. */
const contract = (store: number, metrics = '{ to: prometheus, scrapeInterval: 1s }'): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  test:
    metrics: ${metrics}
    logs: { to: loki, url: "http://127.0.0.1:${store}" }
    traces: { to: none }
clusters:
  lab: { environment: test }
gateways:
  - { name: edge, namespace: lab }
`;

const requestsOf = (count: number, seed: number): readonly Request[] => someRequests(count, seed, 0.05);

async function store(): Promise<Capture> {
  const capture = await startCapture();
  captures.push(capture);
  return capture;
}

/** A figure of a test, for whoever runs it. */
const say = (text: string): void => void process.stderr.write(`loss: ${text}\n`);

async function until(what: string, holds: () => Promise<boolean> | boolean, timeoutMs = 90_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !(await holds()); await sleep(100))
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
}

/** Records that wait for the log store, as the Collector itself says. */
async function queued(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^otelcol_exporter_queue_size\{[^}]*otlp_http\/loki[^}]*\} (\S+)$/m.exec(text)?.[1] ?? 0);
}

const duplicates = (capture: Capture): number => [...capture.ids.values()].reduce((sum, n) => sum + n - 1, 0);

describe('logs', () => {
  const count = 24_000;

  test('a Collector that is killed with its queue full delivers every record after its restart', async () => {
    const capture = await store();
    await capture.away();
    const model = modelOf(contract(capture.port));
    const collector = await generatedCollector(model, join(root, 'killed'));
    const first = await collector.start();
    running.push(first);
    const requests = requestsOf(count, 1);
    await send([collector.ports.otlp], sixteens(requests).map(exporter(model)));
    await until('all queued', async () => (await queued(collector.ports.own)) >= count);
    const waiting = await queued(collector.ports.own);
    await first.kill();
    expect(capture.ids.size).toBe(0);
    expect(waiting).toBeGreaterThan(10_000);

    await capture.back();
    running.push(await collector.start());
    await until('all delivered', () => capture.ids.size === count);
    await until('the queue is empty', async () => (await queued(collector.ports.own)) === 0);
    say(`SIGKILL with ${waiting} queued: ${capture.ids.size} of ${count} delivered, ${duplicates(capture)} twice`);
    expect(new Set(capture.ids.keys())).toEqual(new Set(requests.map((r) => r.id)));
  });

  test('killed again while it delivers, it loses none and repeats only what had reached the store, once', async () => {
    const capture = await store();
    await capture.away();
    const model = modelOf(contract(capture.port));
    const collector = await generatedCollector(model, join(root, 'killed-twice'));
    const first = await collector.start();
    running.push(first);
    const requests = requestsOf(count, 2);
    await send([collector.ports.otlp], sixteens(requests).map(exporter(model)));
    await until('all queued', async () => (await queued(collector.ports.own)) >= count);
    await first.kill();
    await capture.back(500);
    const second = await collector.start();
    running.push(second);
    await until('some delivered', () => capture.ids.size > 0);
    await second.kill();
    const before = capture.ids.size;
    // What was under way when it was killed arrives all the same.
    await sleep(1000);
    const reached = capture.ids.size;
    running.push(await collector.start());
    await until('all delivered', () => capture.ids.size === count);
    await until('the queue is empty', async () => (await queued(collector.ports.own)) === 0);
    say(`SIGKILL after ${before} delivered: ${capture.ids.size} of ${count} in the end, ${duplicates(capture)} twice`);
    expect(before).toBeLessThan(count);
    expect(new Set(capture.ids.keys())).toEqual(new Set(requests.map((r) => r.id)));
    // What was sent and not yet struck off the queue is sent again, once.
    expect(duplicates(capture)).toBeLessThanOrEqual(reached);
    expect(Math.max(...capture.ids.values())).toBeLessThanOrEqual(2);
  });

  test.each([
    ['as fast as it takes them', 0],
    ['at 2,000 records a second', 8],
  ])(
    'killed while records come in %s, it loses only acknowledged records that were still in its batch',
    async (speed, pauseMs) => {
      const capture = await store();
      const model = modelOf(contract(capture.port));
      const collector = await generatedCollector(model, join(root, `killed-busy-${pauseMs}`));
      const first = await collector.start();
      running.push(first);
      const sixteen = sixteens(requestsOf(count, 6));
      const messages = new Map(sixteen.map((requests) => [exporter(model)(requests), requests] as const));
      // When each was acknowledged.
      const taken = new Map<string, number>();
      let killed = 0;
      const half = (): boolean => taken.size > count / 2;
      const paced = async function* (): AsyncGenerator<Buffer> {
        for (const message of messages.keys()) {
          if (pauseMs > 0) await sleep(pauseMs);
          yield message;
        }
      };
      const sending = send([collector.ports.otlp], paced(), {
        taken: (message) => {
          for (const { id } of messages.get(message) ?? []) taken.set(id, performance.now());
        },
      }).catch(() => undefined);
      await until('half of them taken', half);
      killed = performance.now();
      await first.kill();
      await sending;
      running.push(await collector.start());
      await until('the queue is empty', async () => (await queued(collector.ports.own)) === 0);
      await sleep(2000);
      const lost = [...taken].filter(([id]) => !capture.ids.has(id));
      const ages = lost.map(([, at]) => killed - at);
      const oldest = Math.max(0, ...ages);
      say(
        `SIGKILL ${speed}, ${taken.size} acknowledged: ${lost.length} lost, the oldest acknowledged ${oldest.toFixed(0)} ms before`,
      );
      // One batch that fills and one on its way through the pipeline (send_batch_size 8192, src/generate/collector/processors.ts).
      expect(lost.length).toBeLessThanOrEqual(2 * (8192 + 16));
      // A batch waits for 200 ms; the rest is what a busy machine takes to work it off.
      expect(oldest).toBeLessThan(1200);
      expect(taken.size).toBeGreaterThan(count / 2);
    },
  );

  test('a store that goes away and comes back gets every record once', async () => {
    const capture = await store();
    const model = modelOf(contract(capture.port));
    const collector = await generatedCollector(model, join(root, 'away'));
    running.push(await collector.start());
    const requests = requestsOf(count, 3);
    const messages = sixteens(requests).map(exporter(model));
    await send([collector.ports.otlp], messages.slice(0, 500));
    await until('the first part delivered', () => capture.ids.size === 8000);
    await capture.away();
    await send([collector.ports.otlp], messages.slice(500));
    await until('the rest queued', async () => (await queued(collector.ports.own)) >= count - 8000);
    await sleep(3000);
    expect(capture.ids.size).toBe(8000);
    await capture.back();
    await until('all delivered', () => capture.ids.size === count);
    say(`store away for 3 s: ${capture.ids.size} of ${count} delivered, ${duplicates(capture)} twice`);
    expect(new Set(capture.ids.keys())).toEqual(new Set(requests.map((r) => r.id)));
    expect(duplicates(capture)).toBe(0);
  });
});

describe('counters', () => {
  const labels = ['gateway', 'route', 'backend', 'http_response_status_code', 'envoy_response_flag', 'side'];
  const name = metricName(signals.requests, 'prometheus');
  const counted = (requests: readonly Request[]): Record<string, number> =>
    total(
      requests.map((r) => requestOf(fileLine(r))),
      (r) => ['edge.lab', r.route, r.backend, r.status, r.flag, r.side].join(' '),
      () => 1,
    );
  const scrape = (targets: readonly string[]): string =>
    JSON.stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: targets.length > 0 ? [{ job_name: 'collector', static_configs: [{ targets }] }] : [],
    });

  test('eight connections at full speed: every series is what was sent', async () => {
    const capture = await store();
    const model = modelOf(contract(capture.port));
    const collector = await generatedCollector(model, join(root, 'speed'));
    running.push(await collector.start());
    const prometheus = await startPrometheus(scrape([`127.0.0.1:${collector.ports.metrics}`]), join(root, 'speed-p'));
    running.push(prometheus);
    const requests = requestsOf(80_000, 4);
    const messages = sixteens(requests).map(exporter(model));
    const start = performance.now();
    await send([collector.ports.otlp], messages, { connections: 8, underWay: 4 });
    const seconds = (performance.now() - start) / 1000;
    await prometheus.queryUntil(`sum(${name})`, (s) => s[0]?.value === requests.length, 60_000);
    const series = await prometheus.query(`sum by (${labels.join(', ')}) (${name})`);
    const seen = total(
      series,
      (s) => labels.map((l) => s.labels[l] ?? '').join(' '),
      (s) => s.value,
    );
    const sum = series.reduce((n, s) => n + s.value, 0);
    say(
      `8 connections, ${Math.round(requests.length / seconds)} records/s: ${sum} of ${requests.length} in ${series.length} series`,
    );
    expect(seen).toEqual(counted(requests));
    await until('all delivered', () => capture.ids.size === requests.length);
  });

  test('two replicas behind the same senders: sums are right, and the instance keeps their series apart', async () => {
    const capture = await store();
    const prometheus = await startPrometheus(scrape([]), join(root, 'replicas-p'));
    running.push(prometheus);
    const pushed = `{ to: prometheus, mode: remote-write, url: "${prometheus.url}/api/v1/write" }`;
    const model = modelOf(contract(capture.port, pushed));
    const replicas = await Promise.all(
      ['collector-0', 'collector-1'].map((pod) => generatedCollector(model, join(root, pod), pod)),
    );
    for (const replica of replicas) running.push(await replica.start());
    const requests = requestsOf(40_000, 5);
    await send(
      replicas.map((r) => r.ports.otlp),
      sixteens(requests).map(exporter(model)),
    );
    await prometheus.queryUntil(`sum(${name})`, (s) => s[0]?.value === requests.length, 60_000);
    const series = await prometheus.query(`sum by (${labels.join(', ')}) (${name})`);
    const each = await prometheus.query(`sum by (instance) (${name})`);
    say(`two replicas: ${each.map((s) => `${s.labels['instance']} ${s.value}`).join(', ')} of ${requests.length}`);
    expect(
      total(
        series,
        (s) => labels.map((l) => s.labels[l] ?? '').join(' '),
        (s) => s.value,
      ),
    ).toEqual(counted(requests));
    expect(each.map((s) => s.labels['instance']).sort()).toEqual(['collector-0', 'collector-1']);
    for (const { value } of each) expect(value).toBeGreaterThan(0);
  });
});
