import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Artefact } from '../../src/generate/artefact.ts';
import type { TestFile } from '../../src/generate/prometheus/drills.ts';
import { generatePrometheus, isRuleFile } from '../../src/generate/prometheus/index.ts';
import type { Group } from '../../src/generate/prometheus/rule.ts';
import { exampleModel, modelOf } from '../generate/model.ts';
import { checkRules, testRules } from './tools/promtool.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-rules-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Every kind of objective, on both ways to Prometheus, with texts that mean something to templates, and routing that can't be merged. */
const odd = `version: 1
kgateway: { version: "2.4" }
environments:
  scraped: { metrics: { to: prometheus, retention: 30d }, logs: { to: file }, grafana: { url: "https://g.example.com/" } }
  pushed: { metrics: { to: prometheus, mode: remote-write, url: "https://m.example.com/push", retention: 90d }, logs: { to: file } }
clusters: { a: { environment: scraped }, b: { environment: pushed } }
gateways: [{ name: edge, namespace: n }, { name: inner, namespace: n }]
routes: [{ name: pay, namespace: shop }, { name: cart, namespace: shop }]
objectives:
  - { name: short, kind: availability, target: 90, window: 7d, description: "{{ $labels.x }} 'quoted' \\"twice\\"" }
  - { name: slow, kind: latency, under: 1s, gatewayUnder: 250ms, target: 99, gateways: [edge], routes: [shop/pay, shop/cart], notify: [oncall] }
  - { name: fast, kind: latency, under: 250ms, target: 99.9, window: 30d, minRequestsPerHour: 1000 }
notifications:
  oncall: { alertLabels: { team: edge } }
  shop: { severities: [critical], alertLabels: { team: shop } }
links: { runbooks: "https://r.example.com" }
`;

const contracts = [
  ['small', exampleModel('small')],
  ['large', exampleModel('large')],
  ['odd', modelOf(odd)],
] as const;

describe.each(contracts)('the rules of the %s contract', (name, model) => {
  const artefacts = generatePrometheus(model);
  const at = ({ path }: Artefact): string => join(dir, name, path);
  const tests = artefacts.filter((a) => !isRuleFile(a));
  beforeAll(() => {
    for (const a of artefacts) {
      mkdirSync(dirname(at(a)), { recursive: true });
      writeFileSync(at(a), a.content);
    }
  });

  test('promtool takes them, and its linter finds nothing', async () => {
    const { code, stdout, stderr } = await checkRules(...artefacts.filter(isRuleFile).map(at));
    expect(code, stdout + stderr).toBe(0);
    expect(stdout.match(/SUCCESS: \d+ rules found/g)).toHaveLength(artefacts.filter(isRuleFile).length);
  });

  test.each(tests.map((a) => [a.path, a] as const))('%s passes', { timeout: 300_000 }, async (_, a) => {
    const { code, stdout, stderr } = await testRules(at(a));
    expect(code, stdout + stderr).toBe(0);
    expect((parse(readFileSync(at(a), 'utf8')) as TestFile).tests.length).toBeGreaterThan(10);
  });

  test('every alert fires in a test and is silent in others', () => {
    const asked = new Map<string, { fires: number; silent: number }>();
    for (const a of tests)
      for (const t of (parse(a.content) as TestFile).tests)
        for (const { expr, exp_samples } of t.promql_expr_test) {
          const alert = `${a.path.split('/')[2]} ${/alertname="(\w+)"/.exec(expr)?.[1]}`;
          const seen = asked.get(alert) ?? { fires: 0, silent: 0 };
          seen[exp_samples.length > 0 ? 'fires' : 'silent']++;
          asked.set(alert, seen);
        }
    const alerts = artefacts
      .filter(isRuleFile)
      .flatMap((a) =>
        (parse(a.content) as { groups: readonly Group[] }).groups.flatMap((g) =>
          g.rules.flatMap((r) => ('alert' in r ? [`${a.path.split('/')[2]} ${r.alert}`] : [])),
        ),
      );
    expect([...asked.keys()].sort()).toEqual([...new Set(alerts)].sort());
    for (const [alert, { fires, silent }] of asked) {
      expect(fires, alert).toBeGreaterThan(0);
      expect(silent, alert).toBeGreaterThan(0);
    }
  });
});

test('annotations are filled in: the value, the labels, the links, and a template in the contract stays text', async () => {
  const model = modelOf(odd);
  const folder = join(dir, 'annotations');
  mkdirSync(folder, { recursive: true });
  for (const a of generatePrometheus(model).filter((one) => isRuleFile(one) && one.path.includes('/scraped/')))
    writeFileSync(join(folder, a.path.split('/').at(-1) ?? ''), a.content);
  const series = (side: string, perMinute: number) => ({
    series: `gateway_requests_total{environment="scraped", cluster="a", gateway="edge.n", backend="b", side="${side}", envoy_response_flag="${side === 'none' ? '-' : 'UH'}"}`,
    values: `0+${perMinute}x90`,
  });
  const links = {
    page: 'docs/causes/no-healthy-upstream.md',
    runbook_url: 'https://r.example.com/causes/no-healthy-upstream.md',
    dashboard_url:
      'https://g.example.com/d/vigia-routes?var-environment=scraped&var-cluster=a&var-gateway=edge.n&var-backend=b',
    triage: "vigia triage --cluster a --since 1h --where flags=UH --backend 'b'",
  };
  const alert = (team: string) => ({
    exp_labels: { severity: 'critical', environment: 'scraped', cluster: 'a', gateway: 'edge.n', backend: 'b', team },
    exp_annotations: {
      summary: 'A backend has no healthy host.',
      description:
        '25% of the requests to b through edge.n (a) ended so in 5 minutes (UH): Envoy had no host to pick. Look for pods that are not ready, a selector that matches nothing, health checks or ejections.',
      ...links,
    },
  });
  const file = join(folder, 'tests.json');
  writeFileSync(
    file,
    JSON.stringify({
      rule_files: ['alerts-backends.yaml', 'objectives.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [series('none', 75), series('backend', 25)],
          alert_rule_test: [
            {
              eval_time: '60m',
              alertname: 'EnvoyGatewayNoHealthyUpstream',
              exp_alerts: [alert('edge'), alert('shop')],
            },
          ],
        },
      ],
    }),
  );
  const { code, stdout, stderr } = await testRules(file);
  expect(code, stdout + stderr).toBe(0);
  const objectives = readFileSync(join(folder, 'objectives.yaml'), 'utf8');
  expect(objectives).toContain(`{{ \\"{{\\" }} $labels.x }} 'quoted' \\"twice\\"`);
});
