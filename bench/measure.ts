import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Used {
  /** User and system seconds of the command and its children. */
  readonly cpu: number;
  readonly wall: number;
}

/** Runs a shell command, its output thrown away, and says what it used; throws when it fails. */
export function timed(command: string): Used {
  // bash reports the resources of everything below it, also of a pipeline.
  const script = `TIMEFORMAT='used %U %S %R'; time { ${command}\n} >/dev/null`;
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', script], { encoding: 'utf8' });
  const found = /used ([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(stderr);
  if (status !== 0 || !found) throw new Error(`${command}: exit ${status}\n${stderr.slice(0, 2000)}`);
  return { cpu: Number(found[1]) + Number(found[2]), wall: Number(found[3]) };
}

/**
 * Peak resident memory of a Node program, MB: what Linux says of the program itself, where there is a Linux, because a child's maxRSS begins
 * at what its parent had.
 */
export function peakOf(program: readonly string[]): number {
  const file = join(tmpdir(), `vigia-peak-${process.pid}`);
  const hook = `process.on('exit',()=>{const fs=process.getBuiltinModule('fs');let kb=process.resourceUsage().maxRSS;try{kb=/VmHWM:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/status','utf8'))[1]}catch{}fs.writeFileSync(${JSON.stringify(file)},String(kb))})`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, ...program];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program.join(' ')}: exit ${status}\n${stderr}`);
  const peak = Number(readFileSync(file, 'utf8')) / 1024;
  rmSync(file);
  return peak;
}

/**
 * Medians over rounds in which every command runs once, so that what else the machine does falls on all of them. What a command reads is read once before it, so
 * that it is in the page cache whatever the one before took of that.
 */
export function interleaved(
  commands: Readonly<Record<string, string>>,
  rounds: number,
  reads: Readonly<Record<string, string>> = {},
): Record<string, Used> {
  const all: Record<string, Used[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(commands)) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${name}\n`);
      const file = reads[name];
      if (file !== undefined) spawnSync('sh', ['-c', `cat ${file} > /dev/null`]);
      all[name] = [...(all[name] ?? []), timed(command)];
    }
  }
  return Object.fromEntries(
    Object.entries(all).map(([name, used]) => [
      name,
      { cpu: median(used.map((u) => u.cpu)), wall: median(used.map((u) => u.wall)) },
    ]),
  );
}

/** Measures one figure, from nothing to the end. */
export type Measure = () => Promise<number>;

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The same for figures that no shell command tells. */
export async function interleavedValues(
  measures: Readonly<Record<string, Measure>>,
  rounds: number,
): Promise<Record<string, Spread>> {
  const all: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(measures)) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${name}\n`);
      all[name] = [...(all[name] ?? []), await measure()];
    }
  }
  return Object.fromEntries(
    Object.entries(all).map(([name, values]) => [
      name,
      { median: median(values), least: Math.min(...values), most: Math.max(...values) },
    ]),
  );
}

const median = (of: readonly number[]): number => [...of].sort((a, b) => a - b)[of.length >> 1] ?? Number.NaN;
