import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemon, startDaemon } from './daemon.ts';
import { freePorts } from './ports.ts';

/** One series of an instant query's answer. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus extends Daemon {
  readonly url: string;
  /** An instant query, now. */
  query(expression: string): Promise<readonly Sample[]>;
  /** The same, asked again until `enough` of it or the time is up; what it answered last either way. */
  queryUntil(
    expression: string,
    enough: (samples: readonly Sample[]) => boolean,
    timeoutMs?: number,
  ): Promise<readonly Sample[]>;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

/** Starts Prometheus in `dir` with a configuration (YAML or JSON text) on a free port; it takes remote write and OTLP too. */
export async function startPrometheus(config: string, dir: string, flags: readonly string[] = []): Promise<Prometheus> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'prometheus.yaml');
  writeFileSync(file, config);
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const daemon = await startDaemon({
    name: 'prometheus',
    args: [
      ...[
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(dir, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      ...['--web.enable-remote-write-receiver', '--web.enable-otlp-receiver', ...flags],
    ],
    logFile: join(dir, 'prometheus.log'),
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  const query = async (expression: string): Promise<readonly Sample[]> => {
    const reply = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: expression }),
    });
    const answer = (await reply.json()) as Answer;
    if (answer.status !== 'success') throw new Error(`Prometheus refused ${expression}: ${answer.error}`);
    return (answer.data?.result ?? []).map((r) => ({ labels: r.metric, value: Number(r.value[1]) }));
  };
  const queryUntil: Prometheus['queryUntil'] = async (expression, enough, timeoutMs = 30_000) => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const samples = await query(expression);
      if (enough(samples) || Date.now() > deadline) return samples;
      await sleep(200);
    }
  };
  return { ...daemon, url, query, queryUntil };
}
