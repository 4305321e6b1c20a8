import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { signals } from '../../src/signals/catalogue.ts';
import { metricName } from '../../src/signals/spelling.ts';
import { exporter, sixteens, someRequests } from './otlp/envoy-records.ts';
import { send } from './otlp/sender.ts';
import { generatedCollector } from './pipeline/collector.ts';
import { modelOf } from './pipeline/contract.ts';
import { total } from './pipeline/truth.ts';
import { startCluster } from './tools/kubernetes.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigia-pods-'));
const stopping: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stopping.reverse()) await stop();
  rmSync(dir, { recursive: true, force: true });
});

const contract = `
version: 1
kgateway: { version: "2.4" }
environments:
  dev:
    metrics: { to: prometheus }
    logs: { to: file, path: ${join(dir, 'stored.json')} }
    traces: { to: none }
clusters: { dev: { environment: dev } }
gateways: [{ name: edge, namespace: gateways }]
labels:
  owner: { from: pod-label, label: example.com/owner, values: [shop, search] }
collector: { queue: { persistent: false }, replicas: 1 }
`;

/** The gateway's pod, as kgateway runs it, with an owner. */
const pod = (owner: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: edge-0, namespace: gateways, labels: { example.com/owner: ${owner} } }
spec: { containers: [{ name: kgateway-proxy, image: "envoy:1" }] }
`;

test("a label of the gateway's pod is on its metrics, read from a real Kubernetes API and held to its values", async () => {
  const cluster = await startCluster(join(dir, 'kubernetes'));
  stopping.push(cluster.stop);
  expect((await cluster.kubectl(['create', 'namespace', 'gateways'])).code).toBe(0);
  const applied = await cluster.apply(pod('shop'));
  expect(applied.code, applied.stderr).toBe(0);

  const model = modelOf(contract);
  const generated = await generatedCollector(model, join(dir, 'collector'));
  // A pod would use its own account.
  const collector = await generated.start({ KUBECONFIG: cluster.kubeconfig }, (config) =>
    config.replace('auth_type: serviceAccount', 'auth_type: kubeConfig'),
  );
  stopping.push(collector.stop);
  await sleep(1000);
  const requests = someRequests(320, 21, 0.1);
  const messages = sixteens(requests).map(exporter(model));
  await send([generated.ports.otlp], messages);
  const counted = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`http://127.0.0.1:${generated.ports.metrics}/metrics`)).text();
    const name = metricName(signals.requests, 'prometheus');
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
    return total(
      lines,
      (line) => /[{,]owner="([^"]*)"/.exec(line)?.[1] ?? '',
      (line) => Number(line.split(' ').at(-1)),
    );
  };
  const until = async (wanted: Record<string, number>): Promise<void> => {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(200))
      if (JSON.stringify(await counted()) === JSON.stringify(wanted)) break;
    expect(await counted()).toEqual(wanted);
  };
  await until({ shop: 320 });

  // Nobody who may label a pod can mint a series.
  expect((await cluster.apply(pod('somebody'))).code).toBe(0);
  await sleep(1000);
  await send([generated.ports.otlp], messages);
  await until({ other: 320, shop: 320 });
});
