import { type BurnTier, burnTiers } from '../contract/burn-rates.ts';
import type { Objective, Severity } from '../contract/model.ts';
import { budgetOf, type Indicator, indicators } from '../objectives/indicator.ts';
import { prefix } from './parts.ts';

/** An objective's budget burns too fast: one alert for each indicator and tier. Vendors measure it their own way; the words are one. */
export interface BurnAlert {
  readonly name: string;
  readonly severity: Severity;
  readonly objective: Objective;
  readonly indicator: Indicator;
  readonly tier: BurnTier;
  /** The share of requests that may be bad. */
  readonly budget: number;
  readonly summary: string;
  /** What the bad requests did: `failed`. */
  readonly what: string;
  /** What else is to be said of them: a sentence after a blank, or nothing. */
  readonly made: string;
  /** `{value}` is the bad share over the long window, `{label:gateway}` the gateway. */
  readonly description: string;
}

export function burnAlerts(objective: Objective, environment: string): readonly BurnAlert[] {
  const { tiers } = burnTiers(objective);
  return indicators(objective, environment).flatMap((indicator) =>
    tiers.map((tier): BurnAlert => {
      const words = said[objective.indicator.kind][indicator.blame];
      const spent = (tier.factor * tier.longMs) / (objective.windowDays * 86_400_000);
      return {
        name: `${prefix}${words.name}`,
        severity: tier.severity,
        objective,
        indicator,
        tier,
        budget: budgetOf(objective),
        summary: words.summary,
        what: words.what,
        made: words.made,
        description: `{value} of the requests through {label:gateway} ${words.what} over ${hours(tier.longMs)}; ${objective.name} allows ${percent(budgetOf(objective))} over ${objective.windowDays} days. Faster than ${tier.factor} times what is allowed: ${percent(spent)} of the budget goes within ${hours(tier.longMs)}.${words.made}`,
      };
    }),
  );
}

/** The description of one alert that tells of any of several windows: it can't know which, nor the value. */
export function burnsDescription(together: readonly BurnAlert[]): string {
  const [first] = together;
  if (!first) return '';
  const { objective, budget, what, made } = first;
  const windows = together.map(({ tier }) => `${percent(tier.factor * budget)} over ${hours(tier.longMs)}`);
  return `More than ${windows.join(', or ')}, of the requests through {label:gateway} ${what}, and it goes on; ${objective.name} allows ${percent(budget)} over ${objective.windowDays} days.${made}`;
}

const said = {
  availability: {
    anyone: { name: 'ErrorBudgetBurn', summary: 'An error budget burns too fast.', what: 'failed', made: '' },
    gateway: {
      name: 'ErrorBudgetBurnByGateway',
      summary: 'The gateway itself burns an error budget too fast.',
      what: 'failed by the gateway or between it and its neighbours',
      made: '',
    },
  },
  latency: {
    anyone: {
      name: 'LatencyBudgetBurn',
      summary: 'Slow answers burn a latency budget too fast.',
      what: 'were too slow',
      made: '',
    },
    gateway: {
      name: 'LatencyBudgetBurnByGateway',
      summary: 'The gateway itself burns a latency budget too fast.',
      what: 'waited too long in the gateway',
      made: ' That is the time from having a request whole to having passed it on whole: authorizers, limits, the wait for a connection, connecting and TLS.',
    },
  },
} as const;

const hours = (ms: number): string => (ms % 86_400_000 === 0 ? `${ms / 86_400_000} d` : `${ms / 3_600_000} h`);

/** 0.005 as `0.5 %`. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
