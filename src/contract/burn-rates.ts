import type { Severity } from './model.ts';

const hour = 3_600_000;

/** An alert of an objective: its error budget burns `factor` times faster than allowed, over the long window and, so that it ends soon after, the short one. */
export interface BurnTier {
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
  readonly severity: Extract<Severity, 'critical' | 'warning'>;
}

interface Row extends Omit<BurnTier, 'factor'> {
  /** For objectives of a month and longer; for those of less than two weeks. */
  readonly month: number;
  readonly week: number;
}

/**
 * Google's SRE workbook, chapter 5, table 5-8 (https://sre.google/workbook/alerting-on-slos/), short = long / 12, and between its second and
 * third line the day that Datadog and sloth have. For a week the shares of the budget that Datadog and Splunk
 * publish (10, 20 and 40 %): by the month's, two hours of budget would page.
 */
const rows: readonly Row[] = [
  { longMs: hour, shortMs: hour / 12, month: 14.4, week: 16.8, severity: 'critical' },
  { longMs: 6 * hour, shortMs: hour / 2, month: 6, week: 5.6, severity: 'critical' },
  { longMs: 24 * hour, shortMs: 2 * hour, month: 3, week: 2.8, severity: 'warning' },
  { longMs: 72 * hour, shortMs: 6 * hour, month: 1, week: 1, severity: 'warning' },
];

/** Windows that are recorded for every objective, whichever tiers it has: boards show them. */
export const burnWindowsMs: readonly number[] = [...new Set(rows.flatMap((r) => [r.shortMs, r.longMs]))].sort(
  (a, b) => a - b,
);

export interface Tiers {
  readonly tiers: readonly BurnTier[];
  /** What is left out, and why. */
  readonly dropped: readonly (BurnTier & { readonly why: string })[];
}

/**
 * The tiers that an objective can have. One whose factor would need more than all requests to fail can never fire, and one that looks back as far as
 * the objective itself says what its budget says.
 */
export function burnTiers({ target, windowDays }: { readonly target: number; readonly windowDays: number }): Tiers {
  const made = rows.map(({ month, week, ...tier }) => ({ ...tier, factor: windowDays < 14 ? week : month }));
  const why = ({ factor, longMs }: BurnTier): string | undefined => {
    // Through a decimal string: 1 - 0.9 is 0.09999999999999998.
    const failing = Number((factor * (1 - target)).toPrecision(12));
    if (failing >= 1)
      return `${factor} times its budget is ${Number((failing * 100).toPrecision(4))} % of all requests, so it could never fire`;
    if (longMs >= windowDays * 24 * hour) return 'its window is as long as the objective';
    return undefined;
  };
  return {
    tiers: made.filter((t) => why(t) === undefined),
    dropped: made.flatMap((t) => {
      const reason = why(t);
      return reason === undefined ? [] : [{ ...t, why: reason }];
    }),
  };
}
