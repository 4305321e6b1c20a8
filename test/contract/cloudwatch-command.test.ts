import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportSchema } from '../../src/report/schema.ts';
import { Workplace } from '../generate/program.ts';
import { type CloudWatch, type Event, startCloudWatch } from './cloudwatch/server.ts';
import { awsEnvironment } from './sources.ts';
import { recorded, shapes } from './traffic.ts';

const contract = `
version: 1
kgateway: { version: "2.4" }
environments:
  prod:
    metrics: { to: prometheus }
    logs: { to: cloudwatch, group: /gateways/prod, region: eu-west-1 }
    traces: { to: none }
  dev:
    metrics: { to: prometheus }
    logs: { to: file }
    traces: { to: none }
clusters:
  prod-eu: { environment: prod }
  dev: { environment: dev }
gateways:
  - { name: edge, namespace: gateways }
`;

let server: CloudWatch;
let events: readonly Event[] = [];
const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));
const place = new Workplace();
const window = ['--from', '2026-11-20T09:00', '--to', '2026-11-20T09:30'];

beforeAll(async () => {
  const shape = shapes[0] as (typeof shapes)[number];
  events = recorded(Date.parse('2026-11-20T09:00:00Z'), Date.parse('2026-11-20T09:30:00Z')).map((r) => ({
    timestamp: r.time,
    message: shape.message(r),
    stream: r.record.pod ?? 'pod',
  }));
  server = await startCloudWatch(
    [
      { name: '/gateways/prod', events },
      { name: '/gateways/secret', events },
    ],
    { denied: ['/gateways/secret'] },
  );
  awsEnvironment(server.endpoint);
  place.write('vigia.yaml', contract);
});
afterAll(async () => {
  await server.stop();
  place.end();
});

describe('vigia triage', () => {
  test('--cluster is enough: the contract says store, group and region', async () => {
    const { code, out, err } = await place.run('triage', '--cluster', 'prod-eu', ...window);
    expect(code).toBe(0);
    expect(out).toContain('no-healthy-upstream');
    expect(out).toContain('CloudWatch Logs /gateways/prod:');
    expect(out).toMatch(/[2-7] queries, [\d.]+ MB scanned \(less than 0\.01 USD\)/);
    expect(out).toContain('counts are exact');
    expect(err).toMatch(/^vigia: about .* to scan \(less than 0\.01 USD\), judged by the size of the log group\n$/);
  });

  test('-o json holds to the schema and says what the store did', async () => {
    const { code, out } = await place.run(
      'triage',
      '--source',
      'cloudwatch',
      '--log-group',
      '/gateways/*',
      ...window,
      '-o',
      'json',
      '--fail-on',
      'partial',
    );
    expect(code).toBe(3);
    const report = reportSchema.parse(JSON.parse(out));
    expect(report.precision).toBe('approximate');
    expect(report.reading.store).toMatchObject({
      name: 'cloudwatch',
      from: ['/gateways/prod', '/gateways/secret'],
      window: { from: '2026-11-20T09:00:00.000Z', to: '2026-11-20T09:30:00.000Z' },
      missing: [{ what: '/gateways/secret', reason: expect.stringContaining('access denied') }],
    });
    expect(report.samples.every((s) => s.line === 0 && s.file.startsWith('/gateways/prod '))).toBe(true);
  });

  test('the same findings end with the same codes as from files', async () => {
    expect((await place.run('triage', '--cluster', 'prod-eu', ...window, '--fail-on', 'side=backend')).code).toBe(1);
    expect(
      (await place.run('triage', '--cluster', 'prod-eu', ...window, '--fail-on', 'side=gateway,partial')).code,
    ).toBe(0);
    expect((await place.run('triage', '--cluster', 'prod-eu', ...window, '--fail-on', 'any,partial')).code).toBe(1);
  });

  test('markdown and HTML say where the numbers are from', async () => {
    const md = await place.run('triage', '--cluster', 'prod-eu', ...window, '-o', 'markdown');
    expect(md.out).toMatch(/Read: CloudWatch Logs \/gateways\/prod: [\d,]+ records counted/);
    const html = await place.run('triage', '--cluster', 'prod-eu', ...window, '-o', 'html');
    expect(html.out).toContain('CloudWatch Logs /gateways/prod');
    expect(html.out).toContain('records counted</a>');
    expect(html.out).not.toContain('<caption>Files</caption>');
  });

  test('without a window it is the last hour, which is said', async () => {
    const { code, err } = await place.run('triage', '--cluster', 'prod-eu');
    expect(code).toBe(3);
    expect(err).toContain('vigia: no beginning given: the hour before now');
    expect(err).toContain('/gateways/prod: no record in the window to learn the fields from');
  });
});

