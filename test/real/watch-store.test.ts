import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricName } from '../../src/signals/spelling.ts';
import { type OwnSignal, verdictSignals, watchSignals } from '../../src/signals/verdicts.ts';
import { run } from '../generate/program.ts';
import { runLab, type ScenarioLines } from '../lab/run.ts';
import { scenarios } from '../lab/scenarios/index.ts';
import { type GeneratedCollector, generatedCollector } from './pipeline/collector.ts';
import { modelOf } from './pipeline/contract.ts';
import { toCollector } from './pipeline/to-collector.ts';
import { requestOf, total } from './pipeline/truth.ts';
import type { Daemon } from './tools/daemon.ts';
import { startLoki } from './tools/loki.ts';
import { freePorts } from './tools/ports.ts';
import { type Prometheus, startPrometheus } from './tools/prometheus.ts';

/*
 * All of it real: Envoy's requests over OTLP into the generated Collector, from there into Loki; vigia watch asks Loki and pushes to the same
 * Collector, which writes to Prometheus. What vigia triage answers for the same windows is the measure.
 */
const dir = mkdtempSync(join(tmpdir(), 'vigia-watch-store-'));
const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));
const names = [
  ...['healthy-get', 'healthy-post', 'connect-refused', 'no-route', 'no-endpoints', 'retries-used-up', 'rbac-denied'],
  ...['grpc-refused', 'rate-limited', 'client-left-upload', 'no-cluster', 'fault-abort', 'health-check'],
];
const chosen = scenarios.filter((s) => names.includes(s.name));
const every = 5_000;
const running: Pick<Daemon, 'stop'>[] = [];
let loki: Awaited<ReturnType<typeof startLoki>>;
let prometheus: Prometheus;
let collector: GeneratedCollector;
let gate: Awaited<ReturnType<typeof startGate>>;
let text = '';
const results: ScenarioLines[] = [];

