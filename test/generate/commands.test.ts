import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFiles } from '../../src/cli/write-files.ts';
import { root, run, Workplace } from './program.ts';

const contract = `version: 1
kgateway: { version: "2.3" }
environments: { dev: { metrics: { to: prometheus, retention: 30d }, logs: { to: file } } }
clusters: { dev: { environment: dev } }
gateways:
  - { name: edge }
  - { name: inner, namespace: shop }
`;
const edge = 'kgateway/dev/gateways/edge.kgateway-system.yaml';
const inner = 'kgateway/dev/gateways/inner.shop.yaml';
const before = 'kgateway/dev/before/collector.yaml';
const monitors = 'kgateway/dev/monitors/pod-monitors.yaml';
const only = ['--only', 'kgateway'] as const;

let place: Workplace;
beforeEach(async () => {
  place = new Workplace();
  place.write('vigia.yaml', contract);
});
afterEach(() => place.end());

const generated = async () => expect(await place.run('generate', ...only)).toMatchObject({ code: 0 });

test('writes everything, then nothing; sha256sum can check it', async () => {
  const first = await place.run('generate', ...only);
  expect(first).toMatchObject({ code: 0, out: [before, edge, inner, monitors].map((f) => `+ ${f}\n`).join('') });
  expect(place.files()).toEqual([before, edge, inner, monitors, 'vigia.sha256', 'vigia.yaml']);
  const again = await place.run('generate', ...only);
  expect(again).toEqual({ code: 0, out: '', err: 'vigia: 0 written, 0 removed, 4 already as the contract has them\n' });
  expect(await place.run('check', ...only)).toEqual({
    code: 0,
    out: '',
    err: 'vigia: 4 files are what the contract says\n',
  });
  expect(execFileSync('sha256sum', ['-c', 'vigia.sha256'], { cwd: place.dir, encoding: 'utf8' })).toContain(
    `${edge}: OK`,
  );
});

test("the repository's own generated folders are what its small contract says; `npm run -s vigia -- generate -c` renews them", async () => {
  const own = await run(root, ['check', '-c', 'examples/contracts/small/vigia.yaml']);
  expect(own, own.out).toMatchObject({ code: 0, out: '' });
});

test('before the first time everything is missing', async () => {
  const { code, out } = await place.run('check', ...only);
  expect(code).toBe(1);
  expect(out.split('\n')[0]).toBe(`${before}: not there; \`vigia generate\` writes it`);
});

test('a changed contract: outdated files are named with their line, and renewed', async () => {
  await generated();
  place.edit('vigia.yaml', 'version: "2.3"', 'version: "2.2"');
  const checked = await place.run('check', ...only);
  expect(checked.code).toBe(1);
  expect(checked.out).toMatch(
    new RegExp(`^${edge}:\\d+: is what an earlier contract said; \`vigia generate\` renews it$`, 'm'),
  );
  expect((await place.run('generate', ...only)).out).toBe(`~ ${edge}\n~ ${inner}\n`);
  expect((await place.run('check', ...only)).code).toBe(0);
});

test('a gateway that is gone from the contract is drift, and its file goes', async () => {
  await generated();
  place.edit('vigia.yaml', '  - { name: inner, namespace: shop }\n', '');
  const checked = await place.run('check', ...only);
  expect(checked.out).toContain(`${inner}: the contract no longer asks for it; \`vigia generate\` removes it\n`);
  expect((await place.run('generate', ...only)).out).toContain(`- ${inner}\n`);
  expect(place.files()).not.toContain(inner);
  expect(place.read('vigia.sha256')).not.toContain(inner);
});

describe("somebody's work is not lost", () => {
  test('a file edited by hand: named, nothing at all is written, --force drops the edit', async () => {
    await generated();
    place.edit(edge, 'logName: access', 'logName: mine');
    place.edit('vigia.yaml', 'version: "2.3"', 'version: "2.2"');
    const files = place.files().map((f) => place.read(f));
    const refused = await place.run('generate', ...only);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(new RegExp(`^${edge}:\\d+: edited by hand; move the change into the contract`, 'm'));
    expect(refused.err).toContain('nothing written');
    expect(place.files().map((f) => place.read(f))).toEqual(files);
    expect(await place.run('generate', '--force', ...only)).toMatchObject({ code: 0, out: `~ ${edge}\n~ ${inner}\n` });
    expect(place.read(edge)).not.toContain('logName: mine');
  });

  test('an edit that the contract now says too is no edit any more', async () => {
    await generated();
    const was = place.read(edge);
    place.edit('vigia.yaml', 'version: "2.3"', 'version: "2.2"');
    await generated();
    place.write(edge, was);
    place.edit('vigia.yaml', 'version: "2.2"', 'version: "2.3"');
    expect(await place.run('generate', ...only)).toMatchObject({ code: 0, out: `~ ${inner}\n` });
  });

  test('a file that vigia did not write, in the way', async () => {
    place.write(edge, 'kind: Mine\n');
    const refused = await place.run('generate', ...only);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(`${edge}:1: not written by vigia; move it elsewhere`);
    expect(place.files()).toEqual([edge, 'vigia.yaml']);
  });

  test('a left-over file that was edited stays until forced', async () => {
    await generated();
    place.edit(inner, 'logName: access', 'logName: mine');
    place.edit('vigia.yaml', '  - { name: inner, namespace: shop }\n', '');
    expect((await place.run('generate', ...only)).err).toContain(
      `${inner}: the contract no longer asks for it, and it is not`,
    );
    expect(place.files()).toContain(inner);
    expect((await place.run('generate', '--force', ...only)).out).toContain(`- ${inner}\n`);
  });

  test("without the ledger, files as the contract has them are taken over, and a left-over one with vigia's banner is told", async () => {
    await generated();
    place.remove('vigia.sha256');
    const forgotten = await place.run('check', ...only);
    expect(forgotten).toMatchObject({
      code: 1,
      out: 'vigia.sha256: not as vigia wrote it; `vigia generate` renews it\n',
    });
    place.edit('vigia.yaml', '  - { name: inner, namespace: shop }\n', '');
    expect((await place.run('check', ...only)).out).toContain(
      `${inner}: the contract no longer asks for it, and it is not as`,
    );
    place.write('kgateway/README.md', 'not generated\n');
    expect((await place.run('check', ...only)).out).not.toContain('README');
  });

  test('a ledger that leads elsewhere removes nothing', async () => {
    await generated();
    place.write('vigia.sha256', `${'0'.repeat(64)}  kgateway/../../outside\n`);
    const refused = await place.run('generate', ...only);
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('vigia.sha256:1: not a SHA-256, two blanks and a path below this folder');
  });
});

