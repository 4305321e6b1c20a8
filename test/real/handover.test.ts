import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Model } from '../../src/contract/model.ts';
import type { FieldId } from '../../src/envoy/fields.ts';
import { generatePrometheus } from '../../src/generate/prometheus/index.ts';
import { signals } from '../../src/signals/catalogue.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { exporter, someRequests } from './otlp/envoy-records.ts';
import { send } from './otlp/sender.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { atVersion, modelOf } from './pipeline/contract.ts';
import { binaries } from './tools/collector.ts';
import type { Daemon } from './tools/daemon.ts';
import { type Prometheus, startPrometheus } from './tools/prometheus.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-handover-'));
const running: Daemon[] = [];
afterAll(async () => {
  for (const daemon of running.reverse()) await daemon.stop();
  rmSync(dir, { recursive: true, force: true });
});

const contract = (stored: string, metrics: string): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  test: { metrics: ${metrics}, logs: { to: file, path: ${stored} }, traces: { to: none } }
clusters: { lab: { environment: test } }
gateways: [{ name: edge, namespace: lab }, { name: inner, namespace: lab }]
objectives:
  - { name: fast, kind: latency, under: 250ms, gatewayUnder: 10ms, target: 99, window: 7d, gateways: [edge] }
`;

const good = { status: '200', flags: '-', attempts: '1', requestDuration: '2', requestTxDuration: '3' };

/** What an Envoy of the lab does not write beside what it does: by what the record says, and how many of it are counted. */
const records: Readonly<Record<string, Partial<Record<FieldId, string>>>> = {
  counted: good,
  'no-time-between': { ...good, requestTxDuration: '2' },
  'two-digits-and-three': { ...good, requestDuration: '99', requestTxDuration: '120' },
  'out-of-order': { ...good, requestTxDuration: '1' },
  'never-received-whole': { ...good, requestDuration: '-' },
  'never-passed-on': { ...good, requestTxDuration: '-' },
  'no-numbers': { ...good, requestDuration: 'a', requestTxDuration: 'b' },
  'tried-twice': { ...good, attempts: '2' },
  'never-tried': { ...good, attempts: '0' },
  failed: { ...good, status: '503' },
  switched: { ...good, status: '101' },
  left: { ...good, status: '0' },
  'a-4xx-of-the-backend': { ...good, status: '404' },
};
const counted = ['counted', 'no-time-between', 'two-digits-and-three', 'a-4xx-of-the-backend'];

/** Sends them in the name of both gateways, and holds what is stored to what was meant. */
async function held(model: Model, otlp: number, prometheus: Prometheus): Promise<void> {
  const names = Object.keys(records);
  const requests = someRequests(names.length, 7, 0);
  const more = (i: number) => ({ ...records[names[i] ?? ''], route: names[i] ?? '' });
  const inner = {
    ...model,
    clusters: model.clusters.map((c) => ({ ...c, gateways: c.gateways.filter((g) => g.name === 'inner') })),
  };
  await send([otlp], [exporter(model, more)(requests), exporter(inner, more)(requests)]);
  await prometheus.queryUntil(
    `sum(${metricName(signals.requests, 'prometheus')})`,
    (s) => s[0]?.value === 2 * names.length,
  );
  const name = metricName(signals.handover, 'prometheus');
  const samples = await prometheus.query(`${name}_count`);
  expect(Object.fromEntries(samples.map((s) => [`${s.labels['gateway']} ${s.labels['route']}`, s.value]))).toEqual(
    Object.fromEntries(counted.map((route) => [`edge.lab ${route}`, 1])),
  );
  const [sum] = await prometheus.query(`sum(${name}_sum)`);
  expect(sum?.value).toBeCloseTo(0.001 + 0 + 0.021 + 0.001, 9);
  // What the objective's rules ask: all of them, and those at or below its edge.
  const rules = generatePrometheus(model).find((a) => a.path.endsWith('/objectives.yaml'))?.content ?? '';
  const asked = [
    ...new Set([...rules.matchAll(/rate\((gateway_request_handover\w+\{.*?\})\[5m\]\)/g)].map((m) => m[1])),
  ];
  expect(asked.length).toBe(2);
  for (const selector of asked) {
    const [answer] = await prometheus.query(`sum(${selector?.replaceAll('\\"', '"')})`);
    expect(answer?.value, selector).toBe(selector?.includes('le=') ? 3 : 4);
  }
}

describe.each(Object.keys(binaries))('made-up records, through the generated Collector %s', (version) => {
  test("the gateway's own time is taken of those that have one and whose gateway was asked for, and no record is lost for it", async () => {
    const home = join(dir, version);
    const scraped = '{ to: prometheus, scrapeInterval: 1s }';
    const model = atVersion(modelOf(contract(join(home, 'stored.json'), scraped)), version);
    const generated = await generatedCollector(model, home);
    const collector = await generated.start();
    running.push(collector);
    const scrape = { job_name: 'collector', static_configs: [{ targets: [`127.0.0.1:${generated.ports.metrics}`] }] };
    const prometheus = await startPrometheus(
      JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [scrape] }),
      join(home, 'prometheus'),
    );
    running.push(prometheus);
    await held(model, generated.ports.otlp, prometheus);
    expect(collector.log()).not.toMatch(/"level":"(error|warn)"/);
  }, 60_000);

  test('pushed it has the same name and edges', async () => {
    const home = join(dir, `${version}-pushed`);
    const prometheus = await startPrometheus('{}', join(home, 'prometheus'));
    running.push(prometheus);
    const pushed = `{ to: prometheus, mode: remote-write, url: "${prometheus.url}/api/v1/write" }`;
    const model = atVersion(modelOf(contract(join(home, 'stored.json'), pushed)), version);
    const generated = await generatedCollector(model, home);
    running.push(await generated.start());
    await held(model, generated.ports.otlp, prometheus);
  }, 60_000);
});
