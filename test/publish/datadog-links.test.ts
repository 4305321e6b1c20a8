import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Environment } from '../../src/contract/model.ts';
import { carryOut, type Outcome, steps } from '../../src/publish/apply.ts';
import { datadogClient } from '../../src/publish/datadog/client.ts';
import { datadogService } from '../../src/publish/datadog/service.ts';
import { exchange } from '../../src/publish/http.ts';
import { type Patience, patient } from '../../src/publish/patience.ts';
import type { Wanted } from '../../src/publish/wanted.ts';
import { DatadogEmulator, keys } from './emulators/datadog.ts';

let datadog: DatadogEmulator;
beforeEach(async () => {
  datadog = await new DatadogEmulator().start();
});
afterEach(() => datadog.stop());

const patience: Patience = {
  stop: { asked: false, promise: new Promise(() => {}) },
  pause: async () => {},
  now: () => 0,
  waiting: () => {},
};

/** A board that leads to others, and to the logs. */
const board = (id: string, ...to: string[]): Wanted => ({
  kind: 'dashboard',
  environment: 'prod',
  id: `prod-${id}`,
  file: id,
  path: `dashboards/datadog/prod/${id}.json`,
  document: {
    title: id,
    description: `What is so.\n\nvigia:shop/prod-${id}`,
    layout_type: 'ordered',
    widgets: to.map((other) => ({
      definition: {
        type: 'timeseries',
        title: `to ${other}`,
        requests: [],
        custom_links: [
          {
            label: other,
            link: `https://app.datadoghq.eu/dashboard/\${dashboard:prod-${other}}?tpl_var_x={{$x.value}}`,
          },
          { label: 'Logs', link: 'https://app.datadoghq.eu/logs?query=x' },
        ],
      },
    })),
  },
});

/** A ring with a chord, and one that leads nowhere: no order has every target first. */
const boards = (): Wanted[] => [board('a', 'b', 'c'), board('b', 'c'), board('c', 'a', 'd'), board('d')];

async function service(wanted: readonly Wanted[]) {
  const client = await datadogClient(
    { url: datadog.url, apiKey: keys.api, appKey: keys.app },
    patient(exchange, patience),
  );
  return datadogService(
    {
      service: 'datadog',
      address: 'datadoghq.eu',
      environments: [{ name: 'prod' } as Environment],
      documents: wanted,
      metrics: [],
      kept: new Set(wanted.map((w) => `${w.kind} ${w.id}`)),
    },
    'shop',
    client,
    patience,
  );
}

const states = async (wanted: readonly Wanted[] = boards()): Promise<string> =>
  (await (await service(wanted)).plan()).items.map((i) => `${i.id.slice(5)} ${i.state}`).join(', ');

async function apply(wanted: readonly Wanted[] = boards()): Promise<Outcome> {
  const one = await service(wanted);
  return carryOut(steps([[one, await one.plan()]], { overwrite: false, prune: false }), patience, () => {});
}

const idOf = (title: string): string =>
  [...datadog.stored.dashboard].find(([, d]) => d['title'] === title)?.[0] ?? `no ${title}`;
