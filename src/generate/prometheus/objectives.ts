import { type BurnAlert, burnAlerts } from '../../alerts/burn.ts';
import { labelSets, takers } from '../../alerts/routing.ts';
import { edgeMatcher, selector } from '../../boards/query/promql-selector.ts';
import { duration, quoted } from '../../boards/query/promql-text.ts';
import type { Objective } from '../../contract/model.ts';
import { type Indicator, indicators } from '../../objectives/indicator.ts';
import {
  badPart,
  baseWindowMs,
  everyMs,
  type RecordedPart,
  recordedName,
  validPart,
  wholeEveryMs,
  windowsOf,
} from '../../objectives/recorded.ts';
import { type At, links } from './at.ts';
import { type AlertingRule, type Group, plain, type RecordingRule, template } from './rule.ts';

/** Each objective: its rates recorded, its alerts after them in the same group, and its whole window in a slower one. */
export const objectiveGroups = (at: At): readonly Group[] =>
  at.context.objectives.flatMap((objective): readonly Group[] => {
    const name = `vigia-${at.context.environment.name}-objective-${objective.name}`;
    const parts = recorded(objective, at);
    const { burn, whole } = windowsOf(objective);
    return [
      {
        name,
        interval: duration(everyMs),
        rules: [
          ...parts.map(({ part, expr }) => ({
            record: recordedName(part, baseWindowMs),
            expr,
            labels: labels(objective, at),
          })),
          ...burn
            .filter((w) => w !== baseWindowMs)
            .flatMap((w) => parts.map(({ part }) => longer(part, w, objective, at))),
          ...burnAlerts(objective, at.context.environment.name).flatMap((a) => burnRules(a, at)),
        ],
      },
      {
        name: `${name}-whole`,
        interval: duration(wholeEveryMs),
        rules: parts.map(({ part }) => longer(part, whole, objective, at)),
      },
    ];
  });

const labels = (objective: Objective, at: At) => ({
  environment: at.context.environment.name,
  objective: objective.name,
});

/** The five-minute rates. What is bad is 0 where nothing bad was ever counted. */
function recorded(objective: Objective, at: At): readonly { readonly part: RecordedPart; readonly expr: string }[] {
  const all = indicators(objective, at.context.environment.name);
  const counted = new Map(all.map((i) => [validPart(objective, i.blame), rateOf(i, at)]));
  return [
    ...[...counted].map(([part, expr]) => ({ part, expr })),
    ...all.map((i) => {
      const { bad } = i;
      const valid = rateOf(i, at);
      const expr =
        bad.kind === 'slow'
          ? `${valid} - (${rateOf(i, at, '_bucket', [edgeMatcher(bad.bound, at.path)])} or ${valid} * 0)`
          : `${rateOf({ ...i, valid: { ...i.valid, where: [...i.valid.where.filter((f) => f.label !== 'side'), { label: 'side', is: bad.sides }] } }, at)} or ${valid} * 0`;
      return { part: badPart(i.blame), expr };
    }),
  ];
}

const rateOf = (
  { valid, bad }: Indicator,
  at: At,
  part = bad.kind === 'slow' ? '_count' : '',
  extra: readonly string[] = [],
): string => `sum by (gateway) (rate(${selector(valid, at, { part, extra })}[${duration(baseWindowMs)}]))`;

/**
 * A longer window of the recorded points, each standing for its interval: their sum by how many there should be. What is missing counts as no
 * request, so a young gateway has no more traffic than it had.
 */
function longer(part: RecordedPart, windowMs: number, objective: Objective, at: At): RecordingRule {
  const { whole } = windowsOf(objective);
  const step = windowMs === whole ? wholeEveryMs : everyMs;
  const of = `${recordedName(part, baseWindowMs)}${selected(objective, at)}`;
  const range = `${duration(windowMs)}${windowMs === whole ? `:${duration(step)}` : ''}`;
  return {
    record: recordedName(part, windowMs),
    expr: `sum_over_time(${of}[${range}]) / ${windowMs / step}`,
    labels: labels(objective, at),
  };
}

const selected = (objective: Objective, at: At): string =>
  `{environment=${quoted(at.context.environment.name)}, objective=${quoted(objective.name)}}`;

function burnRules(alert: BurnAlert, at: At): readonly AlertingRule[] {
  const { objective, tier, budget, indicator } = alert;
  const { environment } = at.context;
  const of = (part: RecordedPart, w: number): string => `${recordedName(part, w)}${selected(objective, at)}`;
  const requests = validPart(objective, indicator.blame);
  const burns = (w: number): string =>
    `${of(badPart(indicator.blame), w)} / (${of(requests, w)} > 0) > ${tier.factor} * ${budget}`;
  const traffic = `${of(requests, tier.longMs)} * 3600 >= ${objective.minRequestsPerHour}`;
  const { kind } = objective.indicator;
  const annotations = {
    summary: alert.summary,
    description: template(alert.description, 'humanizePercentage', (l) => l),
    ...(objective.description === undefined ? {} : { promise: plain(objective.description) }),
    ...links(at, {
      page: { alert: alert.name.replace(/^EnvoyGateway/, '') },
      board: 'objectives',
      triage: kind === 'latency' ? undefined : {},
      labels: ['gateway'],
      stored: (l) => l,
    }),
  };
  return labelSets(takers(at.model.notifications, environment.name, alert.severity, objective.notify)).map(
    (routed) => ({
      alert: alert.name,
      expr: `${burns(tier.longMs)}\nand\n${burns(tier.shortMs)}\nand\n${traffic}`,
      labels: {
        severity: alert.severity,
        blame: indicator.blame,
        window: duration(tier.longMs),
        ...labels(objective, at),
        ...routed,
      },
      annotations,
    }),
  );
}
