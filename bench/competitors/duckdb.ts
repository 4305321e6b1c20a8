import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../scripts/tools/ensure.ts';
import { type Competitor, probes } from './competitor.ts';

const version = '1.5.6-r.1';

/** All of a line: a sample is the whole of it. */
const columns = {
  client_address: 'VARCHAR',
  envoy_duration_ms: 'INTEGER',
  envoy_request_id: 'VARCHAR',
  envoy_response_code_details: 'VARCHAR',
  envoy_response_duration_ms: 'INTEGER',
  envoy_response_flags: 'VARCHAR',
  envoy_route_name: 'VARCHAR',
  envoy_start_time: 'VARCHAR',
  envoy_upstream_cluster: 'VARCHAR',
  envoy_upstream_connection_age_ms: 'INTEGER',
  envoy_upstream_host: 'VARCHAR',
  envoy_upstream_local_address: 'VARCHAR',
  envoy_upstream_request_attempt_count: 'INTEGER',
  envoy_upstream_service_time_ms: 'VARCHAR',
  envoy_upstream_transport_failure_reason: 'VARCHAR',
  http_request_body_size: 'INTEGER',
  http_request_method: 'VARCHAR',
  http_response_body_size: 'INTEGER',
  http_response_status_code: 'INTEGER',
  network_protocol_name: 'VARCHAR',
  rpc_grpc_status_code: 'VARCHAR',
  server_address: 'VARCHAR',
  url_path: 'VARCHAR',
  user_agent_original: 'VARCHAR',
};

const failing = `(http_response_status_code IS NULL OR http_response_status_code NOT BETWEEN 100 AND 399 OR envoy_response_flags <> '-'
  OR envoy_upstream_request_attempt_count > 1 OR rpc_grpc_status_code NOT IN ('OK', '0'))`;

// Latencies as a histogram: cheaper than approx_quantile, and as exact as vigia's. What it would cost to read raw lines instead of columns, for the
// samples' sake: six times as much (read_ndjson_objects or read_csv, and json_transform).
const query = (file: string): string => `
  WITH lines AS (
    SELECT *, ${failing} AS failing, CASE WHEN ${failing} THEN concat_ws(' ', envoy_upstream_cluster, http_response_status_code,
      envoy_response_flags, envoy_response_code_details, envoy_upstream_transport_failure_reason, rpc_grpc_status_code,
      envoy_upstream_request_attempt_count, envoy_upstream_host, envoy_upstream_local_address IS NOT NULL,
      envoy_upstream_service_time_ms IS NOT NULL, http_request_method IS NOT NULL OR url_path IS NOT NULL,
      substr(envoy_start_time, 1, 13), floor(log2(envoy_duration_ms + 1)), floor(log2(envoy_upstream_connection_age_ms + 1))) END AS failure
    FROM read_json('${file}', format = 'newline_delimited',
      columns = {${Object.entries(columns).map(([name, type]) => `${name}: '${type}'`)}})
    WHERE user_agent_original IS NULL OR NOT (${probes.map((p) => `starts_with(user_agent_original, '${p}')`).join(' OR ')}))
  SELECT envoy_route_name AS route, substr(envoy_start_time, 1, 16) AS minute, floor(32 * log2(envoy_duration_ms + 1))::INT AS bucket, failure,
    grouping(bucket) = 0 AS ofRoute, grouping(minute) = 0 AS ofMinute, count(*) AS requests, min(envoy_duration_ms) AS least, max(envoy_duration_ms) AS greatest,
    min(envoy_upstream_connection_age_ms) AS youngest, max(envoy_upstream_connection_age_ms) AS oldest,
    first(struct_pack(${Object.keys(columns).map((name) => `${name} := ${name}`)})) FILTER (WHERE failing) AS sample
  FROM lines GROUP BY GROUPING SETS ((route, bucket), (minute), (route, failure))`;

interface Row {
  readonly ofRoute: boolean;
  readonly ofMinute: boolean;
  readonly failure: string | null;
  readonly requests: number;
}

export const duckdb: Competitor = {
  name: 'DuckDB read_json',
  leavesOut: 'verdicts',
  command(file) {
    const home = join(cacheDir(), `duckdb-${version}`);
    if (!existsSync(join(home, 'node_modules'))) {
      mkdirSync(home, { recursive: true });
      const npm = ['install', '--no-audit', '--no-fund', '--prefix', home, `@duckdb/node-api@${version}`];
      if (spawnSync('npm', npm, { stdio: ['ignore', 2, 2] }).status !== 0)
        return { missing: `npm ${npm.join(' ')} failed` };
    }
    const program = join(home, 'query.mjs');
    // It writes the answer itself: to make 80,000 rows JavaScript's would cost a quarter more.
    writeFileSync(
      program,
      `import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(${JSON.stringify(`COPY (${query(file)}) TO '/dev/stdout' (FORMAT json)`)});
`,
    );
    return { command: `${process.execPath} ${program}` };
  },
  totals(answer) {
    const rows = answer
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    const sum = (of: (row: Row) => boolean): number => rows.reduce((n, row) => n + (of(row) ? row.requests : 0), 0);
    return {
      requests: sum((row) => row.ofRoute),
      timed: sum((row) => row.ofMinute),
      notPlain: sum((row) => !row.ofRoute && !row.ofMinute && row.failure !== null),
    };
  },
};
