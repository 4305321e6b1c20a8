import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from './emulators/faults.ts';
import { GrafanaEmulator, tokens } from './emulators/grafana.ts';
import { Place } from './place.ts';

let grafana: GrafanaEmulator;
let place: Place;
const env = { GRAFANA_TOKEN: tokens.editor };
const environment = (name: string, url: string) =>
  `  ${name}: { metrics: { to: prometheus, retention: 30d }, logs: { to: file }, grafana: { url: "${url}" } }\n`;
const contract = (environments: string): string => `version: 1
kgateway: { version: "2.3" }
environments:
${environments}clusters: { dev: { environment: dev } }
gateways: [{ name: edge }]
`;

beforeEach(async () => {
  grafana = await new GrafanaEmulator().start();
  place = new Place();
  place.contract(contract(environment('dev', grafana.url)));
});
afterEach(async () => {
  place.end();
  await grafana.stop();
});

const saves: Fault['when'] = (method, path) => method === 'POST' && path === '/api/dashboards/db';
const apply = (...args: string[]) => place.run(['apply', '--yes', ...args], { env });
const diff = (...args: string[]) => place.run(['diff', ...args], { env });

test('without a terminal and without --yes it is wrong use; with one it asks, and no is no', async () => {
  expect(await place.run(['apply'], { env })).toMatchObject({
    code: 2,
    err: expect.stringContaining('apply asks before it writes, and there is no terminal to ask on'),
  });
  const asked = await place.run(['apply'], { env, answer: 'n' });
  expect(asked.asked).toMatch(/^vigia: \d+ to write\. Do it\? \[y\/N\] $/);
  expect(asked).toMatchObject({ code: 3, err: 'vigia: nothing written\n' });
  expect(grafana.writes()).toEqual([]);
  expect(await place.run(['apply'], { env, answer: 'y' })).toMatchObject({ code: 0 });
});

test('a missing token is one message, and so is one that no token can be', async () => {
  expect((await place.run(['diff'])).err).toMatch(
    /^vigia: not set: GRAFANA_TOKEN \(a service account's token .*\)\n {7}tokens are read from the environment only/,
  );
  const odd = await place.run(['diff'], { env: { GRAFANA_TOKEN: 'se\u00e9cret' } });
  expect(odd).toMatchObject({ code: 3, err: 'vigia: GRAFANA_TOKEN holds characters that no token has\n' });
});

test('401 and 403 say what to look at; the token is in no word of it', async () => {
  const wrong = await place.run(['diff'], { env: { GRAFANA_TOKEN: 'glsa_wrong' } });
  expect(wrong.code).toBe(3);
  expect(wrong.err).toContain(
    '401 it does not know the token: Invalid API key\n       GRAFANA_TOKEN is wrong or has expired\n',
  );
  expect(wrong.err).not.toContain('glsa_wrong');
  const viewer = await place.run(['apply', '--yes'], { env: { GRAFANA_TOKEN: tokens.viewer } });
  expect(viewer.code).toBe(3);
  expect(viewer.err).toMatch(
    /403 the token may not: .*dashboards:write\n {7}either its service account lacks a permission \(.*\), or it belongs to another organisation/,
  );
});

test('one token is not shown to two Grafanas', async () => {
  place.contract(contract(environment('dev', grafana.url) + environment('prod', 'https://grafana.example.com')));
  const both = await diff();
  expect(both.code).toBe(3);
  expect(both.err).toContain(
    `the environments have 2 addresses for grafana, and a token is for one: ${grafana.url} (dev); https://grafana.example.com (prod)`,
  );
  expect(grafana.seen).toEqual([]);
  expect((await diff('--env', 'dev')).code).toBe(1);
  expect((await diff('--env', 'prd')).err).toContain('did you mean prod?');
});

test('an address that is no Grafana, or a page to log in at', async () => {
  const said = async (answer: { status: number; headers?: Record<string, string> }) => {
    grafana.faults.push({ when: () => true, how: 'instead', answer: { body: undefined, ...answer } });
    return (await diff()).err;
  };
  expect(await said({ status: 302, headers: { location: 'https://sso.example.com/' } })).toContain(
    '302 it sends elsewhere, to https://sso.example.com/',
  );
  expect(await said({ status: 404 })).toContain('404 nothing of Grafana is there');
  const gone = await new GrafanaEmulator().start();
  await gone.stop();
  place.contract(contract(environment('dev', gone.url)));
  expect((await diff()).err).toMatch(
    /^vigia: 127\.0\.0\.1:\d+: connect ECONNREFUSED.*\n {7}is the address right, and reachable from here\?\n$/,
  );
  place.contract(contract(environment('dev', 'http://127.0.0.1:1')));
  expect((await diff()).err).toContain('127.0.0.1:1: bad port');
});

test('a rate limit is waited out for as long as it says', async () => {
  grafana.faults.push({
    when: saves,
    how: 'instead',
    answer: { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '2' } },
  });
  const begun = Date.now();
  const said = await apply();
  expect(said).toMatchObject({ code: 0 });
  expect(said.err).toMatch(/its rate limit is met; waiting 2 s\n/);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(2000);
});

