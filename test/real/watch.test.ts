import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metricName } from '../../src/signals/spelling.ts';
import { verdictSignals } from '../../src/signals/verdicts.ts';
import { line, refused } from '../watch/fake.ts';
import { startCollector } from './tools/collector.ts';
import type { Daemon } from './tools/daemon.ts';
import { freePorts } from './tools/ports.ts';
import { type Prometheus, startPrometheus } from './tools/prometheus.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-watch-'));
const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));
const running: Daemon[] = [];

/** Starts the program; its own environment says nothing of telemetry. */
function vigia(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const began = Date.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    cwd: dir,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (d) => {
    said.stdout += d;
  });
  child.stderr.on('data', (d) => {
    said.stderr += d;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, ms: Date.now() - began, ...said }));
  return { child, said, ended };
}

async function until<T>(what: () => Promise<T> | T, good: (t: T) => boolean, ms = 40_000): Promise<T> {
  for (const end = Date.now() + ms; ; ) {
    const found = await what();
    if (good(found) || Date.now() > end) return found;
    await sleep(200);
  }
}

/** The samples of an exposition, by name and sorted labels. */
function samples(text: string): Record<string, number> {
  const found = [...text.matchAll(/^([a-z_]+)\{(.*)\} (\S+)$/gm)];
  return Object.fromEntries(found.map((m) => [`${m[1]} ${(m[2] ?? '').split(',').sort().join(',')}`, Number(m[3])]));
}

afterAll(async () => {
  for (const daemon of running.reverse()) await daemon.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('pushed through a real Collector into a real Prometheus', () => {
  let prometheus: Prometheus;
  let otlp = 0;

  beforeAll(async () => {
    const [grpc = 0, scrape = 0, own = 0] = await freePorts(3);
    otlp = grpc;
    const config = {
      receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${grpc}` } } } },
      exporters: { prometheus: { endpoint: `127.0.0.1:${scrape}`, without_scope_info: true } },
      service: {
        telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: own } } } }] } },
        pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus'] } },
      },
    };
    running.push(await startCollector(JSON.stringify(config), join(dir, 'collector')));
    const job = { job_name: 'collector', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${scrape}`] }] };
    prometheus = await startPrometheus(
      JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] }),
      join(dir, 'prometheus'),
    );
    running.push(prometheus);
  });

  test('every series of the verdicts has the value of /metrics, the same name and the same labels', async () => {
    const log = join(dir, 'access.log');
    writeFileSync(log, '');
    const [port] = await freePorts(1);
    const { child, said, ended } = vigia([
      ...['watch', log, '--every', '2s', '--delay', '1s', '--listen', `127.0.0.1:${port}`],
      ...['--otlp', `http://127.0.0.1:${otlp}`, '--identity', 'gateway=public.edge', '--instance', 'watch-1'],
    ]);
    await until(
      () => said.stderr,
      (s) => s.includes('watching'),
    );
    const page = async (path: string) => await fetch(`http://127.0.0.1:${port}${path}`);
    expect((await page('/readyz')).status).toBe(503);
    expect((await page('/healthz')).status).toBe(200);
    await sleep(2500);
    const at = new Date().toISOString();
    for (let i = 0; i < 30; i++)
      appendFileSync(
        log,
        `${line({ start_time: at, ...(i % 3 === 0 ? refused : {}), route_name: `shop/${i % 6}` })}\n`,
      );
    const failures = metricName(verdictSignals.failures, 'prometheus');
    const exposed = async () => samples(await (await page('/metrics')).text());
    const total = (all: Record<string, number>, name: string) =>
      Object.entries(all).reduce((sum, [key, v]) => (key.startsWith(`${name} `) ? sum + v : sum), 0);
    await until(exposed, (all) => total(all, failures) === 10);
    await prometheus.queryUntil(`sum(${failures})`, (s) => s[0]?.value === 10);
    expect((await page('/readyz')).status).toBe(200);
    const names = Object.values(verdictSignals)
      .filter((s) => s.type === 'counter')
      .map((s) => metricName(s, 'prometheus'));
    const local = Object.entries(await exposed()).filter(([key]) => names.some((n) => key.startsWith(`${n} `)));
    const pushed = await prometheus.query(`{__name__=~"${names.join('|')}"}`);
    const remote = pushed.map(({ labels: { __name__, job, instance, ...labels }, value }) => {
      expect(instance).toBe('watch-1');
      expect(job).toBe('vigia');
      const spelled = Object.entries(labels).map(([k, v]) => `${k}="${v}"`);
      return [`${__name__} ${spelled.sort().join(',')}`, value];
    });
    expect(Object.fromEntries(remote)).toEqual(Object.fromEntries(local));
    expect(local.length).toBeGreaterThan(7);
    const gauge = metricName(verdictSignals.windowEnd, 'prometheus');
    const end = await prometheus.queryUntil(gauge, (s) => s.length === 1);
    expect(end[0]?.labels['gateway']).toBe('public.edge');
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('stopped');
  });
});

