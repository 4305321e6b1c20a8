import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../scripts/tools/ensure.ts';

/** Another program that answers as much of the question as it can. */
export interface Competitor {
  readonly name: string;
  /** What it leaves out of the question. */
  readonly leavesOut: string;
  /** The command that reads a file, or why there is none. */
  command(file: string): { readonly command: string } | { readonly missing: string };
}

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const jqProgram = `reduce inputs as $r ({};
  .routes[$r.envoy_route_name // "-"] += 1
  | if ($r.http_response_status_code // 0) >= 500
    then .failures[[$r.envoy_route_name, $r.envoy_upstream_cluster, $r.envoy_response_flags, $r.envoy_response_code_details, $r.http_response_status_code] | tojson] += 1
    else . end)`;

export const jq: Competitor = {
  name: 'jq',
  leavesOut: 'percentiles and the timeline',
  command: (file) =>
    has('jq') ? { command: `jq -n '${jqProgram}' ${file}` } : { missing: 'jq is not installed: apt-get install jq' },
};

const duckVersion = '1.5.6-r.1';

/**
 * One pass over what vigia's answer is made of: totals and percentiles by route, a timeline, and every request that failed, was flagged or
 * was tried again, in the groups that vigia tells apart; health checks left out.
 */
const duckProgram = (file: string): string => `
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const result = await connection.runAndReadAll(\`
  WITH lines AS (
    SELECT envoy_route_name AS route, substr(envoy_start_time, 1, 16) AS minute, envoy_duration_ms AS ms,
      CASE WHEN http_response_status_code NOT BETWEEN 100 AND 399 OR envoy_response_flags <> '-' OR envoy_upstream_request_attempt_count > 1
          OR rpc_grpc_status_code NOT IN ('OK', '0')
        THEN concat_ws(' ', envoy_upstream_cluster, http_response_status_code, envoy_response_flags, envoy_response_code_details,
          envoy_upstream_transport_failure_reason, rpc_grpc_status_code, envoy_upstream_request_attempt_count,
          envoy_upstream_local_address IS NOT NULL, envoy_upstream_service_time_ms IS NOT NULL, envoy_upstream_host,
          substr(envoy_start_time, 1, 16), floor(log2(envoy_duration_ms + 1)), floor(log2(envoy_upstream_connection_age_ms + 1))) END AS failure
    FROM read_json('${file}', format = 'newline_delimited', columns = {envoy_route_name: 'VARCHAR',
      envoy_start_time: 'VARCHAR', http_response_status_code: 'INTEGER', envoy_response_flags: 'VARCHAR',
      envoy_response_code_details: 'VARCHAR', envoy_upstream_cluster: 'VARCHAR', envoy_duration_ms: 'INTEGER',
      envoy_upstream_transport_failure_reason: 'VARCHAR', rpc_grpc_status_code: 'VARCHAR',
      envoy_upstream_request_attempt_count: 'INTEGER', envoy_upstream_local_address: 'VARCHAR',
      envoy_upstream_service_time_ms: 'VARCHAR', envoy_upstream_host: 'VARCHAR', envoy_upstream_connection_age_ms: 'INTEGER',
      user_agent_original: 'VARCHAR'})
    WHERE user_agent_original IS NULL OR NOT (user_agent_original LIKE 'kube-probe/%' OR user_agent_original LIKE 'ELB-HealthChecker/%'
      OR user_agent_original LIKE 'GoogleHC/%'))
  SELECT route, minute, failure, count(*), approx_quantile(ms, [0.5, 0.99]) FROM lines
  GROUP BY GROUPING SETS ((route), (minute), (route, failure))\`);
console.log(result.getRows().length);
`;

export const duckdb: Competitor = {
  name: 'DuckDB read_json',
  leavesOut: 'samples and verdicts; percentiles are approximate',
  command(file) {
    const home = join(cacheDir(), `duckdb-${duckVersion}`);
    if (!existsSync(join(home, 'node_modules'))) {
      mkdirSync(home, { recursive: true });
      const npm = ['install', '--no-audit', '--no-fund', '--prefix', home, `@duckdb/node-api@${duckVersion}`];
      if (spawnSync('npm', npm, { stdio: ['ignore', 2, 2] }).status !== 0)
        return { missing: `npm ${npm.join(' ')} failed` };
    }
    const program = join(home, 'query.mjs');
    writeFileSync(program, duckProgram(file));
    return { command: `${process.execPath} ${program}` };
  },
};

const agVersion = '0.19.5';

export const angleGrinder: Competitor = {
  name: 'angle-grinder',
  leavesOut: 'the timeline, failures by cluster, flags and details',
  command(file) {
    const home = join(cacheDir(), `ag-${agVersion}`);
    const binary = join(home, 'bin/agrind');
    const install = ['install', 'ag', '--version', agVersion, '--locked', '--root', home];
    if (!existsSync(binary)) {
      if (!has('cargo')) return { missing: `no cargo: cargo ${install.join(' ')}` };
      if (spawnSync('cargo', install, { stdio: ['ignore', 2, 2] }).status !== 0)
        return { missing: `cargo ${install.join(' ')} failed` };
    }
    const query =
      '* | json | p50(envoy_duration_ms), p99(envoy_duration_ms), count by envoy_route_name, http_response_status_code';
    return { command: `${binary} -f ${file} '${query}'` };
  },
};
