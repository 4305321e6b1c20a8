import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect } from 'vitest';
import { exampleModel, modelOf } from '../../../generate/model.ts';
import type { Daemon } from '../../tools/daemon.ts';
import { freePorts } from '../../tools/ports.ts';
import { helm, type Item, items, writeChart } from '../helm.ts';
import type { Here, kubelet } from './kubelet.ts';

export type Kubelet = Awaited<ReturnType<typeof kubelet>>;

export const dir = mkdtempSync(join(tmpdir(), 'vigia-pods-'));
const contract = readFileSync(new URL('../../../../examples/contracts/small/vigia.yaml', import.meta.url), 'utf8');
const charts = {
  Deployment: writeChart(exampleModel('small'), join(dir, 'small')),
  StatefulSet: writeChart(
    modelOf(contract.replace('replicas: 1\n  queue: { persistent: false }', 'replicas: 2')),
    join(dir, 'volumes'),
  ),
};

const running: Daemon[] = [];
/** Whatever is started by a test ends with it. */
export async function started<T extends Daemon>(daemon: Promise<T>): Promise<T> {
  running.push(await daemon);
  return daemon;
}
afterEach(async () => {
  for (const daemon of running.splice(0).reverse()) await daemon.stop();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The small contract's chart, as real Helm renders it, with values as `key=JSON`; a StatefulSet's Collectors have volumes. */
export async function rendered(kind: keyof typeof charts, ...values: string[]): Promise<readonly Item[]> {
  const chart = charts[kind];
  const set = values.flatMap((v) => ['--set-json', v]);
  const file = join(chart, 'clusters/dev.yaml');
  const done = await helm(dir, ['template', 'vigia', chart, '-n', 'vigia', '-f', file, ...set]);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return items(done.stdout);
}

const bin = fileURLToPath(new URL('../../../../src/bin.ts', import.meta.url));
const [lokiGrpc = 0] = await freePorts(1);
/** The images' entry points; vigia's is its source, as in all tests. */
export const programs: Here['programs'] = {
  collector: { tool: 'otelcol' },
  prometheus: { tool: 'prometheus', last: (port) => [`--web.listen-address=127.0.0.1:${port(9090)}`] },
  loki: {
    tool: 'loki',
    last: () => ['-server.http-listen-address=127.0.0.1', `-server.grpc-listen-port=${lokiGrpc}`],
  },
  watch: { path: process.execPath, first: ['--disable-warning=ExperimentalWarning', bin] },
};

export const get = async (url: string): Promise<string> => (await fetch(url)).text();

/** What it last was, when it was good or the time was up. */
export async function until<T>(what: () => Promise<T>, good: (found: T) => boolean, ms = 40_000): Promise<T> {
  for (const end = Date.now() + ms; ; await sleep(300)) {
    const found = await what();
    if (good(found) || Date.now() > end) return found;
  }
}

/** How many records the standalone Loki has of the last hour. */
export async function lines(node: Kubelet): Promise<number> {
  const query = new URLSearchParams({ query: 'sum(count_over_time({service_name="helm-test.vigia"}[1h]))' });
  const answer = JSON.parse(await get(`http://127.0.0.1:${node.port(3100)}/loki/api/v1/query?${query}`));
  return Number(answer.data.result[0]?.value[1] ?? 0);
}
