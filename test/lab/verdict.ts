import { fileKey } from '../../src/envoy/fields.ts';
import type { Expectation, Scenario, Verdict } from './scenario.ts';

/** The parts of a line that an expectation speaks of. */
export interface Observed {
  readonly status: number;
  readonly flags: readonly string[];
  readonly details: string | null;
  readonly attempts: number;
}

/** Reads them from a line in the product's format, without the product's reader: the lab is what that one is tested against. */
export function observe(line: string): Observed {
  const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const flags = String(record[fileKey('flags')]);
  const details = record[fileKey('details')];
  return {
    status: Number(record[fileKey('status')]),
    flags: flags === '-' ? [] : flags.split(','),
    details: typeof details === 'string' ? details : null,
    attempts: Number(record[fileKey('attempts')]),
  };
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((flag) => b.includes(flag));

/** Whether Envoy wrote what was expected. */
export function matches(seen: Observed, wanted: Expectation): boolean {
  return (
    seen.status === wanted.status &&
    sameSet(seen.flags, wanted.flags) &&
    (wanted.details instanceof RegExp ? wanted.details.test(seen.details ?? '') : seen.details === wanted.details) &&
    (wanted.attempts === undefined || seen.attempts === wanted.attempts)
  );
}

/** The scenario's own expectation first, then those of its companions. */
export function expectations(scenario: Scenario): readonly (Expectation & Verdict)[] {
  const { side, cause } = scenario;
  return [{ ...scenario.expect, side, cause }, ...(scenario.also ?? [])];
}

/** What is wrong with a scenario's lines, in words; empty when each was expected and none is missing. */
export function complaints(scenario: Scenario, lines: readonly string[]): readonly string[] {
  const wanted = expectations(scenario);
  const counts = wanted.map(() => 0);
  const said: string[] = [];
  for (const line of lines) {
    const seen = observe(line);
    const which = wanted.findIndex((w) => matches(seen, w));
    if (which < 0) said.push(`not expected: ${describe(seen)}`);
    else counts[which] = (counts[which] ?? 0) + 1;
  }
  wanted.forEach((w, i) => {
    if (counts[i] !== w.lines) said.push(`${counts[i]} of ${w.lines} lines: ${describe({ attempts: 0, ...w })}`);
  });
  return said;
}

function describe(seen: Omit<Observed, 'details'> & { readonly details: string | RegExp | null }): string {
  return `${seen.status} ${seen.flags.join(',') || '-'} ${seen.details}${seen.attempts > 1 ? ` after ${seen.attempts} attempts` : ''}`;
}
