import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { deprecations, startCollector, validateCollector } from './collector.ts';
import { freePorts } from './ports.ts';
import { startPrometheus } from './prometheus.ts';
import { checkRules, testRules } from './promtool.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigia-pipeline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** OTLP in, a Prometheus exporter out; the smallest configuration in which every driver has something to do. */
const config = (otlp: number, exporter: number): string =>
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
    exporters: { prometheus: { endpoint: `127.0.0.1:${exporter}` } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus'] } },
    },
  });

const counter = (value: number): string =>
  JSON.stringify({
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'gateway.requests',
                unit: '{request}',
                sum: {
                  isMonotonic: true,
                  aggregationTemporality: 2,
                  dataPoints: [{ asInt: String(value), timeUnixNano: `${Date.now()}000000` }],
                },
              },
            ],
          },
        ],
      },
    ],
  });

test('a counter sent over OTLP comes out of a real Collector and a real Prometheus', async () => {
  const [otlp = 0, exporter = 0] = await freePorts(2);
  const text = config(otlp, exporter);
  const valid = await validateCollector(text, folder);
  expect(valid, valid.stderr).toMatchObject({ code: 0 });
  const collector = await startCollector(text, folder);
  const scrape = { job_name: 'collector', static_configs: [{ targets: [`127.0.0.1:${exporter}`] }] };
  const prometheus = await startPrometheus(
    JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [scrape] }),
    folder,
  );
  try {
    const reply = await fetch(`http://127.0.0.1:${otlp}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: counter(42),
    });
    expect(reply.status).toBe(200);
    const samples = await prometheus.queryUntil('gateway_requests_total', (s) => s.length > 0);
    expect(samples.map((s) => s.value)).toEqual([42]);
    expect(deprecations(collector.log())).toEqual([]);
    await expect(prometheus.query('rate(')).rejects.toThrow('Prometheus refused rate(');
  } finally {
    await prometheus.stop();
    await collector.stop();
  }
});

test('otelcol validate refuses a misspelt key and an unknown OTTL function', async () => {
  const misspelt = await validateCollector(config(1, 2).replace('"endpoint"', '"endpiont"'), folder);
  expect(misspelt.code).toBe(1);
  expect(misspelt.stderr).toContain('endpiont');
  const ottl = JSON.parse(config(1, 2));
  ottl.processors = { transform: { metric_statements: ['nonsense(resource.attributes)'] } };
  ottl.service.pipelines.metrics.processors = ['transform'];
  const unknown = await validateCollector(JSON.stringify(ottl), folder);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('nonsense');
});

test('a Collector that can not start says why', async () => {
  const [otlp = 0] = await freePorts(1);
  await expect(startCollector(config(otlp, otlp), join(folder, 'busy'))).rejects.toThrow('address already in use');
});

test('promtool accepts a right rule, runs its test, and refuses a wrong one', async () => {
  const rules = join(folder, 'rules.yaml');
  const cases = join(folder, 'rules.test.yaml');
  const rule = (expr: string): string =>
    JSON.stringify({ groups: [{ name: 'g', rules: [{ record: 'gateway:requests:rate5m', expr }] }] });
  writeFileSync(rules, rule('sum(rate(gateway_requests_total[5m]))'));
  const expected = { expr: 'gateway:requests:rate5m', eval_time: '10m' };
  const cases10 = (value: number): string =>
    JSON.stringify({
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [{ series: 'gateway_requests_total', values: '0+60x20' }],
          promql_expr_test: [{ ...expected, exp_samples: [{ labels: 'gateway:requests:rate5m', value }] }],
        },
      ],
    });
  expect(await checkRules(rules)).toMatchObject({ code: 0 });
  writeFileSync(cases, cases10(1));
  expect(await testRules(cases)).toMatchObject({ code: 0 });
  writeFileSync(cases, cases10(2));
  expect(await testRules(cases)).toMatchObject({ code: 1 });
  writeFileSync(rules, rule('sum(rate(gateway_requests_total))'));
  const refused = await checkRules(rules);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('expected type range vector');
});
