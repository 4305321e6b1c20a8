import { describe, expect, test } from 'vitest';
import { generate, generatorIds, generators } from '../../src/generate/index.ts';
import { compare, essence } from '../../src/publish/compare.ts';
import { datadogRules, normal } from '../../src/publish/datadog/normal.ts';
import { markOf, sealed, withoutSeal } from '../../src/publish/datadog/seal.ts';
import { fingerprint, type JsonObject } from '../../src/publish/json.ts';
import { modelOf } from '../generate/model.ts';
import { documents } from './documents.ts';
import { singleEdits } from './edits.ts';
import { asDashboard, asMonitor, asSlo, type Thing } from './emulators/datadog-server.ts';

const server = { slo: asSlo, monitor: asMonitor, dashboard: asDashboard };
type Kind = keyof typeof server;

const served = (kind: Kind, document: JsonObject): JsonObject =>
  server[kind](structuredClone(document) as Thing, {
    id: '7',
    created: undefined,
    now: 1_764_064_800_000,
    novelty: false,
  }) as JsonObject;
const differ = (kind: Kind, live: JsonObject, wanted: JsonObject) =>
  compare(normal(kind, live), normal(kind, wanted), datadogRules);
const content = (kind: Kind, document: JsonObject) => fingerprint(essence(normal(kind, document), datadogRules));

describe.each(documents('shop').map((d) => [`${d.kind} ${d.id}`, d] as const))('%s', (_, { kind, document }) => {
  test('normal form is final, also of what the server makes of it', () => {
    for (const d of [document, served(kind, document)]) expect(normal(kind, normal(kind, d))).toEqual(normal(kind, d));
  });

  test('what the server makes of it is the same, by difference and by fingerprint', () => {
    const live = served(kind, document);
    expect(differ(kind, live, document)).toEqual([]);
    expect(content(kind, live)).toBe(content(kind, document));
    expect(content(kind, JSON.parse(JSON.stringify(live, Object.keys(flat(live)).reverse())))).toBe(
      content(kind, document),
    );
  });

  test('every single edit of an emitted value is seen by both, also in what the server makes of it', () => {
    const unseen: string[] = [];
    let count = 0;
    for (const edit of singleEdits(document)) {
      count++;
      const live = served(kind, edit.document);
      if (differ(kind, edit.document, document).length === 0) unseen.push(edit.path);
      if (differ(kind, live, document).length === 0) unseen.push(`${edit.path}, served`);
      if (content(kind, live) === content(kind, document)) unseen.push(`${edit.path}, by fingerprint`);
    }
    expect(unseen).toEqual([]);
    expect(count).toBeGreaterThan(8);
  });

  test('a seal is read back, and is no part of the content', () => {
    const seal = { content: '0123456789ab', kept: 'ba9876543210' };
    const marked = sealed(kind, document, seal);
    expect(markOf(kind, marked)).toMatchObject({ contract: 'shop', seal });
    expect(markOf(kind, sealed(kind, marked, { content: 'aaaaaaaaaaaa', kept: 'aaaaaaaaaaaa' }))?.seal).toEqual({
      content: 'aaaaaaaaaaaa',
      kept: 'aaaaaaaaaaaa',
    });
    expect(withoutSeal(kind, marked)).toEqual(document);
    expect(content(kind, marked)).toBe(content(kind, document));
  });
});

const generated = generate(
  modelOf(`version: 1
kgateway: { version: "2.3" }
environments: { prod: { metrics: { to: datadog }, logs: { to: datadog }, datadog: { site: datadoghq.eu, apiKey: { secret: datadog, key: api-key } } } }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge }]
objectives: [{ name: available, kind: availability, target: 99.5 }]
`),
  generatorIds.filter((id) => generators[id].folders.some((f) => /^(dashboards|alerts)\//.test(f))),
)
  // Settings of metrics are one switch: datadog-metrics.test.ts.
  .filter((a) => /\/datadog\/.*\.json$/.test(a.path) && !a.path.includes('/metrics/'))
  .map((a) => [a.path, JSON.parse(a.content) as JsonObject] as const);

describe.each(generated)('%s', (path, document) => {
  const kind: Kind = path.includes('/slos/') ? 'slo' : path.includes('/monitors/') ? 'monitor' : 'dashboard';

  test('what the server makes of it is the same; a single edit of each kind that is in it is seen', () => {
    expect(differ(kind, served(kind, document), document)).toEqual([]);
    expect(content(kind, served(kind, document))).toBe(content(kind, document));
    const unseen: string[] = [];
    const kinds = new Set<string>();
    for (const edit of singleEdits(document)) {
      const name = edit.path.replace(/\[\d+\]/g, '[]');
      if (kinds.has(name)) continue;
      kinds.add(name);
      if (differ(kind, served(kind, edit.document), document).length === 0) unseen.push(edit.path);
      if (content(kind, served(kind, edit.document)) === content(kind, document))
        unseen.push(`${edit.path}, by fingerprint`);
    }
    expect(unseen).toEqual([]);
    expect(kinds.size).toBeGreaterThan(6);
  });
});

/** Every key at any depth, so that JSON.stringify writes them in that order. */
function flat(value: unknown, keys: Record<string, true> = {}): Record<string, true> {
  if (typeof value === 'object' && value !== null)
    for (const [key, v] of Object.entries(value)) {
      keys[key] = true;
      flat(v, keys);
    }
  return keys;
}

test('order is a difference only where somebody sees it', () => {
  const [dashboard] = documents('shop').filter((d) => d.kind === 'dashboard');
  const variables = dashboard?.document['template_variables'] as JsonObject[];
  const widgets = dashboard?.document['widgets'] as JsonObject[];
  const turned = { ...dashboard?.document, template_variables: [...variables].reverse() };
  expect(differ('dashboard', turned, dashboard?.document ?? {}).map((d) => d.path.join('.'))).toEqual([
    'template_variables.order',
  ]);
  // Their layout says where they are.
  expect(
    differ('dashboard', { ...dashboard?.document, widgets: [...widgets].reverse() }, dashboard?.document ?? {}),
  ).toEqual([]);
});

test('old spellings, an empty scope and null are the same', () => {
  const same = (live: JsonObject, wanted: JsonObject) => expect(differ('monitor', live, wanted)).toEqual([]);
  same({ type: 'metric alert' }, { type: 'query alert' });
  same({ query: ' avg(last_5m):avg:x{*} > 1 ' }, { query: 'avg(last_5m):avg:x > 1' });
  same({ options: { no_data_timeframe: 10, notify_no_data: false } }, { options: {} });
  expect(
    differ(
      'dashboard',
      { template_variables: [{ name: 'env', default: 'a' }] },
      { template_variables: [{ name: 'env', defaults: ['a'] }] },
    ),
  ).toEqual([]);
});
