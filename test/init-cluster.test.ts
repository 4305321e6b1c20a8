import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterOf } from '../src/contract/draft/cluster-name.ts';
import { readContract } from '../src/contract/read.ts';

// kubectl is played by a script that answers as kubectl does and writes down how it was called; the program around it is the real one.
const dir = mkdtempSync(join(tmpdir(), 'vigia-kubectl-'));
const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
const context = 'arn:aws:eks:sa-east-1:123456789012:cluster/Prod_Main';

const gateway = JSON.stringify({
  items: [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'public', namespace: 'edge' },
      spec: { gatewayClassName: 'kgateway' },
    },
  ],
});

function kubectl(script: string): void {
  writeFileSync(join(dir, 'kubectl'), `#!/bin/sh\necho "$@" >> "${dir}/calls"\n${script}\n`);
  chmodSync(join(dir, 'kubectl'), 0o755);
}

function init(...args: string[]) {
  rmSync(join(dir, 'calls'), { force: true });
  return spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', bin, 'init', '--from-cluster', ...args],
    {
      cwd: dir,
      encoding: 'utf8',
      env: { PATH: dir },
    },
  );
}

beforeAll(() => writeFileSync(join(dir, 'gateway.json'), `${gateway}\n`));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('without kubectl it says so, and the other way', () => {
  rmSync(join(dir, 'kubectl'), { force: true });
  const ran = init();
  expect(ran.status).toBe(3);
  expect(ran.stderr).toContain('kubectl is not on the PATH');
  expect(ran.stderr).toContain('vigia init --from-manifests cluster.json');
});

test('what kubectl refuses is shown, and ends it', () => {
  kubectl('echo "error: context \\"x\\" does not exist" >&2; exit 1');
  const ran = init('--context', 'x');
  expect(ran.status).toBe(3);
  expect(ran.stderr).toContain('kubectl get gateways.gateway.networking.k8s.io: error: context "x" does not exist');
});

test('a cluster becomes a contract: its name, region and account from the context, what it lacks said', () => {
  kubectl(`case "$*" in
  *current-context*) echo '${context}';;
  *" gateways."*|"get gateways."*) while read -r line; do echo "$line"; done < "${dir}/gateway.json";;
  *httproutes*) echo 'error: the server does not have a resource type "httproutes"' >&2; exit 1;;
  *) echo '{"items":[]}';;
esac`);
  const ran = init('--out', '-');
  expect(ran.stderr).toContain('vigia: without httproutes.gateway.networking.k8s.io: error: the server');
  expect(ran.stderr).toContain('found 1 gateway and 0 routes');
  expect(ran.status).toBe(0);
  const reading = readContract(ran.stdout);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  expect(reading.contract.clusters).toEqual({
    'prod-main': { environment: 'dev', region: 'sa-east-1', account: '123456789012' },
  });
  expect(reading.contract.gateways.map((g) => `${g.namespace}/${g.name}`)).toEqual(['edge/public']);
});

test('kubectl is only ever asked to read, in the wanted context', () => {
  init('--context', 'prod; rm -rf /', '--out', '-');
  const calls = readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n');
  expect(calls.length).toBe(6);
  for (const call of calls) expect(call).toMatch(/^get .* -o json --context=prod; rm -rf \/ --request-timeout=30s$/);
});

test.each([
  ['arn:aws:eks:eu-west-1:123456789012:cluster/prod', { name: 'prod', region: 'eu-west-1', account: '123456789012' }],
  ['me@shop.us-east-1.eksctl.io', { name: 'shop', region: 'us-east-1', account: undefined }],
  ['kind-kind', { name: 'kind-kind', region: undefined, account: undefined }],
  ['___', { name: 'dev', region: undefined, account: undefined }],
])('context %s', (context, cluster) => {
  expect(clusterOf(context)).toEqual(cluster);
});
