import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../src/contract/model.ts';
import { type Consent, carryOut, type Outcome, steps } from '../../src/publish/apply.ts';
import { datadogClient } from '../../src/publish/datadog/client.ts';
import { datadogService } from '../../src/publish/datadog/service.ts';
import { exchange } from '../../src/publish/http.ts';
import { type Patience, patient } from '../../src/publish/patience.ts';
import type { Plan } from '../../src/publish/plan.ts';
import { planText } from '../../src/publish/tell.ts';
import type { Destination, Wanted } from '../../src/publish/wanted.ts';
import { documents } from './documents.ts';
import { DatadogEmulator, type DatadogKind, keys } from './emulators/datadog.ts';

let datadog: DatadogEmulator;
let waits: number[];
beforeEach(async () => {
  datadog = await new DatadogEmulator().start();
  waits = [];
});
afterEach(() => datadog.stop());

const patience: Patience = {
  stop: { asked: false, promise: new Promise(() => {}) },
  pause: async (ms) => void waits.push(ms),
  now: () => 0,
  waiting: () => {},
};

async function service(wanted: readonly Wanted[], { app = keys.app, contract = 'shop' } = {}) {
  const destination: Destination = {
    service: 'datadog',
    address: 'datadoghq.eu',
    environments: [{ name: 'prod' } as Environment],
    documents: wanted,
    metrics: [],
    kept: new Set(wanted.map((w) => `${w.kind} ${w.id}`)),
  };
  const client = await datadogClient({ url: datadog.url, apiKey: keys.api, appKey: app }, patient(exchange, patience));
  return datadogService(destination, contract, client, patience);
}

const diff = async (wanted: readonly Wanted[] = documents('shop')): Promise<Plan> => (await service(wanted)).plan();
const text = async (wanted?: readonly Wanted[]): Promise<string> => planText(await diff(wanted), 400);
const states = (plan: Plan) => Object.fromEntries(plan.items.map((i) => [`${i.kind} ${i.id}`, i.state]));

async function apply(wanted: readonly Wanted[] = documents('shop'), consent: Partial<Consent> = {}): Promise<Outcome> {
  const one = await service(wanted);
  const plan = await one.plan();
  return carryOut(steps([[one, plan]], { overwrite: false, prune: false, ...consent }), patience, () => {});
}

async function applied(): Promise<void> {
  const outcome = await apply();
  expect(outcome.failed.map((f) => f.trouble.message)).toEqual([]);
}

/** The stored object of a kind with this id of ours. */
function idOf(kind: DatadogKind, id: string): string {
  const found = [...datadog.stored[kind]].find(([, o]) => JSON.stringify(o).includes(`shop/${id}`));
  return found?.[0] ?? `no ${kind} ${id}`;
}

/** The same documents with one of them changed: a newer contract. */
function changed(id: string, change: (document: Record<string, unknown>) => void): Wanted[] {
  return documents('shop').map((w) => {
    if (w.id !== id) return w;
    const document = structuredClone(w.document) as Record<string, unknown>;
    change(document);
    return { ...w, document: document as Wanted['document'] };
  });
}

const allStates = (state: string) => ({
  'slo available': state,
  'monitor burn-fast': state,
  'monitor no-healthy-upstream': state,
  'monitor quiet': state,
  'dashboard overview': state,
});

test('everything is missing, is made in order with the live ids, and then there is no drift and nothing is written', async () => {
  expect(states(await diff())).toEqual(allStates('missing'));
  await applied();
  expect(datadog.writes().map((w) => `${w.method} ${w.path}`)).toEqual([
    'POST /api/v1/slo',
    'POST /api/v1/monitor',
    'POST /api/v1/monitor',
    'POST /api/v1/monitor',
    'POST /api/v1/dashboard',
  ]);
  const slo = idOf('slo', 'available');
  const [part, quiet] = ['no-healthy-upstream', 'quiet'].map((id) => idOf('monitor', id));
  expect(datadog.stored.monitor.get(idOf('monitor', 'burn-fast'))?.['query']).toBe(`${part} && !${quiet}`);
  expect(JSON.stringify(datadog.stored.dashboard.get(idOf('dashboard', 'overview')))).toContain(`"slo_id":"${slo}"`);
  expect(states(await diff())).toEqual(allStates('same'));
  expect((await apply()).done).toEqual([]);
  expect(datadog.writes().length).toBe(5);
});

