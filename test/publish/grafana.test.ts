import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GrafanaEmulator, tokens } from './emulators/grafana.ts';
import { Place } from './place.ts';

let grafana: GrafanaEmulator;
let place: Place;
const env = { GRAFANA_TOKEN: tokens.editor };
const contract = (more = '', url = grafana.url): string => `version: 1
${more}
kgateway: { version: "2.3" }
environments:
  dev:
    metrics: { to: prometheus, retention: 30d }
    logs: { to: file }
    grafana: { url: "${url}", folder: Edge gateways }
clusters: { dev: { environment: dev } }
gateways: [{ name: edge }]
objectives: [{ name: available, kind: availability, target: 99.5 }]
`;

beforeEach(async () => {
  grafana = await new GrafanaEmulator().start();
  place = new Place();
  place.contract(contract());
});
afterEach(async () => {
  place.end();
  await grafana.stop();
});

const diff = (...args: string[]) => place.run(['diff', ...args], { env, columns: 400 });
const apply = (...args: string[]) => place.run(['apply', '--yes', ...args], { env });
const anUid = (): string => [...grafana.boards.keys()].sort()[0] ?? '';

async function applied(): Promise<string> {
  const first = await apply();
  expect(first, first.err).toMatchObject({ code: 0 });
  return anUid();
}

/** The first panel that asks something, so that there is something to edit. */
const panelOf = (board: Record<string, unknown>) =>
  (
    board['panels'] as { title: string; id: number; type: string; fieldConfig: { defaults: Record<string, unknown> } }[]
  ).find((p) => p.type !== 'row' && p.fieldConfig?.defaults?.['unit'] !== undefined) as {
    title: string;
    id: number;
    fieldConfig: { defaults: Record<string, unknown> };
  };

test('everything is missing, is made, and then there is no drift: nothing is saved a second time', async () => {
  const before = await diff();
  expect(before.code).toBe(1);
  expect(before.out).toContain(
    `grafana ${grafana.url} (dev)\n  + folder vigia-edge-gateways "Edge gateways": not there; \`vigia apply\` makes it\n`,
  );
  const first = await apply();
  expect(first, first.err).toMatchObject({ code: 0 });
  expect(first.err).toMatch(/read back as it was sent[\s\S]*vigia: (\d+) of \1 done\n$/);
  const writes = grafana.writes().length;
  expect(writes).toBe(grafana.boards.size + 1);
  for (const { folderUid, board } of grafana.boards.values()) {
    expect(folderUid).toBe('vigia-edge-gateways');
    expect(board).toMatchObject({ version: 1, editable: false });
  }
  const after = await diff();
  expect(after, after.out).toMatchObject({ code: 0, err: `vigia: ${writes} objects are what the contract says\n` });
  expect(await apply()).toMatchObject({ code: 0, err: 'vigia: nothing to do\n' });
  expect(grafana.writes().length).toBe(writes);
});

test('a save in the UI that changes nothing is no drift', async () => {
  await applied();
  for (const uid of [...grafana.boards.keys()]) grafana.edit(uid, () => {});
  const after = await diff();
  expect(after, after.out).toMatchObject({ code: 0 });
});

test('a person’s edit is told with its panel, is not overwritten unasked, and is with --overwrite', async () => {
  const uid = await applied();
  let panel = { title: '', id: 0 };
  let unit: unknown;
  grafana.edit(uid, (board) => {
    const found = panelOf(board);
    panel = found;
    unit = found.fieldConfig.defaults['unit'];
    found.fieldConfig.defaults['unit'] = 'rps';
  });
  const seen = await diff();
  expect(seen.code).toBe(1);
  expect(seen.out).toContain(`! board ${uid} `);
  expect(seen.out).toContain(
    'edited by alice on 2026-11-22: adopt it (put the change into the contract) or overwrite it',
  );
  expect(seen.out).toContain(`      panel '${panel.title}' (id ${panel.id}): unit rps -> ${unit} (edited)\n`);
  const kept = await apply();
  expect(kept).toMatchObject({ code: 1, err: 'vigia: nothing written; 1 stays as it is, for the reasons above\n' });
  expect(await apply('--overwrite')).toMatchObject({ code: 0 });
  expect(await diff()).toMatchObject({ code: 0 });
});

