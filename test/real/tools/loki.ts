import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.ts';
import { freePorts } from './ports.ts';

export interface Loki extends Daemon {
  readonly url: string;
  /** Sends `resourceLogs` of OTLP; throws what Loki says when it takes them not or not all. */
  push(resourceLogs: readonly object[]): Promise<void>;
}

/** A real Loki of one process, its data in `dir`; returns when it serves (it waits some 15 s by itself). */
export async function startLoki(dir: string): Promise<Loki> {
  mkdirSync(dir, { recursive: true });
  const [http, grpc] = await freePorts(2);
  const url = `http://127.0.0.1:${http}`;
  const config = {
    auth_enabled: false,
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: http,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: grpc,
      log_level: 'warn',
    },
    common: {
      instance_addr: '127.0.0.1',
      path_prefix: dir,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' }, instance_addr: '127.0.0.1' },
      storage: { filesystem: { chunks_directory: join(dir, 'chunks'), rules_directory: join(dir, 'rules') } },
    },
    memberlist: { bind_addr: ['127.0.0.1'], advertise_addr: '127.0.0.1' },
    schema_config: {
      configs: [
        {
          from: '2024-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    // Recorded traffic is older than a week one day; the rest are the defaults.
    limits_config: {
      allow_structured_metadata: true,
      volume_enabled: true,
      reject_old_samples: false,
      ingestion_rate_mb: 64,
      ingestion_burst_size_mb: 64,
    },
    // What was written a moment ago is in memory still, however old it says it is.
    ingester: { query_store_max_look_back_period: '8760h' },
    querier: { query_ingesters_within: '0s' },
    analytics: { reporting_enabled: false },
  };
  const file = join(dir, 'loki.json');
  writeFileSync(file, JSON.stringify(config));
  const daemon = await startDaemon({
    name: 'loki',
    args: [`-config.file=${file}`],
    logFile: join(dir, 'loki.log'),
    timeoutMs: 90_000,
    ready: async () => (await fetch(`${url}/ready`)).ok,
  });
  return {
    ...daemon,
    url,
    async push(resourceLogs) {
      const sent = await fetch(`${url}/otlp/v1/logs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ resourceLogs }),
      });
      // 204 and nothing else: a part that is refused is said in a body.
      if (sent.status !== 204) throw new Error(`Loki refused the records (${sent.status}): ${await sent.text()}`);
    },
  };
}