test('defaults that nobody has heard of are sealed when they are written, and are no drift then', async () => {
  datadog.novelty = true;
  await applied();
  expect(states(await diff())).toEqual(allStates('same'));
  const writes = datadog.writes().length;
  expect((await apply()).done).toEqual([]);
  // A newer contract on top of them is a plain change, not an edit.
  const newer = changed('overview', (d) => {
    d['title'] = 'Gateways';
  });
  expect(states(await diff(newer))).toEqual({ ...allStates('same'), 'dashboard overview': 'outdated' });
  const outcome = await apply(newer);
  expect(outcome.failed.map((f) => f.trouble.message)).toEqual([]);
  expect(states(await diff(newer))).toEqual(allStates('same'));
  expect(datadog.writes().length).toBeGreaterThan(writes);
});

describe('a person’s edit', () => {
  test.each<[string, DatadogKind, string, (o: Record<string, unknown>) => void, string]>([
    [
      'of a title in a group',
      'dashboard',
      'overview',
      (o) => {
        const [group] = o['widgets'] as { definition: { widgets: { definition: Record<string, unknown> }[] } }[];
        if (group?.definition.widgets[0]) group.definition.widgets[0].definition['show_legend'] = false;
      },
      "      widget timeseries 'Requests' in group 'Traffic': show_legend false -> true (edited)\n",
    ],
    [
      'a widget more',
      'dashboard',
      'overview',
      (o) => {
        (o['widgets'] as unknown[]).push({ id: 9, definition: { type: 'note', content: 'mine' } });
      },
      '(edited)\n',
    ],
    [
      'of a threshold',
      'monitor',
      'no-healthy-upstream',
      (o) => {
        (o['options'] as { thresholds: Record<string, number> }).thresholds['critical'] = 50;
      },
      '      options.thresholds.critical 50 -> 5 (edited)\n',
    ],
    [
      'a warning more',
      'monitor',
      'no-healthy-upstream',
      (o) => {
        (o['options'] as { thresholds: Record<string, number> }).thresholds['warning'] = 2;
      },
      '      options.thresholds.warning 2 -> (none) (edited)\n',
    ],
    [
      'a priority where there was none',
      'monitor',
      'no-healthy-upstream',
      (o) => {
        o['priority'] = 4;
      },
      '      priority 4 -> (none) (edited)\n',
    ],
    [
      'a tag more',
      'monitor',
      'burn-fast',
      (o) => {
        (o['tags'] as string[]).push('owner:bob');
      },
      '      tag owner:bob -> (none) (edited)\n',
    ],
    [
      'of a target',
      'slo',
      'available',
      (o) => {
        (o['thresholds'] as Record<string, number>[])[0] = { timeframe: '30d' as unknown as number, target: 95 };
      },
      '      thresholds.30d.target 95 -> 99.9 (edited)\n',
    ],
  ])('%s is told, kept, and overwritten only when asked', async (_, kind, id, change, line) => {
    await applied();
    datadog.edit(kind, idOf(kind, id), change);
    const told = await text();
    expect(told).toContain('edited on 2026-11-25: adopt it');
    expect(told).toContain(line);
    expect((await apply()).done).toEqual([]);
    const outcome = await apply(undefined, { overwrite: true });
    expect(outcome.failed.map((f) => f.trouble.message)).toEqual([]);
    expect(outcome.done.length).toBe(1);
    expect(states(await diff())).toEqual(allStates('same'));
  });

  test('and a newer contract at once: it is not overwritten unasked', async () => {
    await applied();
    datadog.edit('monitor', idOf('monitor', 'burn-fast'), (o) => {
      o['name'] = 'Mine';
    });
    const newer = changed('burn-fast', (d) => {
      d['message'] = 'New words.';
    });
    expect(await text(newer)).toContain(
      'edited on 2026-11-25 (the contract changed as well, and which is which can not be told)',
    );
    expect((await apply(newer)).done).toEqual([]);
  });
});