test.each(['after', 'hang up after'] as const)(
  'a save whose answer is lost (%s) is looked for and not done twice',
  async (how) => {
    grafana.faults.push({ when: saves, how, answer: { status: 502, body: 'bad gateway' } });
    const said = await apply();
    expect(said, said.err).toMatchObject({ code: 0 });
    for (const { versions } of grafana.boards.values()) expect(versions.length).toBe(1);
    expect(await diff()).toMatchObject({ code: 0 });
  },
);

test('a save that never arrived is sent again', async () => {
  grafana.faults.push({ when: saves, how: 'hang up' });
  expect(await apply()).toMatchObject({ code: 0 });
  expect(await diff()).toMatchObject({ code: 0 });
});

test('what fails alone does not keep the rest from being done; run again, it goes on where it was', async () => {
  grafana.faults.push({
    when: saves,
    how: 'instead',
    answer: { status: 400, body: { message: 'Dashboard refresh interval is too low' } },
  });
  const first = await apply();
  expect(first.code).toBe(3);
  expect(first.err).toMatch(
    /400 it asks for fresh data too often: Dashboard refresh interval is too low\n.*min_refresh_interval/,
  );
  expect(first.err).toMatch(/vigia: \d+ of \d+ done, 1 failed; run it again to go on\n$/);
  const second = await apply();
  expect(second.err).toMatch(/vigia: 1 of 1 done\n$/);
  expect(await diff()).toMatchObject({ code: 0 });
});

test('Ctrl-C: what is being written is finished and read back, the rest is named as left', async () => {
  let saved = 0;
  grafana.before = (method, path) => {
    if (saves(method, path) && ++saved === 2) place.interrupt();
  };
  const said = await apply();
  expect(said.code).toBe(3);
  expect(said.err).toContain('vigia: stopping after what is being written; once more ends it at once\n');
  expect(said.err).toMatch(/vigia: stopped: 3 of (\d+) done, \d+ not done; run it again to go on\n$/);
  expect(grafana.boards.size).toBe(2);
  grafana.before = () => {};
  expect(await apply()).toMatchObject({ code: 0 });
  expect(await diff()).toMatchObject({ code: 0 });
});

test('Ctrl-C during a wait ends it at once, and nothing is half-written', async () => {
  grafana.faults.push({
    when: saves,
    how: 'instead',
    answer: { status: 429, body: {}, headers: { 'retry-after': '60' } },
  });
  grafana.before = (method, path) => {
    if (saves(method, path)) setTimeout(() => place.interrupt(), 200);
  };
  const begun = Date.now();
  const said = await apply();
  expect(said.err).toMatch(/vigia: stopped: 1 of \d+ done/);
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(grafana.boards.size).toBe(0);
});

test.each([
  ['A dashboard with the same name in the folder already exists', '412 another board of that title is in the folder'],
  ['The dashboard belongs to plugin x.', '412 it belongs to a plugin'],
])('412 is not always an edit: %s', async (message, said) => {
  grafana.faults.push({ when: saves, how: 'instead', answer: { status: 412, body: { message } } });
  expect((await apply()).err).toContain(said);
});

test('what Grafana says is cleaned before a terminal sees it', async () => {
  grafana.faults.push({
    when: () => true,
    how: 'instead',
    answer: { status: 400, body: { message: 'a\u001b[2Jb\nc' } },
  });
  expect((await diff()).err).toContain('a\\x1b[2Jb\\x0ac');
});

test('a contract without an address is wrong use', async () => {
  place.contract(contract('  dev: { metrics: { to: prometheus, retention: 30d }, logs: { to: file } }\n'));
  expect(await diff()).toMatchObject({
    code: 2,
    err: expect.stringContaining("names no Grafana's address and no Datadog account in dev"),
  });
});