test('a change of the contract is an older state, not an edit; both at once are told apart, line by line', async () => {
  const uid = await applied();
  const stored = grafana.boards.get(uid);
  // As an older vigia wrote it.
  grafana.store(
    uid,
    { ...stored?.board, description: 'as it was' },
    'vigia-edge-gateways',
    'vigia, contract vigia',
    'sa-1-vigia',
  );
  const outdated = await diff();
  expect(outdated.out).toContain(`~ board ${uid} `);
  expect(outdated.out).toContain('is what an earlier contract said; `vigia apply` renews it');
  expect(outdated.out).toMatch(/ {6}description as it was -> /);
  grafana.edit(uid, (board) => {
    panelOf(board).fieldConfig.defaults['unit'] = 'rps';
  });
  const both = JSON.parse((await diff('-o', 'json')).out);
  const board = both.services[0].objects.find((o: { id: string }) => o.id === uid);
  expect(both).toMatchObject({ version: 'vigia.diff/v1', drift: 1 });
  expect(board).toMatchObject({ state: 'edited', by: 'alice' });
  expect(board.changes.map((c: { what: string; from: string }) => `${c.what} ${c.from}`)).toEqual([
    'description contract',
    'unit edit',
  ]);
});

test('a board that is provisioned is named and not written', async () => {
  const uid = await applied();
  const stored = grafana.boards.get(uid);
  if (stored) stored.provisioned = true;
  expect(await diff()).toMatchObject({ code: 0 });
  if (stored) stored.board['title'] = 'Another';
  const seen = await diff();
  expect(seen.out).toContain('not written: provisioned from gateways/board.json, so the API may not save it');
  expect(await apply('--overwrite')).toMatchObject({ code: 1 });
});

test('somebody saves between plan and write: 412 is told, nothing is lost', async () => {
  const uid = await applied();
  grafana.store(
    uid,
    { ...grafana.boards.get(uid)?.board, description: 'old' },
    'vigia-edge-gateways',
    'vigia, contract vigia',
    'sa-1-vigia',
  );
  grafana.before = (method) => {
    if (method !== 'POST') return;
    grafana.before = () => {};
    grafana.edit(uid, (b) => {
      b['description'] = 'alice’s';
    });
  };
  const said = await apply();
  expect(said.code).toBe(3);
  expect(said.err).toContain('412 somebody saved it meanwhile: The dashboard has been changed by someone else');
  expect(grafana.boards.get(uid)?.board['description']).toBe('alice’s');
});

describe('what is not ours', () => {
  test('a board with our uid and without our tag', async () => {
    const uid = await applied();
    grafana.store(uid, { title: 'Mine', tags: [] }, '', '', 'bob');
    const seen = await diff();
    expect(seen.out).toContain("not vigia's: it lacks the tag vigia");
    expect(await apply()).toMatchObject({ code: 1 });
    expect(grafana.boards.get(uid)?.board['title']).toBe('Mine');
  });

  test('a board of another contract', async () => {
    await applied();
    place.contract(contract('name: other').replace('99.5', '99'));
    const seen = await diff();
    expect(seen.out).toContain("not vigia's: it is of contract vigia");
  });

  test('--prune deletes what this contract left over, and nothing else', async () => {
    await applied();
    const board = (title: string) => ({ title, uid: title, tags: ['vigia'] });
    grafana.store('old', board('old'), '', 'vigia, contract vigia', 'sa-1-vigia');
    grafana.store('others', board('others'), '', 'vigia, contract other', 'sa-1-vigia');
    grafana.store('hand', board('hand'), '', '', 'bob');
    const seen = await diff();
    expect(seen.out).toContain('- board old: the contract no longer asks for it; `vigia apply --prune` deletes it');
    expect(seen.out).not.toMatch(/others|hand/);
    expect(await apply()).toMatchObject({
      code: 0,
      err: 'vigia: nothing written; 1 stays as it is, for the reasons above\n',
    });
    const pruned = await apply('--prune');
    expect(pruned.err).toContain('board old: deleted');
    expect([...grafana.boards.keys()]).toEqual(expect.arrayContaining(['others', 'hand']));
    expect(grafana.boards.has('old')).toBe(false);
    expect(await diff()).toMatchObject({ code: 0 });
  });
});

