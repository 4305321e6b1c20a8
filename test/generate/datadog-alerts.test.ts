import { describe, expect, test } from 'vitest';
import { boardContexts } from '../../src/boards/context.ts';
import { boardsOf } from '../../src/boards/index.ts';
import { generateDatadogAlerts } from '../../src/generate/datadog/alerts/index.ts';
import { exampleModel, modelOf } from './model.ts';

const odd = modelOf(`version: 1
kgateway: { version: "2.4" }
environments:
  prod: { metrics: { to: datadog }, logs: { to: file }, datadog: { site: datadoghq.com, apiKey: { env: KEY }, tags: ["team:edge"] } }
clusters: { a: { environment: prod } }
gateways: [{ name: edge, namespace: n }]
routes: [{ name: pay, namespace: shop }, { name: cart, namespace: shop }]
objectives:
  - { name: both, kind: availability, target: 90, window: 7d, routes: [shop/pay, shop/cart], description: "ask @all {{value}}", notify: [page] }
notifications:
  page: { severities: [critical], datadog: ["@pagerduty-x"] }
  chat: { severities: [critical, warning], datadog: ["@slack-x"] }
`);

interface Document {
  readonly query: string;
  readonly type: string;
  readonly tags: readonly string[];
  readonly message: string;
  readonly priority: number;
  readonly options: { readonly thresholds?: { readonly critical: number }; readonly on_missing_data?: string };
}
const made = (model: Parameters<typeof generateDatadogAlerts>[0]) =>
  generateDatadogAlerts(model).map(({ path, content }) => ({ path, document: JSON.parse(content) as Document }));

/** What Datadog's own models do not know, or could not read, anywhere in the object. */
function strange(value: unknown, path = ''): readonly string[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap((v, i) => strange(v, `${path}[${i}]`));
  const { additionalProperties, ...own } = value as Record<string, unknown>;
  const more = Object.keys((additionalProperties as object | undefined) ?? {});
  const unread = value.constructor.name === 'UnparsedObject' || own['_unparsed'] === true ? [`${path}: unread`] : [];
  return [
    ...unread,
    ...more.map((k) => `${path}.${k}`),
    ...Object.entries(own).flatMap(([k, v]) => strange(v, `${path}.${k}`)),
  ];
}

describe.each([
  ['large', exampleModel('large')],
  ['odd', odd],
])('SLOs and monitors of the %s contract', (_, model) => {
  const all = made(model);

  test("are what Datadog's own client reads whole, and writes back as they were", async () => {
    const { ObjectSerializer } = await import(
      '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/ObjectSerializer.js'
    );
    for (const { path, document } of all) {
      const kind = path.includes('/slos/') ? 'ServiceLevelObjectiveRequest' : 'Monitor';
      const read = ObjectSerializer.deserialize(document, kind, '');
      expect(strange(read), path).toEqual([]);
      expect(ObjectSerializer.serialize(read, kind, ''), path).toEqual(document);
    }
    expect(all.length).toBeGreaterThan(30);
  }, 30_000);

  test('carry their marks, and a threshold that is the number in the query', () => {
    for (const { path, document } of all) {
      expect(document.tags, path).toContain('managed-by:vigia');
      const [, , environment, , file = ''] = path.split('/');
      expect(document.tags, path).toContain(`vigia-id:${model.name}/${environment}-${file.replace(/\.json$/, '')}`);
      if (document.type === 'query alert')
        expect(Number(/ [<>] ([\d.]+)$/.exec(document.query)?.[1]), path).toBe(document.options.thresholds?.critical);
    }
    expect(new Set(all.flatMap((a) => a.document.tags.filter((t) => t.startsWith('vigia-id:')))).size).toBe(all.length);
  });

  test('what tells somebody leads to a board that is there, filtered by what it is grouped by', () => {
    const boards = new Set(
      boardContexts(model).flatMap((c) => boardsOf(c).map((b) => `${c.environment.name}-${b.id}`)),
    );
    const telling = all.filter((a) => a.document.type === 'composite' || a.path.includes('/EnvoyGateway'));
    for (const { path, document } of telling) {
      const [, id = '', query = ''] =
        /^Look: https:\/\/app\.datadoghq\.com\/dashboard\/\$\{dashboard:([^}]+)\}\?(.*)$/m.exec(document.message) ?? [];
      expect(boards, path).toContain(id);
      const [, by = 'gateway'] = / by \{([^}]+)\}/.exec(document.query) ?? [];
      const filters = [...query.matchAll(/tpl_var_(\w+)=\{\{(\w+)\.name\}\}&/g)].map(([, name, tag]) => [name, tag]);
      // The control plane's own `gateway` is another label than the boards' variable.
      const tags = by.split(',').filter((tag) => ['cluster', 'gateway', 'backend'].includes(tag));
      expect(tags, path).toEqual(expect.arrayContaining(filters.map(([name]) => name)));
      if (/gateway\.requests/.test(document.query)) expect(filters.length, path).toBe(tags.length);
      expect(
        filters.every(([name, tag]) => name === tag),
        path,
      ).toBe(true);
      expect(query).toMatch(/from_ts=\{\{eval "last_triggered_at_epoch-60\*60\*1000"\}\}&to_ts=.*&live=false$/);
    }
    expect(telling.length).toBeGreaterThan(15);
  });

  test('a composite is of monitors that are there, and they tell nobody', () => {
    const parts = new Map(
      all.flatMap(({ document }) =>
        document.tags.flatMap((t) => (t.startsWith('vigia-id:') ? [[t.replace(/^.*?\//, ''), document] as const] : [])),
      ),
    );
    const composites = all.filter((a) => a.document.type === 'composite');
    expect(composites.length).toBeGreaterThan(0);
    for (const { document, path } of composites) {
      const refs = [...document.query.matchAll(/\$\{monitor:([^}]+)\}/g)].map((m) => m[1] ?? '');
      expect(document.query.replace(/\$\{monitor:[^}]+\}/g, '').trim(), path).toMatch(/^[&|!() ]+$/);
      for (const ref of refs) expect(parts.get(ref)?.message, `${path}: ${ref}`).toMatch(/^[^@]+$/);
    }
  });
});

test('who is told is by severity and environment, of an objective only those it names; nobody by its description', () => {
  const byName = (part: string) => made(odd).find((a) => a.path.endsWith(part))?.document;
  expect(byName('EnvoyGatewayConnectFailures.json')?.message).toMatch(/\n@pagerduty-x @slack-x$/);
  expect(byName('EnvoyGatewayKeepAliveRace.json')?.message).toMatch(/\n@slack-x$/);
  // 16.8 times a budget of 10 % can not be.
  expect(byName('monitors/both.burn-1h.long.json')).toBeUndefined();
  expect(byName('monitors/both.burn-critical.json')?.message).toMatch(/\n@pagerduty-x$/);
  expect(JSON.stringify(byName('slos/both.json'))).toContain('ask (at)all { {value}}');
  expect(byName('EnvoyGatewayNothingScraped.json')?.options.on_missing_data).toBe('show_and_notify_no_data');
});
