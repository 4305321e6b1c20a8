import { parser } from '@grafana/lezer-logql';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { fields } from '../../src/envoy/fields.ts';
import { generateQueries } from '../../src/generate/queries/index.ts';
import { evaluate, type Fields, moods } from '../contract/cloudwatch/evaluate.ts';
import { parse } from '../contract/cloudwatch/parse.ts';
import { startDatadog } from '../contract/datadog/server.ts';
import { exampleModel, modelOf } from './model.ts';
import { counted, keysOf, queriesFor, type Stored, stored, traffic, window } from './queries.ts';

const records = traffic().map((r) => ({ time: r.time, attributes: stored(r) }));
const truth = (question: number) =>
  counted(
    question,
    records.map((r) => r.attributes),
  );
const asked = [1, 2, 3, 4, 5];

const cloudwatch = (shape: string) => `{ to: cloudwatch, group: /gateways/prod, region: eu-west-1, shape: ${shape} }`;
const loki = '{ to: loki, url: "http://loki:3100" }';
const datadog = queriesFor('{ to: datadog }', ', datadog: { site: datadoghq.eu, apiKey: { env: DD_API_KEY } }');

test('every question finds something in the recorded incident', () => {
  for (const question of asked) expect(Object.keys(truth(question)).length, String(question)).toBeGreaterThan(0);
});

test('each file says what it answers before it asks, in lines that are comments', () => {
  const files = [...generateQueries(exampleModel('large')), ...datadog.values()];
  expect(files.length).toBe(24);
  for (const { path, content } of files) {
    const [head = '', query = ''] = content.split('\n\n');
    expect(
      head.split('\n').every((line) => line.startsWith('#')),
      path,
    ).toBe(true);
    expect(head).toMatch(/\n# .+\?\n/);
    expect(query.length).toBeGreaterThan(20);
    expect(content.endsWith('\n') && !content.endsWith('\n\n')).toBe(true);
  }
  expect(generateQueries(exampleModel('large'))).toEqual(generateQueries(exampleModel('large')));
});

test('logs in files have no queries, and a question whose fields are not logged is left out', () => {
  expect(queriesFor('{ to: file }').size).toBe(0);
  expect([...queriesFor(loki, 'accessLog: { omit: [envoy.upstream_connection_age_ms] }').keys()]).toEqual([
    1, 2, 3, 5, 6,
  ]);
});

test('percentiles over thinned-out records say that they lean', () => {
  const leaning = /lean towards failures/;
  expect(queriesFor(loki, 'accessLog: { keepHealthy: 10 }').get(6)?.content).toMatch(leaning);
  expect(queriesFor(loki).get(6)?.content).not.toMatch(leaning);
});

describe('Logs Insights', () => {
  const events = (prefix: string): readonly Fields[] =>
    records.map(
      ({ time, attributes }) =>
        new Map<string, string | number>([
          ['@timestamp', time],
          ...Object.entries(attributes).map(([k, v]): [string, string | number] => [`${prefix}${k}`, v]),
        ]),
    );

  test.each(['nested', 'flat'])('%s events are counted as they are, whatever AWS leaves open', (shape) => {
    const queries = queriesFor(cloudwatch(shape));
    for (const question of asked)
      for (const mood of moods) {
        const rows = evaluate(
          parse(queries.get(question)?.content ?? ''),
          events(shape === 'flat' ? '' : 'attributes.'),
          mood,
        );
        const found = rows.map((cells) => cells.map((c) => c.value));
        const answer = Object.fromEntries(found.map((r) => [r.slice(0, -1).join('\t'), Number(r.at(-1))]));
        expect(answer, String(question)).toEqual(truth(question));
      }
  });

  test('the slowest routes come first, each with its median and 99th percentile', () => {
    const { content = '' } = queriesFor(cloudwatch('nested')).get(6) ?? {};
    const rows = evaluate(parse(content), events('attributes.'), moods[0] as (typeof moods)[number]);
    const routes = new Set(records.map((r) => r.attributes[fields.route.name] ?? '-'));
    expect(rows.length).toBe(routes.size);
    const [p50, p99] = ['p50', 'p99'].map((name) => rows.map((r) => Number(r.find((c) => c.field === name)?.value)));
    expect(p99).toEqual([...(p99 ?? [])].sort((a, b) => b - a));
    expect(p99?.every((p, i) => p >= (p50?.[i] ?? Number.NaN))).toBe(true);
  });
});

describe('LogQL', () => {
  const broken = (text: string): boolean => {
    let found = false;
    parser.parse(text).iterate({
      enter(node) {
        if (node.type.isError) found = true;
      },
    });
    return found;
  };

  test('every file parses whole', () => {
    for (const { content, path } of queriesFor(loki).values()) expect(broken(content), path).toBe(false);
    expect(broken('{a="b"} | !')).toBe(true);
  });

  test('an environment of any name stays one literal', () => {
    const model = modelOf(`
version: 1
kgateway: { version: "2.4" }
environments: { prod: { metrics: { to: prometheus }, logs: ${loki}, traces: { to: none } } }
clusters: { c: { environment: prod } }
gateways: [{ name: edge, namespace: gateways }]
`);
    const strings = (text: string): number => {
      let n = 0;
      parser.parse(text).iterate({
        enter(node) {
          if (node.name === 'String') n++;
        },
      });
      return n;
    };
    const rename = (name: string) => {
      const environments = model.environments.map((e) => ({ ...e, name }));
      const clusters = model.clusters.map((c) => ({ ...c, environment: { ...c.environment, name } }));
      return generateQueries({ ...model, environments, clusters });
    };
    const plain = rename('prod');
    for (const [i, { content }] of rename('a"} or {b=~".+\\').entries()) {
      expect(broken(content)).toBe(false);
      expect(strings(content)).toBe(strings(plain[i]?.content ?? ''));
    }
  });
});

test("Datadog: the calls' bodies are taken, and count the same (our emulator)", async () => {
  const server = await startDatadog(
    records.map(({ time, attributes }, i) => ({ id: `l${i}`, time, service: 'edge', tags: ['env:prod'], attributes })),
  );
  try {
    for (const [question, { content }] of datadog) {
      const body = parseYaml(content) as { filter: object };
      const sent = await fetch(`${server.url}/api/v2/logs/analytics/aggregate`, {
        method: 'POST',
        headers: { 'dd-api-key': 'api', 'dd-application-key': 'app' },
        body: JSON.stringify({
          ...body,
          filter: {
            ...body.filter,
            from: new Date(window.from).toISOString(),
            to: new Date(window.to - 1).toISOString(),
          },
        }),
      });
      const text = await sent.text();
      expect(sent.status, text).toBe(200);
      const buckets = JSON.parse(text).data.buckets as { by: Stored; computes: Record<string, number> }[];
      if (question === 6) {
        expect(buckets.length).toBe(new Set(records.map((r) => r.attributes[fields.route.name] ?? '-')).size);
        for (const { computes } of buckets) expect(computes['c1']).toBeGreaterThanOrEqual(computes['c0'] ?? Infinity);
      } else
        expect(
          Object.fromEntries(
            buckets.map((b) => [
              keysOf(question)
                .map((k) => b.by[`@${k}`])
                .join('\t'),
              b.computes['c0'],
            ]),
          ),
        ).toEqual(truth(question));
    }
  } finally {
    await server.stop();
  }
});
