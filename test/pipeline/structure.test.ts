import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Model } from '../../src/contract/model.ts';
import { generateCollector } from '../../src/generate/collector/index.ts';
import { atVersion, modelOf } from '../real/pipeline/contract.ts';
import { contracts } from './contracts.ts';
import { type Config, structureProblems } from './structure.ts';

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/contracts/${name}/vigia.yaml`, import.meta.url), 'utf8');
const all = Object.entries({ ...contracts, 'examples/small': example('small'), 'examples/large': example('large') });

const read = (content: string): Config => parse(content) as Config;
const configs = (model: Model): readonly { path: string; content: string; config: Config; persistent: boolean }[] =>
  generateCollector(model).map(({ path, content }, i) => ({
    path,
    content,
    config: read(content),
    persistent: model.clusters[i]?.collector.queue.persistent ?? false,
  }));

describe.each(all)('%s', (_, contract) => {
  test.each(['0.155.0', '0.165.0'])('keeps the rules at %s', (version) => {
    const made = configs(atVersion(modelOf(contract), version));
    expect(made.length).toBeGreaterThan(0);
    for (const { path, config, persistent } of made) expect(structureProblems(config, persistent), path).toEqual([]);
  });
});

/** A configuration that has most blocks, spoilt by one change. */
function spoilt(change: (config: Config) => void, contract = all[1]?.[1] ?? ''): readonly string[] {
  const [made] = configs(modelOf(contract));
  if (made === undefined) throw new Error('the contract makes no configuration');
  change(made.config);
  return structureProblems(made.config, made.persistent);
}
const pipeline = (config: Config, name: string): { receivers: string[]; processors: string[]; exporters: string[] } => {
  const found = config.service.pipelines[name];
  if (found === undefined) throw new Error(`no pipeline ${name}`);
  found.processors ??= [];
  return found as { receivers: string[]; processors: string[]; exporters: string[] };
};
const statements = (config: Config): { statements: string[] }[] =>
  (config.processors['transform/store'] as { log_statements: { statements: string[] }[] }).log_statements;

test.each<[string, (config: Config) => void]>([
  ['processors: extra is not used', (c) => void Object.assign(c.processors, { extra: {} })],
  ['exporters: gone is not defined', (c) => void pipeline(c, 'traces').exporters.push('gone')],
  ['connectors: forward/x is not used on both ends', (c) => void Object.assign(c.connectors, { 'forward/x': {} })],
  ['logs/access: memory_limiter is not first', (c) => void pipeline(c, 'logs/access').processors.reverse()],
  ['logs/access: batch is not second', (c) => void pipeline(c, 'logs/access').processors.splice(1, 1)],
  ['2 pipelines feed signal_to_metrics', (c) => void pipeline(c, 'logs/store').exporters.push('signal_to_metrics')],
  ['metrics/access: deltas are not summed', (c) => void pipeline(c, 'metrics/access').processors.splice(1, 1)],
  [
    'metrics/access: labels, sums and intervals are out of order',
    (c) => void pipeline(c, 'metrics/access').processors.reverse(),
  ],
  [
    'logs/access: otlp_http/cloudwatch gets records that are not redacted',
    (c) => void pipeline(c, 'logs/access').exporters.push('otlp_http/cloudwatch'),
  ],
  ['transform/store: the body is left as it came', (c) => void statements(c).pop()],
  ['otlp_http/cloudwatch: gives up', (c) => void delete c.exporters['otlp_http/cloudwatch']?.['retry_on_failure']],
  ['otlp_http/cloudwatch: has no queue', (c) => void delete c.exporters['otlp_http/cloudwatch']?.['sending_queue']],
  [
    'otlp_http/cloudwatch: its queue is in memory',
    (c) => void Object.assign(c.exporters['otlp_http/cloudwatch']?.['sending_queue'] ?? {}, { storage: undefined }),
  ],
  [
    'exporters.otlp_http/traces.headers.x-api-key: a credential in the file',
    (c) => void Object.assign(c.exporters['otlp_http/traces'] ?? {}, { headers: { 'x-api-key': 'abc' } }),
  ],
  [
    'receivers.otlp.endpoint: listens on every address',
    (c) => void Object.assign(c.receivers['otlp'] ?? {}, { endpoint: '0.0.0.0:4317' }),
  ],
  [
    'exporters.otlp_http/traces.endpoint: an open $ in http://$HOST/',
    (c) => void Object.assign(c.exporters['otlp_http/traces'] ?? {}, { endpoint: 'http://$HOST/' }),
  ],
])('%s: is seen', (problem, change) => {
  expect(spoilt(change)).toContain(problem);
});

test('a newer version changes the names that it renamed and nothing else', () => {
  const lines = (version: string): readonly string[] =>
    configs(atVersion(modelOf(all[1]?.[1] ?? ''), version)).flatMap(({ content }) => content.split('\n'));
  const [old, newer] = [lines('0.155.0'), lines('0.165.0')];
  expect(newer.filter((line) => !old.includes(line))).toEqual([
    '# For otel/opentelemetry-collector-contrib:0.165.0. The pod must set MY_POD_IP and POD_NAME, and QUEUE_DIR to a volume.',
    '  delta_to_cumulative:',
    '    http:',
    '      endpoint: https://mimir.example.com/api/v1/push',
    '      headers:',
    '        X-Scope-OrgID: gateways',
    '      auth:',
    '        authenticator: basicauth/metrics',
    '      - delta_to_cumulative',
  ]);
  expect(old.filter((line) => !newer.includes(line))).toEqual([
    '# For otel/opentelemetry-collector-contrib:0.155.0. The pod must set MY_POD_IP and POD_NAME, and QUEUE_DIR to a volume.',
    '  deltatocumulative:',
    '    endpoint: https://mimir.example.com/api/v1/push',
    '      X-Scope-OrgID: gateways',
    '      authenticator: basicauth/metrics',
    '      - deltatocumulative',
  ]);
});

test.each([
  ['0.155.0', 'deltatocumulative', false],
  ['0.157.0', 'deltatocumulative', false],
  ['0.158.0', 'delta_to_cumulative', false],
  ['0.159.0', 'delta_to_cumulative', true],
  ['0.165.1', 'delta_to_cumulative', true],
])('%s has %s, remote write under http: %s', (version, sums, nested) => {
  const [made] = configs(atVersion(modelOf(all[1]?.[1] ?? ''), version));
  expect(Object.keys(made?.config.processors ?? {})).toContain(sums);
  expect('http' in (made?.config.exporters['prometheus_remote_write'] ?? {})).toBe(nested);
});
