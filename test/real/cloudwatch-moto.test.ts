import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Question } from '../../src/logs/question.ts';
import type { AccessRecord } from '../../src/logs/record.ts';
import { type CloudWatchOptions, cloudwatchSource } from '../../src/logs/sources/cloudwatch.ts';
import type { Found } from '../../src/logs/sources/source.ts';
import { awsEnvironment } from '../contract/sources.ts';
import { shapes } from '../contract/traffic.ts';
import { type Daemon, startDaemon } from './tools/daemon.ts';
import { freePorts } from './tools/ports.ts';

/**
 * moto answers AWS' API by itself, but runs no query language: `filter` and `stats` are ignored, so what is counted is tested against our own
 * emulator (test/contract). Here: the SDK's credentials and signature, the transport, starting, polling and reading rows, unknown groups.
 */
const folder = mkdtempSync(join(tmpdir(), 'vigia-moto-'));
const group = '/gateways/test';
// moto refuses events that are older than two weeks, as AWS does.
const start = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
const question: Question = { from: start, to: start + 3_600_000, where: [] };
let moto: Daemon;
let endpoint: string;

const recordOf = (i: number): AccessRecord => ({
  time: start + i * 1000,
  status: i % 4 === 0 ? 503 : 200,
  flags: i % 4 === 0 ? ['UH'] : [],
  details: i % 4 === 0 ? 'no_healthy_upstream' : 'via_upstream',
  route: 'shop/cart',
  cluster: 'kube_shop_cart_8080',
  duration: i,
  attempts: 1,
  method: 'GET',
  path: '/cart "with" \\ | quotes',
});

beforeAll(async () => {
  const [port] = await freePorts(1);
  endpoint = `http://127.0.0.1:${port}`;
  moto = await startDaemon({
    name: 'moto_server',
    args: ['-H', '127.0.0.1', '-p', String(port)],
    logFile: join(folder, 'moto.log'),
    ready: async () => (await fetch(`${endpoint}/moto-api/`)).ok,
  });
  awsEnvironment(endpoint);
  const client = new CloudWatchLogsClient({});
  await client.send(new CreateLogGroupCommand({ logGroupName: group }));
  await client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 'gw-1' }));
  const shape = shapes[0];
  await client.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName: 'gw-1',
      logEvents: Array.from({ length: 400 }, (_, i) => ({
        timestamp: start + i * 1000,
        message: shape?.message({ time: start + i * 1000, line: '', record: recordOf(i) }) ?? '',
      })),
    }),
  );
  client.destroy();
});

afterAll(async () => {
  await moto?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const source = (options: Partial<CloudWatchOptions> = {}) =>
  cloudwatchSource({
    groups: [group],
    region: undefined,
    profile: undefined,
    role: undefined,
    maxScan: undefined,
    overrides: {},
    signal: new AbortController().signal,
    ...options,
  });

test('the lines of a window: signed, started, polled, decoded, in order', async () => {
  const found: Found[] = [];
  const report = await source().read({ question, failing: false, follow: undefined, take: (f) => found.push(f) > 0 });
  expect(report).toMatchObject({ lines: 400, rejects: 0, firstReject: undefined });
  // moto reports no statistics.
  expect(report.notes?.[0]).toMatch(/^\d queries|^1 query$/);
  expect(found).toHaveLength(400);
  for (const [i, f] of [...found].sort((a, b) => (a.record.time ?? 0) - (b.record.time ?? 0)).entries()) {
    const { time, status, flags, details, route, path } = recordOf(i);
    expect(f.record).toMatchObject({ time, status, flags, details, route, path });
    expect(f.place).toEqual({ file: '/gateways/test gw-1', line: 0 });
  }
});

test('a glob finds the group, and one that is not there is named with the nearest', async () => {
  const found: Found[] = [];
  await source({ groups: ['/gateways/*'] }).read({
    question,
    failing: false,
    follow: undefined,
    take: (f) => found.push(f) < 3,
  });
  expect(found).toHaveLength(3);
  await expect(source({ groups: ['/gateways/tset'] }).count(question)).rejects.toMatchObject({
    message: '/gateways/tset: no such log group in us-east-1',
    hint: 'did you mean /gateways/test?',
  });
});

test('the fields are learned where GetLogGroupFields is not served, and the query is written for them', async () => {
  const [counting] = await source().queries(question);
  expect(counting?.beside).toContain(`log groups: ${group}`);
  expect(counting?.text).toContain('attributes.http.response.status_code');
  expect(counting?.text).toContain('attributes.vigia.duration_bucket');
});

test('a role is assumed through STS before anything is asked', async () => {
  process.env['AWS_ENDPOINT_URL_STS'] = endpoint;
  const found: Found[] = [];
  await source({ role: 'arn:aws:iam::123456789012:role/logs' }).read({
    question,
    failing: false,
    follow: undefined,
    take: (f) => found.push(f) < 2,
  });
  expect(found).toHaveLength(2);
});

test('no credentials: one message with what was tried', async () => {
  const kept = { ...process.env };
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  try {
    await expect(source().count(question)).rejects.toMatchObject({
      message: 'no AWS credentials: Could not load credentials from any providers',
      hint: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
  } finally {
    Object.assign(process.env, kept);
  }
});