test('a mute, a state and whatever else the server sets is no drift', async () => {
  await applied();
  datadog.edit('monitor', idOf('monitor', 'burn-fast'), (o) => {
    o['overall_state'] = 'Alert';
    o['matching_downtimes'] = [{ id: 1 }];
    (o['options'] as Record<string, unknown>)['silenced'] = { '*': null };
  });
  expect(states(await diff())).toEqual(allStates('same'));
});

test('an objective that was deleted by hand: it is made anew, and what points at it follows', async () => {
  await applied();
  datadog.stored.slo.clear();
  expect(states(await diff())).toEqual({
    ...allStates('same'),
    'slo available': 'missing',
    'dashboard overview': 'outdated',
  });
  await applied();
  expect(states(await diff())).toEqual(allStates('same'));
});

describe('a composite monitor', () => {
  test('follows a part that was deleted by hand and made anew', async () => {
    await applied();
    const old = idOf('monitor', 'quiet');
    datadog.stored.monitor.delete(old);
    expect(states(await diff())).toEqual({
      ...allStates('same'),
      'monitor quiet': 'missing',
      'monitor burn-fast': 'outdated',
    });
    await applied();
    const query = String(datadog.stored.monitor.get(idOf('monitor', 'burn-fast'))?.['query']);
    expect(query).toContain(`!${idOf('monitor', 'quiet')}`);
    expect(query).not.toContain(old);
    expect(states(await diff())).toEqual(allStates('same'));
  });

  test('is not made before its parts are, and says which are not there', async () => {
    datadog.faults.push({
      when: (m, p) => m === 'POST' && p === '/api/v1/monitor',
      how: 'instead',
      answer: { status: 400, body: { errors: ['no'] } },
    });
    const outcome = await apply();
    expect(outcome.failed.map((f) => `${f.item.id}: ${f.trouble.message}`)).toEqual([
      'no-healthy-upstream: datadoghq.eu: making a monitor: 400 refused: no',
      'burn-fast: monitor burn-fast needs monitor no-healthy-upstream, which is not there',
    ]);
    await applied();
    expect(states(await diff())).toEqual(allStates('same'));
  });

  test('set otherwise by the editor is no drift; another sign or monitor in it is an edit', async () => {
    await applied();
    const id = idOf('monitor', 'burn-fast');
    const query = String(datadog.stored.monitor.get(id)?.['query']);
    const edited = (text: string) =>
      datadog.edit('monitor', id, (o) => {
        o['query'] = text;
      });
    edited(` ${query.replace('&& !', ' &&  ! ')} `);
    expect(states(await diff())).toEqual(allStates('same'));
    edited(query.replace('!', ''));
    expect(await text()).toMatch(/query \d+ && \d+ -> \d+ && !\d+ \(edited\)/);
  });

  test.each([
    ['of an unknown id', '1 && 2', 'monitor not found'],
    ['of a text', 'a && b', 'a && b'],
    ['of a composite', '{}', 'composite of composites'],
  ])('%s is refused by the emulator, as it would be', async (_, query, why) => {
    await applied();
    const wrong = changed('burn-fast', (d) => {
      d['query'] = query.replace('{}', idOf('monitor', 'burn-fast'));
    });
    expect(await text(wrong)).toContain(why);
  });
});