describe('all or nothing', () => {
  test('what can not be written beside its place stops everything before it begins', async () => {
    await generated();
    place.edit('vigia.yaml', 'version: "2.3"', 'version: "2.2"');
    // A folder in the file's way fails for every user, root included.
    place.write(`${inner}.vigia-part/file`, '');
    const was = place.read(edge);
    const failed = await place.run('generate', ...only);
    expect(failed.code).toBe(3);
    expect(failed.err).toContain('nothing written: EISDIR');
    expect(place.read(edge)).toBe(was);
    expect(place.files().filter((f) => f.endsWith('.vigia-part'))).toEqual([]);
  });

  test('what fails half way is undone: written, added and removed files are as before', () => {
    const at = (path: string) => join(place.dir, path);
    for (const path of ['old', 'gone', 'folder/file']) place.write(path, path);
    const changes = [
      { path: at('old'), content: 'changed' },
      { path: at('new'), content: 'new' },
      { path: at('gone'), content: undefined },
      { path: at('folder'), content: 'a file where a folder is' },
    ];
    expect(() => writeFiles(changes)).toThrow('EISDIR');
    expect(place.files()).toEqual(['folder/file', 'gone', 'old', 'vigia.yaml']);
    expect(['old', 'gone'].map((f) => place.read(f))).toEqual(['old', 'gone']);
  });
});

describe('generators', () => {
  test('one on request stays once it was asked for', async () => {
    await generated();
    expect((await place.run('check')).out).not.toContain('envoy/');
    expect((await place.run('generate', '--only', 'envoy')).out).toContain('+ envoy/dev/edge.kgateway-system.yaml\n');
    place.edit('vigia.yaml', 'version: "2.3"', 'version: "2.2"');
    const { out } = await place.run('check');
    expect(out).toContain('envoy/dev/edge.kgateway-system.yaml:');
    expect(out).toContain(`${edge}:`);
  });

  test('a misspelt one is corrected', async () => {
    const wrong = await place.run('generate', '--only', 'kgatway');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('kgateway');
  });

  test('--out holds folders and ledger', async () => {
    await place.run('generate', '--out', 'made', ...only);
    expect(place.files()).toContain(`made/${edge}`);
    expect(await place.run('check', '--out', 'made', ...only)).toMatchObject({ code: 0 });
    place.remove('made/vigia.sha256');
    place.edit('vigia.yaml', '  - { name: inner, namespace: shop }\n', '');
    expect((await place.run('check', '--out', './made/', ...only)).out).toContain(
      `made/${inner}: the contract no longer`,
    );
  });
});

test.each([
  [['generate', '-c', 'nowhere.yaml'], 3, 'nowhere.yaml: no such file'],
  [['generate', 'vigia.yaml'], 2, 'generate takes no "vigia.yaml"'],
  [['check', 'vigia.yaml'], 2, 'check takes no "vigia.yaml"'],
  [['check', '--manifests', 'nowhere'], 3, 'nowhere: no such file or folder'],
])('%j is told what is wrong', async (args, code, message) => {
  const { code: ended, err } = await place.run(...args);
  expect(ended).toBe(code);
  expect(err).toContain(message);
});

test('manifests that would take a Gateway down: refused, with the remedy; what is only lost is a note', async () => {
  const service = (port: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: vigia-collector, namespace: vigia }\nspec: { ports: [${port}] }\n`;
  place.write('deploy/collector.yaml', service('{ port: 4317 }'));
  const refused = await place.run('generate', '--manifests', 'deploy', ...only);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('vigia: refused: ListenerPolicy kgateway-system/edge-vigia: sends OTLP to port 4317');
  expect(refused.err).toContain('set appProtocol: grpc there');
  expect(place.files()).toEqual(['deploy/collector.yaml', 'vigia.yaml']);
  place.write('deploy/collector.yaml', service('{ port: 4317, appProtocol: grpc }'));
  place.write(
    'deploy/gateway.yaml',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: edge, namespace: kgateway-system }\n',
  );
  const noted = await place.run('generate', '--manifests', 'deploy', ...only);
  expect(noted.code).toBe(0);
  expect(noted.err).toContain('vigia: note: Gateway kgateway-system/edge: names no GatewayParameters');
  expect(await place.run('check', '--manifests', 'deploy', ...only)).toMatchObject({ code: 0, out: '' });
});

test('an invalid contract writes nothing', async () => {
  place.edit('vigia.yaml', 'gateways:', 'gatways:');
  const wrong = await place.run('generate');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('did you mean gateways?');
  expect(place.files()).toEqual(['vigia.yaml']);
});
