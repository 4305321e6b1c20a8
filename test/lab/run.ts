import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Beside, bootstrap } from './bootstrap.ts';
import { type Envoy, startEnvoy } from './envoy.ts';
import { type FormatName, formatNames } from './formats.ts';
import { makeKit } from './kit.ts';
import { overloadManager } from './overload.ts';
import type { Instance, Scenario, Site } from './scenario.ts';
import { scenarios as all } from './scenarios/index.ts';

/** What Envoy wrote during one scenario: the same requests in every format, in the same order. */
export interface ScenarioLines {
  readonly scenario: Scenario;
  readonly lines: Readonly<Record<FormatName, readonly string[]>>;
}

export interface LabOptions {
  readonly scenarios?: readonly Scenario[];
  /** Where to keep the logs; without it a temporary directory is used and removed. */
  readonly dir?: string;
  /** Scenarios in flight at once. */
  readonly concurrency?: number;
  readonly beside?: Beside;
}

/** The name that stands for the machine's own in every line; `%HOSTNAME%` is the pod's name in Kubernetes. */
export const labHost = 'gateway-lab-0';

async function limited<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

/** Runs the traffic of one instance; returns when all of it is over and logged. */
async function drive(
  envoy: Envoy,
  instance: Instance,
  sites: ReadonlyMap<string, Site>,
  concurrency: number,
  flushMs: number,
): Promise<void> {
  if (instance === 'failing') await envoy.admin('/healthcheck/fail', 'POST');
  const traffic = limited([...sites], concurrency, async ([name, site]) => {
    const port = envoy.ports.get(name);
    if (port === undefined) throw new Error(`Envoy has no listener for ${name}`);
    await Promise.race([site.run(port), sleep(30_000, undefined, { ref: false })]);
  });
  // Its scenarios are about requests that are in flight when the process ends.
  if (instance !== 'stopped') await traffic;
  else await sleep(500);
  await sleep(flushMs);
  await envoy.stop();
  await traffic;
}

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .replaceAll(hostname(), labHost)
    .split('\n')
    .filter((line) => line !== '');
}

/** Which scenario each line belongs to: the local port of Envoy Gateway's format, because every scenario has its own listener. */
function attribute(dir: string, ports: ReadonlyMap<string, number>): Map<string, Record<FormatName, string[]>> {
  const files = formatNames.map((format) => [format, linesOf(join(dir, `${format}.log`))] as const);
  const byPort = new Map([...ports].map(([name, port]) => [`127.0.0.1:${port}`, name]));
  const result = new Map<string, Record<FormatName, string[]>>();
  const keys = files.find(([format]) => format === 'envoy-gateway-json')?.[1] ?? [];
  for (const [format, lines] of files) {
    if (lines.length !== keys.length)
      throw new Error(`${format} has ${lines.length} lines, envoy-gateway-json has ${keys.length}`);
  }
  keys.forEach((key, n) => {
    const address = (JSON.parse(key) as { downstream_local_address: string }).downstream_local_address;
    const name = byPort.get(address) ?? '';
    const lines =
      result.get(name) ??
      (Object.fromEntries(formatNames.map((f) => [f, []])) as unknown as Record<FormatName, string[]>);
    for (const [format, text] of files) lines[format].push(text[n] ?? '');
    result.set(name, lines);
  });
  return result;
}

/** Runs the lab: starts the Envoys, provokes every scenario, stops everything, and returns what Envoy wrote. */
export async function runLab(options: LabOptions = {}): Promise<readonly ScenarioLines[]> {
  const scenarios = options.scenarios ?? all;
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'vigia-lab-'));
  mkdirSync(dir, { recursive: true });
  const { kit, close } = makeKit(dir);
  const envoys: Envoy[] = [];
  try {
    writeFileSync(join(dir, 'trusted.pem'), kit.trusted.cert);
    const sites = new Map<string, Site>();
    await Promise.all(scenarios.map(async (s) => sites.set(s.name, await s.prepare(kit))));
    const found = new Map<string, Record<FormatName, string[]>>();
    const instances = [...new Set(scenarios.map((s) => s.instance ?? 'main'))];
    await Promise.all(
      instances.map(async (instance) => {
        const own = scenarios.filter((s) => (s.instance ?? 'main') === instance);
        const mine = new Map(own.flatMap((s) => (sites.has(s.name) ? [[s.name, sites.get(s.name) as Site]] : [])));
        const home = join(dir, instance);
        // Envoy appends; the lines of an earlier run would be taken for this one's wherever a port comes back.
        rmSync(home, { recursive: true, force: true });
        mkdirSync(home, { recursive: true });
        const over = overloadManager(instance, home);
        const envoy = await startEnvoy(bootstrap(mine, home, over, options.beside), home);
        envoys.push(envoy);
        // Loggers over the network send once a second and lose what they hold when Envoy ends.
        await drive(envoy, instance, mine, options.concurrency ?? 16, options.beside ? 1500 : 200);
        for (const [name, lines] of attribute(home, envoy.ports)) found.set(name, lines);
      }),
    );
    const none = Object.fromEntries(formatNames.map((f) => [f, []])) as unknown as Record<FormatName, string[]>;
    return scenarios.map((scenario) => ({ scenario, lines: found.get(scenario.name) ?? none }));
  } finally {
    await Promise.allSettled(envoys.map((e) => e.stop()));
    await close();
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  }
}