/** Between the watch and Loki: closed, Loki is away for the watch alone. */
async function startGate(to: number) {
  const sockets = new Set<Socket>();
  const [port = 0] = await freePorts(1);
  let server: Server | undefined;
  const open = async (): Promise<void> => {
    server = createServer((socket) => {
      const up = connect(to, '127.0.0.1');
      for (const s of [socket, up]) {
        sockets.add(s);
        s.on('error', () => undefined).on('close', () => {
          sockets.delete(s);
          socket.destroy();
          up.destroy();
        });
      }
      socket.pipe(up).pipe(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const close = (): void => {
    server?.close();
    for (const s of sockets) s.destroy();
  };
  await open();
  return { url: `http://127.0.0.1:${port}`, open, close };
}

const contract = (): string => `
version: 1
kgateway: { version: "2.4" }
environments:
  test:
    metrics: { to: prometheus, mode: remote-write, url: "${prometheus.url}/api/v1/write" }
    logs: { to: loki, url: "${loki.url}" }
    traces: { to: none }
clusters:
  lab: { environment: test }
gateways:
${chosen.map((s) => `  - { name: ${s.name}, namespace: lab }`).join('\n')}
`;

beforeAll(async () => {
  loki = await startLoki(join(dir, 'loki'));
  running.push(loki);
  prometheus = await startPrometheus('{}', join(dir, 'prometheus'));
  running.push(prometheus);
  gate = await startGate(Number(new URL(loki.url).port));
  text = contract();
  writeFileSync(join(dir, 'vigia.yaml'), text);
  collector = await generatedCollector(modelOf(text), join(dir, 'collector'));
  running.push(await collector.start({}, (config) => config.replaceAll('interval: "15s"', 'interval: "1s"')));
});
afterAll(async () => {
  gate?.close();
  for (const daemon of running.reverse()) await daemon.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A real Envoy's requests; returns when it has ended. */
async function traffic(round: number): Promise<void> {
  const beside = toCollector(modelOf(text), collector.ports.otlp);
  results.push(...(await runLab({ scenarios: chosen, dir: join(dir, `lab-${round}`), beside })));
}

async function startWatch() {
  const [port = 0] = await freePorts(1);
  const args = ['watch', '--cluster', 'lab', '--loki-url', gate.url, '--every', `${every / 1000}s`, '--delay', '10s'];
  const more = ['--state', 'watch.json', '--instance', 'watch-1', '--listen', `127.0.0.1:${port}`];
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      bin,
      ...args,
      ...more,
      '--otlp',
      `http://127.0.0.1:${collector.ports.otlp}`,
    ],
    { cwd: dir, env: { PATH: process.env['PATH'] } },
  );
  let said = '';
  child.stderr.on('data', (d) => {
    said += d;
  });
  const ended = once(child, 'close');
  await expect.poll(() => said, { timeout: 20_000 }).toContain('watching');
  return {
    said: () => said,
    page: async () => await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await ended;
      expect(code, said).toBe(0);
    },
  };
}

/** A signal's series on /metrics by the labels, summed. */
function exposed(page: string, signal: OwnSignal, ...labels: string[]): Record<string, number> {
  const name = metricName(signal, 'prometheus');
  const lines = page.split('\n').filter((l) => l.startsWith(`${name}{`) || l.startsWith(`${name} `));
  const read = lines.map((l) => ({
    labels: Object.fromEntries([...l.matchAll(/([a-z_]+)="([^"]*)"/g)].map((m) => [m[1], m[2]])) as Record<
      string,
      string
    >,
    value: Number(l.slice(l.lastIndexOf(' ') + 1)),
  }));
  return total(
    read,
    (s) => labels.map((l) => s.labels[l] ?? '').join(' '),
    (s) => s.value,
  );
}

async function stored(signal: OwnSignal, ...labels: string[]): Promise<Record<string, number>> {
  const samples = await prometheus.query(
    `last_over_time(${metricName(signal, 'prometheus')}{instance="watch-1"}[30m])`,
  );
  return total(
    samples,
    (s) => labels.map((l) => s.labels[l] ?? '').join(' '),
    (s) => s.value,
  );
}

interface Report {
  readonly totals: { readonly requests: number; readonly failures: number };
  readonly verdicts: readonly {
    readonly kind: string;
    readonly side: string;
    readonly cause: string;
    readonly confidence: string;
    readonly count: number;
  }[];
}

test('verdicts in Prometheus and on /metrics are what triage answers for the same windows, through a restart and with Loki away', async () => {
  let watch = await startWatch();
  const began = Number(
    /watching loki from (\S+) on/.exec(watch.said())?.[1] && Date.parse(/from (\S+) on/.exec(watch.said())?.[1] ?? ''),
  );
  // Health checks are set aside by triage, so they are no requests of the watch either.
  const requests = () =>
    results.reduce((sum, r) => sum + (r.scenario.name === 'health-check' ? 0 : r.lines.vigia.length), 0);
  const counted = async () =>
    Object.values(exposed(await watch.page(), verdictSignals.requests)).reduce((a, b) => a + b, 0);

  await traffic(1);
  // In the middle of it: some windows are answered, others not.
  await expect.poll(counted, { timeout: 60_000 }).toBeGreaterThan(0);
  await watch.stop();
  const before = watch.said();
  await traffic(2);
  watch = await startWatch();
  expect(before).toContain('stopped; the next window would have begun');
  await expect.poll(counted, { timeout: 90_000, interval: 500 }).toBe(requests());

  gate.close();
  await traffic(3);
  await expect
    .poll(async () => exposed(await watch.page(), watchSignals.errors, 'error')['source'], { timeout: 40_000 })
    .toBeGreaterThan(1);
  expect(await counted()).toBeLessThan(requests());
  await gate.open();
  await expect.poll(counted, { timeout: 90_000, interval: 500 }).toBe(requests());
  expect(watch.said()).toMatch(/Loki at \S+ can't be reached: .*; again in 1 s/);

  // What triage says, window by window, asked of Loki itself.
  const page = await watch.page();
  const until = Math.max(...Object.values(exposed(page, verdictSignals.windowEnd))) * 1000;
  const [failures, masked]: Record<string, number>[] = [{}, {}];
  let triaged = 0;
  const add = (to: Record<string, number> | undefined, key: string, n: number) => {
    if (to) to[key] = (to[key] ?? 0) + n;
  };
  let windows = 0;
  for (let from = began; from < until; from += every) {
    windows++;
    const edges = ['--from', new Date(from).toISOString(), '--to', new Date(from + every).toISOString()];
    const { code, out, err } = await run(dir, ['triage', '--cluster', 'lab', ...edges, '-o', 'json']);
    if (code === 3) {
      expect(err).toContain('Loki has no line');
      continue;
    }
    const report = JSON.parse(out) as Report;
    for (const v of report.verdicts)
      add(v.kind === 'masked' ? masked : failures, [v.side, v.cause, v.confidence].join(' '), v.count);
    triaged += report.totals.requests;
  }
  expect(Object.keys(failures ?? {}).length).toBeGreaterThan(7);
  const told = ['side', 'cause', 'confidence'];
  expect(exposed(page, verdictSignals.failures, ...told)).toEqual(failures);
  expect(exposed(page, verdictSignals.masked, ...told)).toEqual(masked);
  expect(exposed(page, verdictSignals.requests)).toEqual({ '': triaged });
  // And against Envoy's own file: every request, once.
  const written = results.flatMap(({ scenario, lines }) => (scenario.name === 'health-check' ? [] : lines.vigia));
  const routes = total(
    written.map(requestOf),
    (r) => r.route,
    () => 1,
  );
  expect(exposed(page, verdictSignals.requests, 'route')).toEqual(routes);
  expect(triaged).toBe(written.length);
  const all = exposed(page, verdictSignals.failures, ...told, 'route', 'backend');
  await expect
    .poll(() => stored(verdictSignals.failures, ...told, 'route', 'backend'), { timeout: 40_000 })
    .toEqual(all);
  expect(await stored(verdictSignals.requests, 'route')).toEqual(routes);
  expect(await stored(verdictSignals.masked, ...told)).toEqual(masked);
  expect(
    Object.values(await stored(verdictSignals.requests, 'k8s_cluster_name', 'deployment_environment_name')).length,
  ).toBe(1);
  // Windows of this process alone: the state keeps what was counted, not how the watching fared.
  expect(exposed(page, watchSignals.windows, 'outcome')).toMatchObject({ partial: 0, skipped: 0 });
  expect(windows).toBeGreaterThan(5);
  await watch.stop();
});