test('vigia logs: decoded lines, each with its verdict', async () => {
  const { code, out } = await place.run(
    'logs',
    '--cluster',
    'prod-eu',
    ...window,
    '--side',
    'backend',
    '--limit',
    '3',
    '-o',
    'json',
  );
  expect(code).toBe(0);
  const lines = out
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l) as { side: string; file: string });
  expect(lines).toHaveLength(3);
  expect(lines.every((l) => l.side === 'backend' && l.file.startsWith('/gateways/prod '))).toBe(true);
});

test('vigia query: prints the queries and starts none', async () => {
  const before = server.seen.calls.filter((c) => c.operation === 'StartQuery').length;
  const { code, out } = await place.run('query', '--show', '--cluster', 'prod-eu', ...window, '--route', 'shop/*');
  expect(code).toBe(0);
  expect(out.match(/^# region: eu-west-1$/gm)).toHaveLength(3);
  expect(out).toContain('attributes.envoy.route_name like /(?s)^shop\\x2F.*$/');
  expect(server.seen.calls.filter((c) => c.operation === 'StartQuery').length).toBe(before);
});

/** The program as a process of its own. */
function spawned(args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...args], {
    cwd: place.dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (d) => {
    err += d;
  });
  child.stdout.resume();
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, err }));
  return { child, ended };
}

test.each(['triage', 'logs'])(
  'Ctrl-C: vigia %s ends the queries that run in CloudWatch, and says so',
  async (command) => {
    const slow = await startCloudWatch([{ name: '/gateways/prod', events }], { running: 1000 });
    const asked = (operation: string) => slow.seen.calls.filter((c) => c.operation === operation);
    const { child, ended } = spawned([command, '--cluster', 'prod-eu', ...window], {
      ...process.env,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: slow.endpoint,
    });
    await expect.poll(() => asked('GetQueryResults').length, { timeout: 20_000 }).toBeGreaterThan(1);
    child.kill('SIGINT');
    const { code, err } = await ended;
    await slow.stop();
    expect(code).toBe(3);
    expect(err).toContain('vigia: stopped: what ran in CloudWatch was ended');
    expect(slow.seen.stopped).toHaveLength(asked('StartQuery').length);
  },
);

test('no credentials: one message, with what was tried', async () => {
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = process.env;
  const { code, err } = await spawned(['triage', '--cluster', 'prod-eu', ...window], env).ended;
  expect(code).toBe(3);
  expect(err).toMatch(
    /^vigia: no AWS credentials: .*\n {7}tried in this order: environment \(AWS_ACCESS_KEY_ID\), .*\n$/,
  );
});

test('--live says how a store is followed, and nothing else', async () => {
  const { code, err } = await place.run('logs', '--cluster', 'prod-eu', '--live');
  expect([code, err]).toEqual([
    2,
    'vigia: --live says how a store is followed\n       --follow, and --source or --cluster\n',
  ]);
});

test.each([
  [['triage', '--cluster', 'prod-us'], 2, '--cluster prod-us: not in vigia.yaml\n       did you mean prod-eu?'],
  [['triage', '--cluster', 'dev'], 2, "environment dev stores its logs in file, which vigia can't ask"],
  [['triage', '--cluster', 'prod-eu', 'access.log'], 2, 'access.log: a file, and --source cloudwatch reads none'],
  [
    ['triage', '--cluster', 'prod-eu', '--source', 'file'],
    2,
    '--cluster says where the logs are, and --source file reads files',
  ],
  [['triage', '--cluster', 'prod-eu', '-c', 'none.yaml'], 3, 'none.yaml: no such file'],
  [['triage', '--source', 'cloudwatch'], 2, '--source cloudwatch: no log group'],
  [['triage', '--source', 'cloudwach'], 2, 'did you mean cloudwatch?'],
  [['triage', '--cluster', 'prod-eu', '--max-scan', '20'], 2, '--max-scan 20: not a size'],
  [
    ['triage', '--cluster', 'prod-eu', '--max-scan', '1B', ...window],
    3,
    'more than --max-scan allows (1 B); nothing was asked',
  ],
  [
    ['triage', '--cluster', 'prod-eu', '--route', 'x'.repeat(20_000), ...window],
    3,
    "CloudWatch's query language can't express this question",
  ],
  [['query'], 2, 'no store to write queries for'],
] as const)('%j', async (args, code, message) => {
  const said = await place.run(...args);
  expect(said.err).toContain(message);
  expect(said.code).toBe(code);
});
