import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sends } from './helm-test.ts';
import { kubelet } from './kubelet.ts';
import { dir, get, lines, programs, rendered, started, until } from './parts.ts';
import { filesOf, podOf } from './pod.ts';

test('standalone: one record is in Prometheus under all rules and in Loki, and vigia watch answers for it', async () => {
  const watch = {
    enabled: true,
    image: { repository: 'registry.example.com/vigia', tag: '0.1.0' },
    args: [
      '--source=loki',
      '--loki-url=http://vigia-loki.vigia:3100',
      '--label=service_name=helm-test.vigia',
      '--every=5s',
      '--delay=5s',
      '--state=/var/lib/vigia/watch.json',
    ],
  };
  const items = await rendered('Deployment', 'standalone.enabled=true', `watch=${JSON.stringify(watch)}`);
  const change = (file: string, text: string): string => (file === 'prometheus.yaml' ? withoutCluster(text) : text);
  const node = await kubelet(items, join(dir, 'standalone'), { programs, change });
  const [collector, loki, prometheus] = await Promise.all([
    started(node.start('Deployment vigia/vigia-collector', 'collector')),
    started(node.start('Deployment vigia/vigia-loki', 'loki')),
    started(node.start('Deployment vigia/vigia-prometheus', 'prometheus')),
  ]);
  const failing = (arg: string) =>
    arg.replace('status_code="200"', 'status_code="503"').replace('flags="-"', 'flags="UH"');
  let more = true;
  const traffic = (async () => {
    for (; more; await sleep(1_000)) expect(await sends(node, failing)).toMatchObject({ code: 0 });
  })();
  expect(
    await until(
      () => lines(node),
      (n) => n > 7,
    ),
  ).toBeGreaterThan(7);
  const watching = await started(node.start('Deployment vigia/vigia-watch', 'watch'));
  const metrics = `http://127.0.0.1:${node.port(9464)}/metrics`;
  const verdict =
    /^gateway_verdict_failures_total\{[^\n]*environment="dev",cluster="dev"[^\n]*cause="no-healthy-upstream"[^\n]*\} [1-9]\d*$/m;
  // It counts from the first window that is all after its start, and there is something to count until it has.
  const counting = until(
    () => get(metrics),
    (text) => verdict.test(text),
  ).finally(() => {
    more = false;
  });
  expect(await counting).toMatch(verdict);
  await traffic;
  for (const probe of ['liveness', 'readiness'] as const)
    expect((await fetch(watching.probe[probe] ?? '')).status, probe).toBe(200);

  const api = `http://127.0.0.1:${node.port(9090)}/api/v1`;
  const query = async (q: string) =>
    JSON.parse(await get(`${api}/query?${new URLSearchParams({ query: q })}`)).data.result as {
      metric: Record<string, string>;
      value: [number, string];
    }[];
  const [counted] = await until(
    () => query('gateway_requests_total{gateway="helm-test.vigia"}'),
    (r) => r.length > 0,
  );
  expect(counted?.metric).toMatchObject({ environment: 'dev', cluster: 'dev', side: 'backend' });
  expect((await query('up{job=~"signals|collector"} == 1')).map((r) => r.metric['job']).sort()).toEqual([
    'collector',
    'signals',
  ]);
  const { groups } = JSON.parse(await get(`${api}/rules`)).data as {
    groups: { file: string; rules: { health: string; lastError?: string }[] }[];
  };
  const pod = podOf(items, 'Deployment vigia/vigia-prometheus');
  const volume = pod.volumes?.find((v) => v.name === 'rules');
  const files = Object.keys(filesOf(volume ?? { name: 'rules' }, items, 'vigia'));
  expect(files.length).toBeGreaterThan(3);
  expect(new Set(groups.map((g) => g.file.split('/').at(-1)))).toEqual(new Set(files));
  expect(groups.flatMap((g) => g.rules).filter((r) => r.health === 'err')).toEqual([]);
  // A scrape may have been before most of them.
  const [total] = await until(
    () => query('sum(gateway_requests_total{gateway="helm-test.vigia"})'),
    ([sum]) => Number(sum?.value[1]) > 3,
  );
  expect(Number(total?.value[1])).toBeGreaterThan(3);

  await watching.stop();
  expect(readdirSync(node.volume('Deployment vigia/vigia-watch', 'state'))).toEqual(['watch.json']);
  for (const { cwd } of [collector, loki, prometheus, watching]) expect(readdirSync(cwd)).toEqual([]);
});

/** Prometheus asks a cluster's DNS for the Collector's replicas and its API for the gateways' pods: here the first are told, the second left out. */
const withoutCluster = (text: string): string =>
  text
    .replaceAll(
      /dns_sd_configs: \[\{names: \["127\.0\.0\.1"\], type: A, port: (\d+)\}\]/g,
      'static_configs: [{targets: ["127.0.0.1:$1"]}]',
    )
    .replaceAll(/kubernetes_sd_configs: \[.*\]$/gm, 'static_configs: []');

test('Grafana, which is not on this machine: each file that its pod mounts is there, and its data sources are those of the boards', async () => {
  const items = await rendered('Deployment', 'standalone.enabled=true');
  const pod = podOf(items, 'Deployment vigia/vigia-grafana');
  const files = new Map((pod.volumes ?? []).map((v) => [v.name, v.emptyDir ? {} : filesOf(v, items, 'vigia')]));
  for (const { name, subPath } of pod.containers[0]?.volumeMounts ?? []) {
    expect(files.has(name), name).toBe(true);
    if (subPath !== undefined) expect(files.get(name), subPath).toHaveProperty([subPath]);
  }
  const boards = Object.values(files.get('boards') ?? {});
  expect(boards).toHaveLength(6);
  const used = new Set(boards.flatMap((b) => [...b.matchAll(/"datasource":\{"type":"(\w+)"/g)].map((m) => m[1])));
  const sources = files.get('config')?.['datasources.yaml'] ?? '';
  // `grafana` is Grafana's own, for annotations.
  used.delete('grafana');
  expect(used.size).toBe(2);
  for (const type of used) expect(sources).toContain(`type: ${type}`);
});
