import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fileKey } from '../../../src/envoy/fields.ts';
import { scraped } from '../../../src/signals/scraped.ts';
import { bootstrap } from '../../lab/bootstrap.ts';
import { type Envoy, startEnvoy } from '../../lab/envoy.ts';
import { makeKit } from '../../lab/kit.ts';
import type { Site } from '../../lab/scenario.ts';
import { scenarios } from '../../lab/scenarios/index.ts';
import { requestOf } from '../../real/pipeline/truth.ts';

/**
 * Records traffic.jsonl again: `node test/boards/traffic/record.ts` on the Node of `npm test`. A real Envoy takes the lab's requests; kept are its
 * own access log and its statistics before, between and after. Minutes differ from run to run, answers do not depend on them.
 */
const names = new Set(Object.values(scraped).flatMap((s) => (s.origin === 'envoy' ? [s.name] : [])));

async function statistics(envoy: Envoy): Promise<Record<string, number>> {
  // Histograms are merged once in five seconds.
  await sleep(5500);
  const text = await envoy.admin('/stats/prometheus');
  const lines = text.split('\n').filter((line) => {
    const name = /^\w+/.exec(line)?.[0].replace(/_(bucket|sum|count)$/, '') ?? '';
    return !line.startsWith('#') && (names.has(name) || names.has(/^\w+/.exec(line)?.[0] ?? ''));
  });
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

const dir = mkdtempSync(join(tmpdir(), 'vigia-traffic-'));
mkdirSync(join(dir, 'main'));
const { kit, close } = makeKit(dir);
writeFileSync(join(dir, 'trusted.pem'), kit.trusted.cert);
const sites = new Map<string, Site>();
for (const s of scenarios.filter((s) => (s.instance ?? 'main') === 'main')) sites.set(s.name, await s.prepare(kit));
const envoy = await startEnvoy(bootstrap(sites, dir), dir);
const run = (some: readonly (readonly [string, Site])[]): Promise<unknown> =>
  Promise.all(
    some.map(([name, site]) =>
      Promise.race([site.run(envoy.ports.get(name) ?? 0), sleep(20_000, undefined, { ref: false })]),
    ),
  );
const all = [...sites];
const before = await statistics(envoy);
await run(all.filter((_, i) => i % 3 !== 0));
const between = await statistics(envoy);
await run(all.filter((_, i) => i % 3 === 0));
const after = await statistics(envoy);
await envoy.stop();
await close();

const of = (key: string): boolean => {
  const cluster = /envoy_cluster_name="([^"]*)"/.exec(key)?.[1];
  if ((after[key] ?? 0) > 0) return true;
  if (cluster !== undefined)
    return (after[`envoy_cluster_upstream_rq_total{envoy_cluster_name="${cluster}"}`] ?? 0) > 0;
  return (after[key] ?? 0) !== 0 || (before[key] ?? 0) !== 0;
};
const busy = Object.keys(after).filter(of);
// Of what is nought, ten clusters say as much as all; and a cluster that never answered has a histogram of nothing.
const few = new Set(
  [...new Set(busy.flatMap((key) => /envoy_cluster_name="([^"]*)"/.exec(key)?.[1] ?? []))].slice(0, 10),
);
const kept = busy.filter(
  (key) =>
    (after[key] ?? 0) > 0 ||
    (!key.includes('_rq_time_') && few.has(/envoy_cluster_name="([^"]*)"/.exec(key)?.[1] ?? '')) ||
    (/_rq_time_bucket/.test(key) && (after[key.replace('_bucket', '_count').replace(/,le="[^"]*"/, '')] ?? 0) > 0),
);
const ports = new Map([...envoy.ports].map(([name, port]) => [`127.0.0.1:${port}`, name]));
const address = readFileSync(join(dir, 'envoy-gateway-json.log'), 'utf8').trim().split('\n');
const requests = readFileSync(join(dir, 'vigia.log'), 'utf8')
  .trim()
  .split('\n')
  .map((line, i) => {
    const local =
      (JSON.parse(address[i] ?? '{}') as { downstream_local_address?: string }).downstream_local_address ?? '';
    const time = Date.parse(String((JSON.parse(line) as Record<string, unknown>)[fileKey('time')]));
    return { scenario: ports.get(local) ?? '', time, ...requestOf(line) };
  });
const start = Math.min(...requests.map((r) => r.time));
const lines = [
  ...requests.map(({ time, ...r }) => ({ ms: time - start, ...r })),
  ...kept.map((key) => ({ statistic: key, values: [before[key] ?? 0, between[key] ?? 0, after[key] ?? 0] })),
].map((line) => JSON.stringify(line));
writeFileSync(fileURLToPath(new URL('traffic.jsonl', import.meta.url)), `${lines.join('\n')}\n`);
rmSync(dir, { recursive: true, force: true });
process.stdout.write(`${requests.length} requests, ${kept.length} statistics\n`);
