import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { signals } from '../../src/signals/catalogue.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { modelOf } from './pipeline/contract.ts';
import { connect, type Sender } from './pipeline/sender.ts';
import { storedRecords } from './pipeline/stored.ts';
import { startCollector } from './tools/collector.ts';
import type { Daemon } from './tools/daemon.ts';
import { startPrometheus } from './tools/prometheus.ts';
import { freePorts } from './tools/tool.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-loss-'));
const running: Daemon[] = [];
afterAll(async () => {
  for (const daemon of running.reverse()) await daemon.stop();
  rmSync(dir, { recursive: true, force: true });
});

const requests = metricName(signals.requests, 'prometheus');

const contract = (metrics: string, logs: string): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  test: { metrics: ${metrics}, logs: ${logs}, traces: { to: none } }
clusters:
  lab: { environment: test }
gateways:
  - { name: edge, namespace: lab }
`;

test('killed with more than 10,000 records queued and its store away: all are delivered after the restart', async () => {
  const [store = 0] = await freePorts(1);
  const model = modelOf(contract('{ to: prometheus }', `{ to: loki, url: "http://127.0.0.1:${store}" }`));
  const generated = await generatedCollector(model, join(dir, 'killed'));
  const first = await generated.start();
  const sender = await connect(generated.ports.otlp);
  const sent = await sender.send({ requests: 800, records: 16, healthy: 0.5 });
  sender.close();
  expect(sent).toBe(12_800);
  // Past the batch processor (200 ms) and on the volume.
  await sleep(1500);
  await first.kill();
  mkdirSync(join(dir, 'store'));
  const stored = join(dir, 'store', 'stored.json');
  running.push(
    await startCollector(
      JSON.stringify({
        // Loki's own path below its base URL.
        receivers: {
          otlp: { protocols: { http: { endpoint: `127.0.0.1:${store}`, logs_url_path: '/otlp/v1/logs' } } },
        },
        exporters: { file: { path: stored } },
        service: {
          telemetry: { metrics: { level: 'none' } },
          pipelines: { logs: { receivers: ['otlp'], exporters: ['file'] } },
        },
      }),
      join(dir, 'store'),
    ),
  );
  running.push(await generated.start());
  const count = (): number => storedRecords(readFileSync(stored, 'utf8')).length;
  for (let i = 0; i < 150 && count() < sent; i++) await sleep(200);
  expect(count()).toBe(sent);
});

test('two replicas, eight connections at full speed, remote write: the counters add up to what was sent', async () => {
  const prometheus = await startPrometheus(JSON.stringify({ global: {} }), join(dir, 'prometheus'));
  running.push(prometheus);
  const url = `${prometheus.url}/api/v1/write`;
  const model = modelOf(
    contract(
      `{ to: prometheus, mode: remote-write, url: "${url}" }`,
      `{ to: file, path: ${join(dir, 'replicas.json')} }`,
    ),
  );
  const senders: Sender[] = [];
  for (const pod of ['collector-0', 'collector-1']) {
    const generated = await generatedCollector(model, join(dir, pod), pod);
    running.push(await generated.start());
    for (let i = 0; i < 4; i++) senders.push(await connect(generated.ports.otlp));
  }
  const sent = await Promise.all(senders.map((s) => s.send({ requests: 500, records: 16, healthy: 0.9 })));
  for (const sender of senders) sender.close();
  const all = sent.reduce((a, b) => a + b, 0);
  expect(all).toBe(64_000);
  const samples = await prometheus.queryUntil(`sum(${requests})`, (s) => s[0]?.value === all, 60_000);
  expect(samples.map((s) => s.value)).toEqual([all]);
  const writers = await prometheus.query(`sum by (instance, job) (${requests})`);
  expect(writers.map((s) => [s.labels['job'], s.labels['instance'], s.value])).toEqual([
    ['vigia-collector', 'collector-0', all / 2],
    ['vigia-collector', 'collector-1', all / 2],
  ]);
});
