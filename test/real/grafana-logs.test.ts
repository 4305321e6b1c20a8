import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogCondition } from '../../src/boards/board.ts';
import { type BoardContext, boardContexts } from '../../src/boards/context.ts';
import { byVariables, type Chosen, logql } from '../../src/generate/grafana/logql.ts';
import { exampleModel } from '../generate/model.ts';
import { startLoki } from './tools/loki.ts';

/** A record as the Collector sends it: what failed carries a side, and the flag that names the cause where one was raised. */
interface Stored {
  readonly id: string;
  readonly status: number;
  readonly flags?: string;
  readonly side?: string;
  readonly route?: string;
  readonly backend?: string;
  readonly team?: string;
  readonly gateway?: string;
}

const records: readonly Stored[] = [
  { id: 'healthy', status: 200 },
  { id: 'refused', status: 503, flags: 'UF', side: 'backend' },
  { id: 'retried', status: 503, flags: 'URX,UF', side: 'backend' },
  { id: 'own-500', status: 500, side: 'backend', backend: 'kube_pay_ledger_8080' },
  { id: 'left', status: 0, flags: 'DC', side: 'client' },
  { id: 'not-found', status: 404, flags: 'NR', side: 'gateway', route: '-', backend: '-' },
  { id: 'forbidden', status: 403, flags: 'UAEX', side: 'policy', team: 'search' },
  { id: 'other-gateway', status: 503, flags: 'UH', side: 'backend', gateway: 'inner.shop' },
];
const start = Date.parse('2026-11-20T10:00:00Z');
const dir = mkdtempSync(join(tmpdir(), 'vigia-grafana-logs-'));
let loki: Awaited<ReturnType<typeof startLoki>>;

beforeAll(async () => {
  loki = await startLoki(dir);
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const resourceLogs = records.map((r, i) => ({
    resource: {
      attributes: [
        text('service.name', r.gateway ?? 'http.kgateway-system'),
        text('deployment.environment.name', 'dev'),
        text('k8s.cluster.name', 'dev'),
      ],
    },
    scopeLogs: [
      {
        scope: {},
        logRecords: [
          {
            timeUnixNano: `${BigInt(start + i) * 1_000_000n}`,
            body: { stringValue: r.id },
            attributes: [
              text('envoy.route_name', r.route ?? 'listener~8080~*-route-0-httproute-cart-shop-0-0-matcher-0'),
              text('envoy.upstream_cluster', r.backend ?? 'kube_shop_cart_8080'),
              { key: 'http.response.status_code', value: { intValue: `${r.status}` } },
              text('envoy.response_flags', r.flags ?? '-'),
              ...(r.side === undefined ? [] : [text('side', r.side)]),
              text('team', r.team ?? 'checkout'),
            ],
          },
        ],
      },
    ],
  }));
  await loki.push(resourceLogs);
}, 120_000);
afterAll(async () => {
  await loki?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const [context] = boardContexts(exampleModel('small')) as readonly [BoardContext];

/** The records that Loki finds, by what they say. */
async function found(condition: LogCondition, chosen: readonly Chosen[]): Promise<readonly string[]> {
  // "All" of every variable, as Grafana fills it in; a test that has chosen something says so by itself.
  const query = logql(condition, chosen, context).replace(/\$\w+/g, '.*');
  const url = new URL(`${loki.url}/loki/api/v1/query_range`);
  const [from, to] = [start - 1000, start + 60_000].map((ms) => `${BigInt(ms) * 1_000_000n}`) as [string, string];
  url.search = `${new URLSearchParams({ query, start: from, end: to, limit: '100' })}`;
  const answer = await fetch(url);
  const said = await answer.text();
  expect(answer.status, `${query}\n${said}`).toBe(200);
  const { data } = JSON.parse(said) as { data: { result: readonly { values: readonly [string, string][] }[] } };
  return data.result.flatMap((s) => s.values.map(([, line]) => line)).sort();
}

const scope = ['environment', 'cluster', 'gateway', 'route', 'backend', 'custom:team'] as const;
const all = byVariables(scope);
const is = (label: Chosen['label'], text: string): Chosen => ({ label, operator: '=', text });
const like = (label: Chosen['label'], text: string): Chosen => ({ label, operator: '=~', text });

test.each<readonly [string, LogCondition, readonly Chosen[], readonly string[]]>([
  [
    'what failed or was refused',
    { failed: true },
    all,
    ['forbidden', 'left', 'not-found', 'other-gateway', 'own-500', 'refused', 'retried'],
  ],
  ['a side', { side: ['gateway', 'client'] }, all, ['left', 'not-found']],
  ['a class', { status: '5xx' }, all, ['other-gateway', 'own-500', 'refused', 'retried']],
  ['one status', { status: '503' }, all, ['other-gateway', 'refused', 'retried']],
  ['no answer', { status: '0' }, all, ['left']],
  ['5xx without a flag', { status: '5xx', flag: ['-'] }, all, ['own-500']],
  ['a flag of several', { flag: ['UF'] }, all, ['refused', 'retried']],
  ['a clicked flag', { failed: true }, [is('flag', 'UF')], ['refused', 'retried']],
  ['a clicked row without a flag', { failed: true }, [is('flag', '-'), is('status', '500')], ['own-500']],
  [
    'a clicked route, with what regular expressions would read',
    { failed: true },
    [is('route', 'listener~8080~*-route-0-httproute-cart-shop-0-0-matcher-0'), is('backend', 'kube_shop_cart_8080')],
    ['forbidden', 'left', 'other-gateway', 'refused', 'retried'],
  ],
  ['no route at all', { failed: true }, [is('route', '-')], ['not-found']],
  ['a namespace', { failed: true }, [like('backend', '([a-z]+_)?(pay)(_.*)?')], ['own-500']],
  ['two gateways, one of them there', { failed: true }, [like('gateway', 'inner.shop|no.where')], ['other-gateway']],
  ['a label of the contract', { failed: true }, [is('custom:team', 'search')], ['forbidden']],
])('%s', async (_, condition, chosen, ids) => {
  expect(await found(condition, chosen)).toEqual(ids);
});
