import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { exporter, sixteens, someRequests } from '../test/real/otlp/envoy-records.ts';
import { send } from '../test/real/otlp/sender.ts';
import { type GeneratedCollector, generatedCollector } from '../test/real/pipeline/collector.ts';
import { modelOf } from '../test/real/pipeline/contract.ts';
import { startCollector } from '../test/real/tools/collector.ts';
import { interleavedValues, type Measure } from './measure.ts';
import type { Row } from './table.ts';
import type { Request } from './traffic.ts';

const contract = (store: number): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  bench:
    metrics: { to: prometheus }
    logs: { to: loki, url: "http://127.0.0.1:${store}" }
    traces: { to: none }
clusters: { lab: { environment: bench } }
gateways: [{ name: edge, namespace: lab }]
`;

/** A configuration as far as it is rearranged here. */
interface Config {
  exporters: Record<string, object>;
  connectors?: object;
  service: { pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }> };
}

/** Keeps every step of the generated configuration and sends nothing: what the exporters cost is the same with and without vigia. */
function sendingNothing(text: string): string {
  const config = parse(text) as Config;
  for (const pipeline of Object.values(config.service.pipelines))
    pipeline.exporters = pipeline.exporters.map((e) => (e in config.exporters ? 'nop' : e));
  return stringify({ ...config, exporters: { nop: {} } });
}

/** The least a Collector does between Envoy and a store: the same receiver, limiter, batches and exporter, and nothing to the records. */
function passingThrough(text: string): string {
  const { connectors: _, ...config } = parse(text) as Config;
  const exporters = config.service.pipelines['logs/store']?.exporters ?? [];
  const logs = { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters };
  return stringify({ ...config, service: { ...config.service, pipelines: { logs } } });
}

/** CPU a process has used, in seconds: user and system time, fields 14 and 15 of proc(5)'s stat, in hundredths. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The most memory a process ever had, MB. */
const peakMegabytes = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Returns when a process has had nothing to do for half a second, so that what it still held is counted too. */
async function idle(pid: number): Promise<void> {
  for (let before = -1, now = cpuOf(pid); now - before > 0.02; now = cpuOf(pid)) {
    before = now;
    await sleep(500);
  }
}

/** Sends the messages over and over for some seconds. */
function* repeated(messages: readonly Buffer[], seconds: number, sent: () => void): Generator<Buffer> {
  for (const end = performance.now() + seconds * 1000; ; )
    for (const message of messages) {
      if (performance.now() > end) return;
      sent();
      yield message;
    }
}

/** Hands on so many a second. */
async function* paced(messages: Iterable<Buffer>, rate: number): AsyncGenerator<Buffer> {
  const start = performance.now();
  let count = 0;
  for (const message of messages) {
    yield message;
    await sleep(Math.max(0, start + (++count * 1000) / rate - performance.now()));
  }
}

const recordsARequest = 16;

/** One CPU for the Collector: the sender needs the other, and a garbage collector with idle cores at hand does more work. */
const env = { MY_POD_IP: '127.0.0.1', POD_NAME: 'bench-0', GOMAXPROCS: '1' };

/** What the chart sets for its default of 1Gi: 80 %. Without it a heap may grow to twice what is in use before anything is collected. */
const memoryLimit = '819MiB';

/** The environment of a Collector that the chart runs (its values `collector.gogc` and `collector.resources`). */
const chart = { GOGC: '300', GOMEMLIMIT: memoryLimit };

interface Load {
  readonly messages: readonly Buffer[];
  /** As fast as they are taken, or so many records a second. */
  readonly rate?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Microseconds of CPU a record. */
function perRecord(of: GeneratedCollector, config: string, dir: string, { messages, rate, env: more }: Load): Measure {
  return async () => {
    mkdirSync(dir, { recursive: true });
    const collector = await startCollector(config, dir, { ...env, ...more, QUEUE_DIR: join(dir, 'queue') });
    try {
      await send([of.ports.otlp], messages.slice(0, 500), { connections: 4 });
      await idle(collector.pid);
      const before = cpuOf(collector.pid);
      let requests = 0;
      const count = (): void => void requests++;
      const sent = repeated(messages, rate === undefined ? 3 : 8, count);
      await send([of.ports.otlp], rate === undefined ? sent : paced(sent, rate / recordsARequest), { connections: 4 });
      await idle(collector.pid);
      return ((cpuOf(collector.pid) - before) * 1e6) / (requests * recordsARequest);
    } finally {
      await collector.stop();
    }
  };
}

/** What the generated Collector costs, against one that only passes records on. Needs `otelcol`, which it brings. */
export async function pipelineRows(dir: string, rounds: number): Promise<readonly Row[]> {
  const tools = fileURLToPath(new URL('../scripts/tools.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, [tools, 'otelcol'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('otelcol could not be brought; see npm run tools -- otelcol');
  // A store that takes everything and keeps nothing.
  const store = createServer((request, response) => request.resume().on('end', () => response.end()));
  store.listen(0, '127.0.0.1');
  await once(store, 'listening');
  const address = store.address();
  if (address === null || typeof address === 'string') throw new Error('the store has no port');
  try {
    const model = modelOf(contract(address.port));
    const message = exporter(model);
    const messages = (requests: readonly Request[]): readonly Buffer[] =>
      sixteens(requests, recordsARequest).map(message);
    const healthy = messages(someRequests(32_000, 1, 0.01));
    const flagged = someRequests(40_000, 2, 1).filter((r) => r.flags !== '-');
    const outage = messages(flagged.slice(0, 32_000));
    const collector = await generatedCollector(model, dir);
    const silent = sendingNothing(collector.config);
    const loads: readonly (readonly [what: string, config: string, load: Load])[] = [
      ['', silent, { messages: healthy }],
      [', outage', silent, { messages: outage }],
      [' in the chart', silent, { messages: healthy, env: chart }],
      [' in the chart, outage', silent, { messages: outage, env: chart }],
      [' in the chart, paced', silent, { messages: healthy, env: chart, rate: 2000 }],
      [' to a store', collector.config, { messages: healthy }],
    ];
    const used = await interleavedValues(
      Object.fromEntries(
        loads.flatMap(([what, config, load], i) => [
          [`pass-through${what}`, perRecord(collector, passingThrough(config), join(dir, `pass-${i}`), load)],
          [`generated${what}`, perRecord(collector, config, join(dir, `generated-${i}`), load)],
        ]),
      ),
      rounds,
    );
    const row = (what: string, which: string, target?: number): Row => {
      const [a, b] = [used[`generated${which}`], used[`pass-through${which}`]];
      const detail = `generated ${spread(a)}, pass-through ${spread(b)} us a record`;
      const ratio = (a?.median ?? Number.NaN) / (b?.median ?? Number.NaN);
      return { what, against: `pass-through${which}`, ratio, detail, ...(target === undefined ? {} : { target }) };
    };
    const wide = messages(someRequests(100_000, 3, 0.05).map((r, i) => ({ ...r, route: i % 5000 })));
    return [
      row('pipeline / pass-through + batch, 1 % failures', '', 1.35),
      row('the same, every record flagged', ', outage'),
      row("the same, 1 % failures, with the chart's GOGC and GOMEMLIMIT", ' in the chart'),
      row("the same, every record flagged, with the chart's", ' in the chart, outage'),
      row("the same, 1 % failures, with the chart's, 2,000 records a second", ' in the chart, paced'),
      row('the same, 1 % failures, with exporters and queue', ' to a store'),
      await memoryRow(collector, join(dir, 'wide'), wide, { GOMEMLIMIT: memoryLimit }),
      await memoryRow(collector, join(dir, 'wide-chart'), wide, chart),
    ];
  } finally {
    store.close();
    store.closeAllConnections();
  }
}

const spread = (of: { median: number; least: number; most: number } | undefined): string =>
  `${of?.median.toFixed(1)} (${of?.least.toFixed(1)} to ${of?.most.toFixed(1)})`;

/** Memory after records of 5,000 routes, each with its series, and a scrape of them. */
async function memoryRow(
  collector: GeneratedCollector,
  dir: string,
  messages: readonly Buffer[],
  limits: Readonly<Record<string, string>>,
): Promise<Row> {
  mkdirSync(dir, { recursive: true });
  const running = await startCollector(collector.config, dir, { ...env, ...limits, QUEUE_DIR: join(dir, 'queue') });
  try {
    await send([collector.ports.otlp], messages, { connections: 4 });
    await idle(running.pid);
    const before = peakMegabytes(running.pid);
    const text = await (await fetch(`http://127.0.0.1:${collector.ports.metrics}/metrics`)).text();
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    const set = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
    const detail = `${set.join(', ')}; ${series} series; ${before.toFixed(0)} MB before the first scrape`;
    const ratio = peakMegabytes(running.pid);
    return { what: 'peak memory, 5,000 routes, 100,000 records', against: '', unit: 'MB', ratio, detail };
  } finally {
    await running.stop();
  }
}
