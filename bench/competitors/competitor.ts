import { spawnSync } from 'node:child_process';
import { healthCheckers } from '../../src/logs/record.ts';

/**
 * Another program that is asked what `vigia triage` asks: requests by name with a histogram of their latencies; requests by minute; every request
 * that failed, was flagged or was tried again, in groups by what vigia tells apart, with their count, least and greatest duration and connection
 * age, and a sample of each. Health checks are left out. Each is asked in the cheapest way that was found.
 */
export interface Competitor {
  readonly name: string;
  /** What it leaves out of the question. */
  readonly leavesOut: string;
  /** The command that reads a file and writes the answer, or why there is none. */
  command(file: string): { readonly command: string } | { readonly missing: string };
  /** What its answer, as written, says; undefined where it can't be read. */
  totals?(answer: string): Totals;
}

/** Numbers that every answer holds: they must be equal before anybody's time is taken. */
export interface Totals {
  readonly requests: number;
  /** Requests on the timeline. */
  readonly timed: number;
  /** Failed, flagged or tried again. */
  readonly notPlain: number;
}

export const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Prefixes of user agents whose requests are probes. */
export const probes: readonly string[] = healthCheckers;
