import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Question } from '../src/logs/question.ts';
import { type LokiOptions, lokiSource } from '../src/logs/sources/loki.ts';
import { atOnce } from './contract/sources.ts';
import { run } from './generate/program.ts';

/** How Loki says no: an EMULATOR OF OURS of its refusals, which are plain text. test/real/sources has the real one. */
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const now = Date.parse('2026-11-20T10:00:00Z');
const question: Question = { from: now - 3_600_000, to: now, where: [] };

async function answering(
  answer: (response: ServerResponse, path: string, call: number) => void,
  options: Partial<LokiOptions> = {},
) {
  const requests: IncomingMessage[] = [];
  server = createServer((request, response) => {
    requests.push(request);
    request.resume().on('end', () => answer(response, request.url ?? '', requests.length));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = lokiSource({
    ...{ url, tenant: undefined, auth: { kind: 'none' }, selector: { a: ['b'] }, maxScan: undefined, overrides: {} },
    ...{ signal: new AbortController().signal, clock: { ...atOnce, now: () => now + 3_600_000 } },
    ...options,
  });
  return { source, requests, url };
}

const no = (status: number, text: string) => (response: ServerResponse) => void response.writeHead(status).end(text);

test.each([
  [401, 'no org id', /lets nobody in like that \(401\): no org id/, /it wants a tenant: --tenant NAME/],
  [401, 'Unauthorized', /\(401\): Unauthorized/, /LOKI_BEARER_TOKEN, or LOKI_USERNAME and LOKI_PASSWORD/],
  [403, 'Forbidden', /\(403\): Forbidden/, /LOKI_BEARER_TOKEN/],
  [404, '404 page not found', /no Loki there \(404\)/, /without \/loki\/api\/v1/],
  [
    400,
    'the query time range exceeds the limit (query length: 800h, limit: 721h)',
    /exceeds the limit/,
    /a shorter window/,
  ],
] as const)('%i %s: what it is, and what to do', async (status, text, message, hint) => {
  const { source, requests } = await answering(no(status, text));
  await expect(source.count(question)).rejects.toMatchObject({
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
    passing: false,
  });
  expect(requests).toHaveLength(1);
});

test('too busy is waited out, for a while', async () => {
  const { source, requests } = await answering(no(429, 'too many outstanding requests'));
  await expect(source.count(question)).rejects.toMatchObject({
    message: expect.stringMatching(/is too busy \(429\): too many outstanding requests/),
    passing: true,
  });
  expect(requests).toHaveLength(6);
});

test('a redirect is not followed: a token must not go where nobody sent it', async () => {
  const { source, requests } = await answering(
    (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/login' }).end(),
    { auth: { kind: 'bearer', token: 'secret' }, tenant: 'team-a' },
  );
  await expect(source.count(question)).rejects.toThrow(/can't be reached: unexpected redirect/);
  expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'x-scope-orgid': 'team-a' });
});

const stream = { stream: { http_response_status_code: '503' }, values: [[`${now - 1_000}000000`, 'x']] };

test('the volume is asked before, and a window beyond --max-scan is not read', async () => {
  const { source, requests } = await answering(
    (response, path) => {
      const volume = { data: { result: [{ metric: {}, value: [0, '7000000000'] }] } };
      response.end(JSON.stringify(path.endsWith('/volume') ? volume : { data: { result: [stream] } }));
    },
    { maxScan: 5e9 },
  );
  await expect(source.count(question)).rejects.toThrow(
    /about 7\.00 GB are stored for the window.*more than --max-scan allows \(5 GB\); nothing was asked/,
  );
  expect(requests.map((r) => r.url?.split('/').at(-1))).toEqual(['query_range', 'volume']);
});

test.each([
  [['--source', 'loki'], '--source loki: no address'],
  [['--source', 'loki', '--loki-url', 'http://u:p@h'], '--loki-url http://***@h: not a URL'],
  [['--source', 'loki', '--loki-url', 'http://h'], '--source loki: which streams?'],
  [['--source', 'loki', '--loki-url', 'http://h', '--label', 'a=*'], '--label: nothing but *'],
  [['--source', 'datadog', '--tag', 'a:b'], 'DD_API_KEY and DD_APP_KEY not set'],
] as const)('%j says what is missing', async (args, message) => {
  const { code, err } = await run('.', ['triage', ...args]);
  expect([code, err.includes(message)], err).toEqual([2, true]);
});