describe('what a command says of itself', () => {
  const log = join(dir, 'secret-name.log');
  const writeLog = () => writeFileSync(log, `${line({ path: '/secret-path', ...refused })}\n`.repeat(50));

  test('a span and metrics arrive, by HTTP, with the facts and nothing of the log, the file or the question', async () => {
    writeLog();
    const bodies: { path: string; text: string }[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      bodies.push({ path: request.url ?? '', text: Buffer.concat(parts).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code } = await vigia(['triage', log, '--where', 'method!=secret-value', '--fail-on', 'any'], {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    }).ended;
    server.close();
    expect(code).toBe(1);
    const traces = JSON.parse(bodies.find((b) => b.path === '/v1/traces')?.text ?? '{}');
    const span = traces.resourceSpans[0].scopeSpans[0].spans[0];
    expect(span).toMatchObject({ name: 'vigia triage', traceId: '0af7651916cd43dd8448eb211c80319c' });
    const attributes = Object.fromEntries(
      span.attributes.map((a: { key: string; value: object }) => [a.key, Object.values(a.value)[0]]),
    );
    expect(attributes).toMatchObject({
      'vigia.command': 'triage',
      'vigia.source': 'file',
      'vigia.outcome': 'findings',
    });
    expect(Number(attributes['process.exit.code'])).toBe(1);
    expect(Number(attributes['vigia.scanned'])).toBeGreaterThan(1000);
    expect(bodies.find((b) => b.path === '/v1/metrics')?.text).toContain('vigia.command.duration');
    const all = bodies.map((b) => b.text).join('\n');
    for (const secret of ['secret', 'shop/cart', dir, 'bin.ts', '10.0.0.1']) expect(all).not.toContain(secret);
  });

  test('a Collector that is away, or takes the connection and says nothing, fails nothing and costs little', async () => {
    writeLog();
    const silent = createTcpServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const plain = await vigia(['triage', log]).ended;
    for (const [name, env] of Object.entries({
      away: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
      silent: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
      'silent over HTTP': {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      },
    })) {
      const run = await vigia(['triage', log], env).ended;
      expect(run, name).toMatchObject({ code: 0, stdout: plain.stdout, stderr: plain.stderr });
      expect(run.ms - plain.ms, name).toBeLessThan(6000);
    }
    silent.close();
  });

  test('unset or disabled, nothing of OpenTelemetry is loaded', async () => {
    writeLog();
    const loaded = async (env: Readonly<Record<string, string>>): Promise<boolean> => {
      const { stderr } = await vigia(['triage', log], { ...env, NODE_DEBUG: 'esm,module' }).ended;
      expect(stderr).toContain('commander');
      return stderr.includes('@opentelemetry');
    };
    expect(await loaded({})).toBe(false);
    expect(await loaded({ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toBe(false);
    expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toBe(true);
  });
});
