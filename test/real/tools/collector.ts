import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.ts';
import { type Ended, runTool } from './tool.ts';

type Environment = Readonly<Record<string, string>>;

/** The Collectors that are built, by their version: what configurations are written for by default, and the newest that could be. */
export const binaries = { '0.155.0': 'otelcol', '0.161.0': 'otelcol-newest' } as const;
export type Version = keyof typeof binaries;
type Binary = (typeof binaries)[Version];

/** `otelcol validate` on a configuration (YAML or JSON text). It starts nothing: busy ports and absent backends pass. */
export function validateCollector(
  config: string,
  dir: string,
  env: Environment = {},
  binary: Binary = 'otelcol',
): Promise<Ended> {
  return runTool(binary, ['validate', '--config', written(config, dir)], { env });
}

/** Starts a Collector in `dir` on the configuration's own ports; returns when every pipeline runs. */
export function startCollector(
  config: string,
  dir: string,
  env: Environment = {},
  binary: Binary = 'otelcol',
): Promise<Daemon> {
  return startDaemon({
    name: binary,
    args: ['--config', written(config, dir)],
    logFile: join(dir, 'collector.log'),
    env,
    // The health_check extension says only that the process is up; this line comes after the last component has started.
    ready: (log) => log().includes('Everything is ready.'),
  });
}

/** Warnings of a Collector's log about names and keys that a later version will refuse; `validate` says nothing about those. */
export function deprecations(log: string): readonly string[] {
  return log.split('\n').filter((line) => /deprecat/i.test(line));
}

function written(config: string, dir: string): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'collector.yaml');
  writeFileSync(file, config);
  return file;
}
