import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Model } from '../../src/contract/model.ts';
import { generate } from '../../src/generate/index.ts';
import { envoyBinary } from '../lab/envoy.ts';
import { exampleModel, hostile, modelOf } from './model.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigia-envoy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Fragment {
  readonly http_connection_manager: Readonly<Record<string, unknown>>;
  readonly clusters: readonly object[];
  readonly stats_config: object;
}

const type = (name: string) => ({ '@type': `type.googleapis.com/envoy.extensions.filters.${name}` });

/** A bootstrap with a listener for each fragment: what the files' remark tells a reader to do. */
function bootstrap(fragments: readonly Fragment[]): object {
  const [first] = fragments;
  const listeners = fragments.map(({ http_connection_manager }, i) => ({
    name: `gateway-${i}`,
    address: { socket_address: { address: '127.0.0.1', port_value: 20_000 + i } },
    filter_chains: [
      {
        filters: [
          {
            name: 'hcm',
            typed_config: {
              ...type('network.http_connection_manager.v3.HttpConnectionManager'),
              stat_prefix: `gateway-${i}`,
              route_config: { name: 'r' },
              http_filters: [{ name: 'router', typed_config: type('http.router.v3.Router') }],
              ...http_connection_manager,
            },
          },
        ],
      },
    ],
  }));
  return { stats_config: first?.stats_config, static_resources: { listeners, clusters: first?.clusters } };
}

function validated(model: Model, cluster: string): string {
  const files = generate(model, ['envoy']).filter((a) => a.path.startsWith(`envoy/${cluster}/`));
  expect(files.length).toBeGreaterThan(0);
  const config = bootstrap(files.map((f) => parse(f.content) as Fragment));
  const file = join(folder, `${cluster}.json`);
  // Envoy opens the file even to validate, and a test's standard output is no file.
  writeFileSync(file, JSON.stringify(config).replaceAll(/"path":"\/[^"]*"/g, '"path":"/dev/null"'));
  const args = ['--mode', 'validate', '-c', file, '-l', 'warning', '--service-node', 'p.n', '--service-cluster', 'c'];
  return execFileSync(envoyBinary, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test.each([
  ['the small contract', exampleModel('small'), 'dev'],
  ['the large contract', exampleModel('large'), 'prod-us-east-1'],
  ['hostile values', modelOf(hostile), 'c'],
])('Envoy takes the fragments of %s', (_, model, cluster) => {
  expect(validated(model, cluster)).toContain('OK');
});
