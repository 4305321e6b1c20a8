import { type FormatName, formatNames } from './formats.ts';
import type { LabOptions } from './run.ts';
import type { Scenario, Side } from './scenario.ts';
import { runLabSteadily } from './steady.ts';
import { expectations, matches, observe } from './verdict.ts';

/** One request of the lab: what Envoy wrote in each format, and what a reader should conclude. */
export interface LabRecord {
  readonly scenario: Scenario;
  readonly side: Side;
  readonly cause: string | null;
  /** False for a companion: the healthy request that a scenario needs in order to happen. */
  readonly main: boolean;
  readonly line: Readonly<Record<FormatName, string>>;
}

/**
 * Runs the lab and returns every line with its verdict. Causes that only a population can show (`previous-hop-timeout`,
 * `backend-time-limit`) need all lines of their scenario together.
 */
export async function labRecords(options: LabOptions = {}): Promise<readonly LabRecord[]> {
  const records: LabRecord[] = [];
  for (const { scenario, lines } of await runLabSteadily(options)) {
    const wanted = expectations(scenario);
    lines.vigia.forEach((text, n) => {
      const seen = observe(text);
      const which = wanted.findIndex((w) => matches(seen, w));
      const verdict = wanted[which];
      if (!verdict) throw new Error(`${scenario.name}: a line nobody expected: ${text}`);
      const line = Object.fromEntries(formatNames.map((f) => [f, lines[f][n] ?? ''])) as Record<FormatName, string>;
      records.push({ scenario, side: verdict.side, cause: verdict.cause, main: which === 0, line });
    });
  }
  return records;
}
