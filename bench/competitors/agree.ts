import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Competitor, Totals } from './competitor.ts';

/** What an answer of vigia's, as JSON, says of the same. */
export function totalsOfVigia(answer: string): Totals {
  const { totals, timeline } = JSON.parse(answer) as {
    readonly totals: Readonly<Record<'requests' | 'failures' | 'masked' | 'aside', number>>;
    readonly timeline: { readonly points: readonly { readonly requests: number }[] };
  };
  return {
    requests: totals.requests,
    timed: timeline.points.reduce((sum, { requests }) => sum + requests, 0),
    notPlain: totals.failures + totals.masked + totals.aside,
  };
}

/** Throws unless the competitor's numbers are vigia's: a wrong answer would be no competitor. Nothing to compare is no disagreement. */
export function mustAgree(competitor: Competitor, file: string, vigia: string): void {
  const found = competitor.command(file);
  if ('missing' in found || !competitor.totals) return;
  const theirs = JSON.stringify(competitor.totals(outputOf(found.command)));
  const ours = JSON.stringify(totalsOfVigia(outputOf(vigia)));
  if (theirs !== ours) throw new Error(`${competitor.name} answers ${theirs}, vigia ${ours}`);
}

/** Through a file: DuckDB opens its standard output by name, which a socket does not let it. */
function outputOf(command: string): string {
  const file = join(tmpdir(), `vigia-answer-${process.pid}`);
  try {
    const { status, stderr } = spawnSync('bash', ['-c', `${command} > ${file}`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: exit ${status}\n${stderr.slice(0, 2000)}`);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(file, { force: true });
  }
}
