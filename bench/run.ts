import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { boardRows } from './boards.ts';
import { chartRows } from './chart.ts';
import { mustAgree } from './competitors/agree.ts';
import { angleGrinder } from './competitors/angle-grinder.ts';
import type { Competitor } from './competitors/competitor.ts';
import { duckdb } from './competitors/duckdb.ts';
import { jq, jqNarrow } from './competitors/jq.ts';
import { bytesOf, writeLog } from './generate-log.ts';
import { interleaved, peakOf } from './measure.ts';
import { pipelineRows } from './pipeline.ts';
import { sourceRows } from './sources.ts';
import { type Row, table } from './table.ts';

// npm run bench -- [--size 3GB] [--rounds 3] [--only wc,jq,duckdb,ag,gz,memory,boards,pipeline,chart,sources]; the last four (pipeline and chart need a Collector and Helm) only when asked for
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '3GB' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'wc,jq,duckdb,ag,gz,memory' },
  },
});
const size = bytesOf(values.size);
const rounds = Number(values.rounds);
const only = new Set(values.only.split(','));

const bundle = fileURLToPath(new URL('../dist/vigia.js', import.meta.url));
const build = spawnSync(process.execPath, [fileURLToPath(new URL('../scripts/build.ts', import.meta.url))]);
if (build.status !== 0 || !existsSync(bundle)) throw new Error(`npm run build failed\n${build.stderr}`);
const vigia = (file: string) => `${process.execPath} ${bundle} triage ${file} -o json`;

const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));

/** A log in the bench's folder; reading it once leaves it in the page cache. */
function log(name: string, bytes: number, format: 'json' | 'istio' = 'json', failures = 0.013): string {
  const file = join(folder, name);
  process.stderr.write(`writing ${name}\n`);
  const fd = openSync(file, 'w');
  writeLog(fd, { bytes, format, failures, seed: 1 });
  closeSync(fd);
  return file;
}

const rows: Row[] = [];
const seconds = (cpu: number) => `${cpu.toFixed(2)} s`;
const mega = (file: string) => `${(statSync(file).size / 1e6).toFixed(0)} MB`;

/** Compares vigia on a file with another command on the same or a smaller one; CPU of the smaller is scaled by bytes. */
function compare(row: Omit<Row, 'ratio' | 'detail'>, file: string, command: string, sample = file, more = false): void {
  const commands = { vigia: vigia(file), [row.against]: command };
  const used = interleaved(commands, rounds, { vigia: file, [row.against]: sample });
  const ours = used['vigia']?.cpu ?? Number.NaN;
  const scale = statSync(file).size / statSync(sample).size;
  const theirs = (used[row.against]?.cpu ?? Number.NaN) * scale;
  const scaled = scale > 1.01 ? ` (measured on ${mega(sample)}, scaled by bytes)` : '';
  rows.push({
    ...row,
    ratio: more ? theirs / ours : ours / theirs,
    detail: `vigia ${seconds(ours)}, ${row.against} ${seconds(theirs)}${scaled}`,
  });
}

function against(competitor: Competitor, target: number | undefined, file: string, sample: string): void {
  const row = {
    what: `${competitor.name} / vigia, JSON, ${mega(file)}`,
    against: competitor.name,
    ...(target && { target }),
  };
  const found = competitor.command(sample);
  if ('missing' in found) {
    rows.push({ ...row, detail: `skipped: ${found.missing}` });
    return;
  }
  if (competitor.totals) {
    const small = log('small.json', 1e8);
    mustAgree(competitor, small, vigia(small));
    rmSync(small);
    // Some write their question to a file.
    competitor.command(sample);
  }
  compare({ ...row, atLeast: true, note: `without ${competitor.leavesOut}` }, file, found.command, sample, true);
}

if (only.has('pipeline')) rows.push(...(await pipelineRows(join(folder, 'pipeline'), rounds)));
if (only.has('boards')) rows.push(...boardRows(join(folder, 'boards'), bundle, rounds));
if (only.has('chart')) rows.push(...chartRows(join(folder, 'chart'), bundle, rounds));
if (only.has('sources')) rows.push(...(await sourceRows()));
// The rest reads logs, and writing them takes a while.
const reads = ['wc', 'duckdb', 'ag', 'jq', 'gz', 'memory'].some((name) => only.has(name));
if (reads) readLogs();
const pinned = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).devDependencies.node;
console.log(
  `Node ${process.versions.node} (pinned: ${pinned}), ${availableParallelism()} cores, medians of ${rounds} rounds.\n`,
);
console.log(table(rows));

/** vigia and `wc -l` on a log that is written for it and removed. */
function againstWc(kind: string, bytes: number, target?: number, format: 'json' | 'istio' = 'json', failures?: number) {
  const file = log('other.log', bytes, format, failures);
  const row = { what: `vigia / wc -l, ${kind}, ${mega(file)}`, against: 'wc -l', ...(target && { target }) };
  compare(row, file, `wc -l ${file}`);
  rmSync(file);
}

function readLogs(): void {
  // One large log at a time: two would not stay in the page cache.
  if (only.has('wc')) for (const bytes of [size, size / 3]) againstWc('Istio text', bytes, 3.5, 'istio');
  const json = log('log.json', size);
  if (only.has('wc')) {
    compare({ what: `vigia / wc -l, JSON, ${mega(json)}`, against: 'wc -l', target: 3 }, json, `wc -l ${json}`);
    againstWc('JSON', size / 3, 3);
    againstWc('JSON without failures', size / 3, undefined, 'json', 0);
    againstWc('JSON of failures only', size / 15, undefined, 'json', 1);
  }
  // jq takes minutes and as long for each byte whatever the size; angle-grinder gets slower with size.
  if (only.has('duckdb')) against(duckdb, 3.5, json, json);
  if (only.has('ag')) against(angleGrinder, 30, json, json);
  if (only.has('jq')) {
    const tenth = log('tenth.json', size / 10);
    against(jq, 75, json, tenth);
    against(jqNarrow, undefined, json, tenth);
    rmSync(tenth);
  }
  if (only.has('gz')) {
    const some = log('some.json', size / 3);
    const packed = join(folder, 'log.json.gz');
    spawnSync('sh', ['-c', `gzip -1 -c ${some} > ${packed}`]);
    const row = { what: `vigia / gzip -dc, ${mega(packed)} of gzip`, against: 'gzip -dc', target: 0.5 };
    compare(row, packed, `gzip -dc ${packed}`);
    rmSync(packed);
  }
  if (only.has('memory')) {
    for (const share of [0.03, 0.3, 1]) {
      const file = share === 1 ? json : log('memory.json', size * share);
      const peak = peakOf([bundle, 'triage', file, '-o', 'json']);
      rows.push({
        what: `peak memory, JSON, ${mega(file)}`,
        against: '',
        unit: 'MB',
        target: 80,
        ratio: peak,
        detail: '',
      });
      if (share !== 1) rmSync(file);
    }
    const bare = peakOf(['-e', '0']);
    rows.push({ what: 'peak memory of `node -e 0`', against: '', unit: 'MB', ratio: bare, detail: '' });
  }
}
