import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

// kubectl is played by a script that answers as kubectl does and writes down how it was called; the program around it is the real one.
const dir = mkdtempSync(join(tmpdir(), 'vigia-cost-'));
const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const route = (kind: string, name: string) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec: {
    parentRefs: [{ name: 'public', namespace: 'edge' }],
    rules: [{ backendRefs: [{ name, port: 80 }] }, { backendRefs: [{ name, port: 80 }] }],
  },
});

test("--from-cluster counts the cluster's routes, HTTP and gRPC, and only reads", () => {
  writeFileSync(
    join(dir, 'vigia.yaml'),
    `version: 1
kgateway: { version: "2.3" }
environments:
  dev: { metrics: { to: prometheus }, logs: { to: file }, traces: { to: none } }
clusters: { dev: { environment: dev } }
gateways:
  - { name: public, namespace: edge }
`,
  );
  const list = (...items: object[]) => JSON.stringify({ items });
  writeFileSync(join(dir, 'http.json'), list(route('HTTPRoute', 'a'), route('HTTPRoute', 'b')));
  writeFileSync(join(dir, 'grpc.json'), list(route('GRPCRoute', 'c')));
  writeFileSync(
    join(dir, 'kubectl'),
    `#!/bin/sh
echo "$@" >> "${dir}/calls"
case "$2" in
  httproutes*) while read -r line; do echo "$line"; done < "${dir}/http.json" ;;
  grpcroutes*) while read -r line; do echo "$line"; done < "${dir}/grpc.json" ;;
  services) echo "error: services is forbidden" >&2; exit 1 ;;
  current-context) echo dev ;;
  *) echo '{"items":[]}' ;;
esac
`,
  );
  chmodSync(join(dir, 'kubectl'), 0o755);
  for (const file of ['http.json', 'grpc.json'])
    writeFileSync(join(dir, file), `${readFileSync(join(dir, file), 'utf8')}\n`);
  const ran = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', bin, 'cost', '--from-cluster', '--context', 'dev', '-o', 'json'],
    { cwd: dir, encoding: 'utf8', env: { PATH: dir } },
  );
  expect(ran, ran.stderr).toMatchObject({
    status: 0,
    stderr: 'vigia: without services: error: services is forbidden\n',
  });
  const { clusters } = JSON.parse(ran.stdout) as { clusters: { workload: object }[] };
  expect(clusters[0]?.workload).toMatchObject({
    routes: 6,
    backends: 3,
    from: { kind: 'assumed', routesFrom: 'manifests' },
  });
  const calls = readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n');
  expect(calls.filter((call) => !/^get \S+ (-A|-n kgateway-system) -o json --context=dev/.test(call))).toEqual([]);
});
