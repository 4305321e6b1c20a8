import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../../src/contract/model.ts';
import { generateCollector } from '../../../src/generate/collector/index.ts';
import { binaries, startCollector, type Version } from '../tools/collector.ts';
import type { Daemon } from '../tools/daemon.ts';
import { freePorts } from '../tools/ports.ts';
import { clusterOf } from './contract.ts';

/** The ports a generated configuration names, and where they are in this run. */
export interface Ports {
  readonly otlp: number;
  readonly metrics: number;
  readonly own: number;
  readonly health: number;
}

export interface GeneratedCollector {
  readonly ports: Ports;
  readonly config: string;
  /** With more environment variables, and the configuration changed where this machine is not what it was written for. */
  start(more?: Readonly<Record<string, string>>, changed?: (config: string) => string): Promise<Daemon>;
}

/** A generated configuration with its fixed ports moved to free ones of this machine. */
export async function onFreePorts(text: string): Promise<{ readonly ports: Ports; readonly config: string }> {
  const [otlp = 0, metrics = 0, own = 0, health = 0] = await freePorts(4);
  const config = text
    .replaceAll('MY_POD_IP}:4317', `MY_POD_IP}:${otlp}`)
    .replaceAll(':8889', `:${metrics}`)
    .replaceAll('port: 8888', `port: ${own}`)
    .replaceAll(':8888', `:${own}`)
    .replaceAll(':13133', `:${health}`);
  return { ports: { otlp, metrics, own, health }, config };
}

/** The configuration that is generated for the model's only cluster, on free ports, and how to start the Collector of its version. */
export async function generatedCollector(model: Model, dir: string, pod = 'collector-0'): Promise<GeneratedCollector> {
  mkdirSync(dir, { recursive: true });
  const [artefact] = generateCollector(model);
  const { ports, config } = await onFreePorts(artefact?.content ?? '');
  const binary = binaries[clusterOf(model).collector.version as Version];
  const env = { MY_POD_IP: '127.0.0.1', POD_NAME: pod, QUEUE_DIR: join(dir, 'queue') };
  return {
    ports,
    config,
    start: (more = {}, changed = (text) => text) => startCollector(changed(config), dir, { ...env, ...more }, binary),
  };
}