const linksOf = (title: string): readonly string[] =>
  [...JSON.stringify(datadog.stored.dashboard.get(idOf(title))).matchAll(/dashboard\/([^?"]+)\?/g)].map(
    (m) => m[1] ?? '',
  );
const writes = (): readonly string[] => datadog.writes().map((w) => w.method);

test('boards that lead to each other are made, then linked each once; the second diff is empty and writes nothing', async () => {
  const outcome = await apply();
  expect(outcome.failed).toEqual([]);
  expect(linksOf('a')).toEqual([idOf('b'), idOf('c')]);
  expect(linksOf('b')).toEqual([idOf('c')]);
  expect(linksOf('c')).toEqual([idOf('a'), idOf('d')]);
  expect(writes().filter((m) => m === 'POST').length).toBe(4);
  expect(writes().filter((m) => m === 'PUT').length).toBe(3);
  expect(await states()).toBe('a same, b same, c same, d same');
  expect((await apply()).done).toEqual([]);
  expect(writes().length).toBe(7);
});

/** A monitor whose message has a line that leads to a board. */
const monitor = (id: string, to: string): Wanted => ({
  kind: 'monitor',
  environment: 'prod',
  id: `prod-${id}`,
  file: id,
  path: `alerts/datadog/prod/monitors/${id}.json`,
  document: {
    type: 'query alert',
    name: id,
    query: 'sum(last_5m):sum:gateway.requests{*}.as_count() > 5',
    message: `Much.\nLook: https://app.datadoghq.eu/dashboard/\${dashboard:prod-${to}}?x={{x.name}}\nAsk: triage`,
    tags: ['managed-by:vigia', `vigia-id:shop/prod-${id}`],
    options: { thresholds: { critical: 5 } },
  },
});
const messages = (): readonly unknown[] => [...datadog.stored.monitor.values()].map((m) => String(m['message']).trim());

test('a monitor is made before the board that it leads to, and has the line as soon as that is there', async () => {
  const wanted = [monitor('m', 'c'), ...boards()];
  expect((await apply(wanted)).failed).toEqual([]);
  expect(messages()).toEqual([
    `Much.\nLook: https://app.datadoghq.eu/dashboard/${idOf('c')}?x={{x.name}}\nAsk: triage`,
  ]);
  expect(await states(wanted)).toBe('m same, a same, b same, c same, d same');
  expect((await apply(wanted)).done).toEqual([]);
  // Without its board it says the rest.
  const alone = [monitor('m', 'c'), board('a')];
  datadog.stored.monitor.clear();
  datadog.stored.dashboard.clear();
  expect((await apply(alone)).failed).toEqual([]);
  expect(messages()).toEqual(['Much.\nAsk: triage']);
  expect(await states(alone)).toBe('m same, a same');
});

test('so it is where the service fills in what nobody has heard of', async () => {
  datadog.novelty = true;
  expect((await apply()).failed).toEqual([]);
  expect(linksOf('a')).toEqual([idOf('b'), idOf('c')]);
  expect(await states()).toBe('a same, b same, c same, d same');
});

test('one that was deleted by hand is made anew, and those that lead to it follow', async () => {
  await apply();
  const old = idOf('c');
  datadog.stored.dashboard.delete(old);
  expect(await states()).toBe('a outdated, b outdated, c missing, d same');
  expect((await apply()).failed).toEqual([]);
  expect([...linksOf('a'), ...linksOf('b')]).toEqual([idOf('b'), idOf('c'), idOf('c')]);
  expect(idOf('c')).not.toBe(old);
  expect(await states()).toBe('a same, b same, c same, d same');
});

test('one more in a newer contract: what leads to it is linked by the same run', async () => {
  await apply([board('a'), board('b', 'a')]);
  const newer = [board('a', 'e'), board('b', 'a'), board('e', 'b')];
  expect((await apply(newer)).failed).toEqual([]);
  expect(linksOf('a')).toEqual([idOf('e')]);
  expect(await states(newer)).toBe('a same, b same, e same');
});

test('one that can not be made: the others are, without links to it, and the next run links them', async () => {
  datadog.faults.push({
    when: (m, p) => m === 'POST' && p === '/api/v1/dashboard',
    how: 'instead',
    answer: { status: 400, body: { errors: ['no'] } },
  });
  expect((await apply()).failed.map((f) => f.item.id)).toEqual(['prod-a']);
  expect(linksOf('c')).toEqual([idOf('d')]);
  expect((await apply()).failed).toEqual([]);
  expect(linksOf('c')).toEqual([idOf('a'), idOf('d')]);
  expect(await states()).toBe('a same, b same, c same, d same');
});

test("somebody's edit is not overwritten for the sake of a link", async () => {
  await apply();
  datadog.edit('dashboard', idOf('a'), (o) => {
    o['title'] = 'Mine';
  });
  datadog.stored.dashboard.delete(idOf('c'));
  const outcome = await apply();
  expect(outcome.failed).toEqual([]);
  expect(datadog.stored.dashboard.get(idOf('Mine'))?.['title']).toBe('Mine');
  expect(linksOf('b')).toEqual([idOf('c')]);
  expect(await states()).toBe('a edited, b same, c same, d same');
});

test('one that is blocked leaves the others without a link to it, and that is no drift', async () => {
  await apply([board('c')]);
  datadog.edit('dashboard', idOf('c'), (o) => {
    o['description'] = 'Ours.';
  });
  expect((await apply()).failed).toEqual([]);
  expect(linksOf('a')).toEqual([idOf('b')]);
  expect(await states()).toBe('a same, b same, c blocked, d same');
});