test('a token that may not read the history: it says so and does not guess', async () => {
  const uid = await applied();
  grafana.historyForbidden = true;
  grafana.edit(uid, (b) => {
    b['description'] = 'x';
  });
  const seen = await diff();
  expect(seen.out).toContain(
    "differs, and who changed it can't be told (the token may not read its history), saved last by alice on",
  );
  expect(await apply()).toMatchObject({ code: 1 });
});

test('a board that somebody moved, and a folder that somebody renamed', async () => {
  const uid = await applied();
  const stored = grafana.boards.get(uid);
  if (stored) stored.folderUid = 'mine';
  grafana.folders.set('vigia-edge-gateways', { title: 'Renamed', version: 2 });
  const seen = await diff();
  expect(seen.out).toContain('      folder mine -> vigia-edge-gateways (edited)\n');
  expect(seen.out).toContain('      title Renamed -> Edge gateways (edited)\n');
  expect(await apply('--overwrite')).toMatchObject({ code: 0 });
  expect(await diff()).toMatchObject({ code: 0 });
});

test('a board saved in the new schema is named and not written', async () => {
  const uid = await applied();
  grafana.store(uid, { title: 'x', elements: { 'panel-1': {} } }, 'vigia-edge-gateways', '', 'alice');
  const seen = await diff();
  expect(seen.out).toContain('not written: somebody saved it in the new schema (v2)');
});

test('at 80 columns nothing is wider', async () => {
  const uid = await applied();
  grafana.edit(uid, (b) => {
    b['description'] = 'x '.repeat(300);
    panelOf(b).fieldConfig.defaults['unit'] = 'y'.repeat(100);
  });
  const seen = await place.run(['diff'], { env, columns: 80 });
  expect(seen.out.split('\n').filter((l) => l.length > 80)).toEqual([]);
  expect(seen.out.replace(/\n +/g, ' ')).toContain('or overwrite it (`vigia apply --overwrite`)');
  // A terminal that does not know its width.
  expect((await place.run(['diff'], { env, columns: 0 })).out).toContain('(`vigia apply --overwrite`)');
});

test('two environments in one Grafana: each by itself, and neither is left over for the other', async () => {
  const dev = contract();
  const line = /^ {2}dev:\n(?: {4}.*\n)+/m.exec(dev)?.[0] ?? '';
  place.contract(
    dev
      .replace(line, `${line}${line.replace('dev:', 'prod:')}`)
      .replace('{ dev: { environment: dev } }', '{ dev: { environment: dev }, prod: { environment: prod } }'),
  );
  expect(await apply('--env', 'prod', '--prune')).toMatchObject({ code: 0 });
  const one = grafana.boards.size;
  expect(await apply('--env', 'dev', '--prune')).toMatchObject({ code: 0 });
  expect(grafana.boards.size).toBe(2 * one);
  expect(await diff()).toMatchObject({ code: 0 });
  // A contract that has only one of them left.
  place.contract(dev);
  const seen = await diff();
  expect(seen.out.match(/^ {2}- board .*the contract no longer asks for it/gm)?.length).toBeGreaterThanOrEqual(one);
});