describe('prune', () => {
  const fewer = () =>
    documents('shop')
      .filter((w) => w.kind === 'dashboard')
      .map((w) => ({ ...w, document: { ...w.document, widgets: [] } }));

  test('deletes what is marked as this contract’s, users before what they use, and nothing else', async () => {
    await applied();
    datadog.stored.monitor.set('1', {
      id: 1,
      type: 'query alert',
      query: 'x > 1',
      name: 'others',
      tags: ['managed-by:vigia', 'vigia-id:other/x'],
    });
    datadog.stored.monitor.set('2', {
      id: 2,
      type: 'query alert',
      query: 'x > 1',
      name: 'hand',
      tags: ['managed-by:vigia'],
    });
    expect(states(await diff(fewer()))).toMatchObject({
      'slo available': 'left over',
      'monitor burn-fast': 'left over',
    });
    expect(states(await diff(fewer()))).not.toHaveProperty('monitor x');
    expect((await apply(fewer())).done.map((s) => s.item.state)).toEqual(['outdated']);
    const outcome = await apply(fewer(), { prune: true });
    expect(outcome.failed.map((f) => f.trouble.message)).toEqual([]);
    expect(outcome.done.map((s) => s.item.kind)).toEqual(['monitor', 'monitor', 'monitor', 'slo']);
    expect(outcome.done[0]?.item.id).toBe('burn-fast');
    expect([...datadog.stored.monitor.keys()]).toEqual(['1', '2']);
    expect(datadog.stored.slo.size).toBe(0);
  });

  test('an objective that somebody’s own monitor uses stays, and who uses it is said', async () => {
    await applied();
    const slo = idOf('slo', 'available');
    datadog.stored.monitor.set('3', {
      id: 3,
      type: 'slo alert',
      query: `burn_rate("${slo}") > 1`,
      name: 'mine',
      tags: [],
    });
    const outcome = await apply(fewer(), { prune: true });
    expect(outcome.failed.map((f) => f.trouble.message)).toEqual([
      expect.stringContaining(`is in use: not deleted: SLO ${slo} is used in monitor 3`),
    ]);
    expect(datadog.stored.slo.size).toBe(1);
  });
});

test('a dashboard that lost its mark is not made a second time; one with words below the mark still has it', async () => {
  await applied();
  const id = idOf('dashboard', 'overview');
  datadog.edit('dashboard', id, (o) => {
    o['description'] = `${o['description']}\nAsk Alice.`;
  });
  expect(await text()).toMatch(/edited on .*\n {6}description /);
  datadog.edit('dashboard', id, (o) => {
    o['description'] = 'Ask Alice.';
  });
  expect(await text()).toContain(
    `not written: ${id} has its title and no mark: if it is vigia's, give its description the line vigia:shop/overview back, else rename it`,
  );
  expect((await apply(undefined, { overwrite: true })).done).toEqual([]);
});

test('two objects with one mark: both are named, neither is touched', async () => {
  await applied();
  const [id, overview] = [...datadog.stored.dashboard][0] ?? ['', {}];
  datadog.stored.dashboard.set('copy', { ...overview, id: 'copy' });
  await expect(diff()).rejects.toThrow(`two dashboards are marked as shop/overview: ${id} and copy`);
});

test('somebody changes it between plan and write: it is not overwritten', async () => {
  await applied();
  const newer = changed('burn-fast', (d) => {
    d['message'] = 'New words.';
  });
  let reads = 0;
  datadog.before = (method, path) => {
    const id = idOf('monitor', 'burn-fast');
    if (method === 'GET' && path === `/api/v1/monitor/${id}` && reads++ === 0)
      datadog.edit('monitor', id, (o) => {
        o['name'] = 'Mine';
      });
  };
  const outcome = await apply(newer);
  expect(outcome.failed.map((f) => f.trouble.message)).toEqual([
    expect.stringContaining('was changed meanwhile: not overwritten'),
  ]);
  expect(datadog.stored.monitor.get(idOf('monitor', 'burn-fast'))?.['name']).toBe('Mine');
});

