import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from './json.ts';

/** Where `npm run tools -- envoy` links the pinned Envoy. */
export const envoyBinary = fileURLToPath(new URL('../../.tools/envoy', import.meta.url));

/** A running Envoy. */
export interface Envoy {
  /** Envoy's own application log, with warnings and the reason when it refuses to start. */
  readonly logFile: string;
  /** Ports by listener name. */
  readonly ports: ReadonlyMap<string, number>;
  admin(path: string, method?: 'GET' | 'POST'): Promise<string>;
  /** Ends it the way Kubernetes does (SIGTERM), so that the access logs are flushed. */
  stop(): Promise<void>;
}

// An Envoy that outlives a crashed or interrupted lab would keep its memory and ports for ever.
const running = new Set<ChildProcess>();
const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL');
};
process.once('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killAll();
    // The handler is gone (once), so the same signal now ends us as it would have without us.
    process.kill(process.pid, signal);
  });
}

interface Listeners {
  readonly listener_statuses?: readonly {
    readonly name: string;
    readonly local_address: { readonly socket_address: { readonly port_value: number } };
  }[];
}

/** Starts Envoy in `dir` and returns when every listener takes connections. */
export async function startEnvoy(config: JsonObject, dir: string, timeoutMs = 20_000): Promise<Envoy> {
  mkdirSync(dir, { recursive: true });
  const configFile = join(dir, 'envoy.json');
  const adminFile = join(dir, 'admin-address');
  const logFile = join(dir, 'envoy.log');
  writeFileSync(configFile, JSON.stringify(config));
  const log = openSync(logFile, 'w');
  const child = spawn(
    envoyBinary,
    [
      ...['-c', configFile, '--concurrency', '1', '--use-dynamic-base-id', '--admin-address-path', adminFile],
      ...['--file-flush-interval-msec', '50', '-l', 'info', '--drain-time-s', '1', '--parent-shutdown-time-s', '2'],
    ],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  running.add(child);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  const base = (): string => `http://${readFileSync(adminFile, 'utf8').trim()}`;
  const admin = async (path: string, method: 'GET' | 'POST' = 'GET'): Promise<string> => {
    const reply = await fetch(`${base()}${path}`, { method, signal: AbortSignal.timeout(5000) });
    return reply.text();
  };
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const slow = setTimeout(() => child.kill('SIGKILL'), 8000);
    await gone;
    clearTimeout(slow);
  };
  const deadline = Date.now() + timeoutMs;
  while (!(existsSync(adminFile) && (await admin('/ready').catch(() => '')).startsWith('LIVE'))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      const said = readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((l) => /\]\[(warning|error|critical)\]/.test(l));
      throw new Error(
        `Envoy did not start; its last words in ${logFile}:\n${said
          .slice(-5)
          .map((l) => l.slice(0, 600))
          .join('\n')}`,
      );
    }
    await sleep(50);
  }
  const listeners = JSON.parse(await admin('/listeners?format=json')) as Listeners;
  const ports = new Map(
    (listeners.listener_statuses ?? []).map((l) => [l.name, l.local_address.socket_address.port_value]),
  );
  return { logFile, ports, admin, stop };
}
