import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alignment } from '../../src/align/align.ts';
import { type Cluster, crdsMissing, installCrds, startCluster } from './tools/kubernetes.ts';
import { toolPath } from './tools/tool.ts';

if (crdsMissing !== undefined) process.stderr.write(`skipped: ${crdsMissing}\n`);

const contract = `version: 1
kgateway: { version: "2.3" }
environments: { dev: { metrics: { to: prometheus }, logs: { to: file }, traces: { to: none } } }
clusters: { dev: { environment: dev } }
gateways: [{ name: public, namespace: edge, loadBalancer: { type: alb } }]
backends:
  - { name: checkout, namespace: shop, server: node }
  - { name: reports, namespace: shop, keepAlive: 20s }
`;

const objects = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Namespace
metadata: { name: edge }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: kgateway, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: shop, namespace: shop }
spec:
  parentRefs: [{ name: public, namespace: edge }]
  rules:
    - backendRefs: [{ name: checkout, port: 80 }]
    - { name: slow, timeouts: { request: 90s }, backendRefs: [{ name: reports, port: 80 }] }
---
apiVersion: gateway.kgateway.dev/v1alpha1
kind: BackendConfigPolicy
metadata: { name: pools, namespace: shop }
spec:
  targetRefs: [{ group: "", kind: Service, name: reports }]
  connectTimeout: 2s
  commonHttpProtocolOptions: { idleTimeout: 1m, maxRequestsPerConnection: 1000 }
`;

describe.skipIf(crdsMissing !== undefined)('with ../shared beside the checkout: a real kube-apiserver', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-align-'));
  let cluster: Cluster;

  beforeAll(async () => {
    writeFileSync(join(folder, 'vigia.yaml'), contract);
    cluster = await startCluster(folder);
    await installCrds(cluster);
    expect(await cluster.apply(objects)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The command as it is typed, with the real kubectl. */
  async function vigia(...args: readonly string[]) {
    const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', bin, 'align', '--from-cluster', ...args],
      {
        cwd: folder,
        env: {
          ...process.env,
          KUBECONFIG: cluster.kubeconfig,
          PATH: `${dirname(toolPath('kubectl'))}${delimiter}${process.env['PATH']}`,
        },
      },
    );
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.setEncoding('utf8').on('data', (d) => out.push(d));
    child.stderr.setEncoding('utf8').on('data', (d) => err.push(d));
    const code = await new Promise((resolve) => child.on('exit', resolve));
    return { code, out: out.join(''), err: err.join('') };
  }

  const told = async () => {
    const { out, err } = await vigia('-o', 'json');
    expect(err).toBe('');
    return (JSON.parse(out) as Alignment).findings.map((f) => `${f.rule} ${f.where}`);
  };

  test('what it says of a cluster is mended by what it prints, and by nothing else', async () => {
    const slow = 'load-balancer-gives-up HTTPRoute shop/shop, slow';
    expect(await told()).toEqual([
      'backend-closes-first Service shop/checkout',
      'backend-closes-first Service shop/reports',
      slow,
    ]);
    const { code, out } = await vigia('-o', 'yaml');
    expect(code).toBe(1);
    // The server takes it, with kgateway's own rules: a new policy, and one field of the one that was there.
    const applied = await cluster.kubectl(
      ['apply', '--server-side', '--validate=strict', '--force-conflicts', '-f', '-'],
      out,
    );
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    expect(await told()).toEqual([slow]);
    const got = await cluster.kubectl([
      'get',
      'backendconfigpolicies.gateway.kgateway.dev',
      '-n',
      'shop',
      '-o',
      'json',
    ]);
    const items = JSON.parse(got.stdout).items.map((i: { metadata: { name: string }; spec: object }) => [
      i.metadata.name,
      i.spec,
    ]);
    expect(Object.fromEntries(items)).toEqual({
      checkout: {
        targetRefs: [{ group: '', kind: 'Service', name: 'checkout' }],
        commonHttpProtocolOptions: { idleTimeout: '4s' },
      },
      pools: {
        targetRefs: [{ group: '', kind: 'Service', name: 'reports' }],
        connectTimeout: '2s',
        commonHttpProtocolOptions: { idleTimeout: '18s', maxRequestsPerConnection: 1000 },
      },
    });
  });
});