test('a monitor that Datadog would refuse is told by the plan, and what its type was can not be changed', async () => {
  const invalid = changed('no-healthy-upstream', (d) => {
    d['query'] = 'sum(last_5m):sum:x{*}.as_count() > 6';
  });
  expect(await text(invalid)).toContain(
    'not written: Datadog refuses it: Alert threshold (5) does not match that used in the query (6)',
  );
  await applied();
  const other = changed('no-healthy-upstream', (d) => {
    d['type'] = 'log alert';
  });
  expect(await text(other)).toContain("not written: Datadog changes no monitor's type: delete it there");
});

test('a document that the client’s models do not know is refused before anything is asked, with its place', async () => {
  const wrong = changed('overview', (d) => {
    const [group] = d['widgets'] as {
      definition: { widgets: { definition: { requests: { display_type: string }[]; titel?: string } }[] };
    }[];
    const inner = group?.definition.widgets[0]?.definition;
    if (inner?.requests[0]) inner.requests[0].display_type = 'lines';
    if (inner) inner.titel = 'x';
  });
  await expect(diff(wrong)).rejects.toThrow(/dashboards\/datadog\/prod\/overview\.json: timeseries 'Requests'/);
  await expect(
    diff(
      changed('burn-fast', (d) => {
        d['mesage'] = 'x';
      }),
    ),
  ).rejects.toThrow('alerts/datadog/prod/monitors/burn-fast.json: mesage: no such key');
  expect(datadog.seen).toEqual([]);
});

describe('trouble on the way', () => {
  test.each(['after', 'hang up after'] as const)(
    'a creation whose answer is lost (%s) is looked for and not done twice',
    async (how) => {
      for (const kind of ['slo', 'monitor', 'dashboard'])
        datadog.faults.push({
          when: (m, p) => m === 'POST' && p === `/api/v1/${kind}`,
          how,
          answer: { status: 504, body: { errors: ['gateway'] } },
        });
      await applied();
      expect([...Object.values(datadog.stored)].map((m) => m.size)).toEqual([1, 3, 1]);
      expect(states(await diff())).toEqual(allStates('same'));
    },
  );

  test('a limit is waited out as its headers say, a failing service ever longer', async () => {
    const limited = {
      status: 429,
      body: { errors: ['Rate limit'] },
      headers: {
        'x-ratelimit-limit': '10',
        'x-ratelimit-period': '60',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '17',
      },
    };
    datadog.faults.push({ when: (m, p) => m === 'POST' && p === '/api/v1/slo', how: 'instead', answer: limited });
    datadog.faults.push({
      when: (_, p) => p === '/api/v1/dashboard',
      how: 'instead',
      answer: { status: 503, body: {} },
    });
    await applied();
    expect(waits).toEqual([500, 17_000]);
  });

  test('it fails in the middle: what is done stays, the next run goes on', async () => {
    datadog.faults.push({
      when: (m, p) => m === 'POST' && p === '/api/v1/slo',
      how: 'instead',
      answer: { status: 400, body: { errors: ['no'] } },
    });
    const outcome = await apply();
    expect(outcome.failed.map((f) => `${f.item.id}: ${f.trouble.message}`)).toEqual([
      'available: datadoghq.eu: making an objective: 400 refused: no',
      'overview: dashboard overview needs objective available, which is not there',
    ]);
    expect(outcome.done.map((s) => s.item.id)).toEqual(['no-healthy-upstream', 'quiet', 'burn-fast']);
    expect((await apply()).done.length).toBe(2);
    expect(states(await diff())).toEqual(allStates('same'));
  });

  test('403 names both reasons, once: what was to follow is left', async () => {
    const one = await service(documents('shop'), { app: keys.readOnly });
    const outcome = await carryOut(
      steps([[one, await one.plan()]], { overwrite: false, prune: false }),
      patience,
      () => {},
    );
    expect(outcome.failed[0]?.trouble.message).toContain(
      '403 the keys may not: Failed permission authorization checks',
    );
    expect(outcome.failed[0]?.trouble.hint).toMatch(
      /either DD_APP_KEY lacks a permission .*, or the keys are of another site/,
    );
    expect([outcome.failed.length, outcome.left.length]).toEqual([1, 4]);
  });
});
