import { type BurnAlert, burnAlerts, burnsDescription } from '../../../alerts/burn.ts';
import type { BoardContext } from '../../../boards/context.ts';
import { storedLabel } from '../../../boards/query/context.ts';
import { duration } from '../../../boards/query/promql-text.ts';
import type { Model, Objective } from '../../../contract/model.ts';
import { validPart } from '../../../objectives/recorded.ts';
import { reference } from '../../datadog-reference.ts';
import { sloId } from '../names.ts';
import { eventsOf } from './events.ts';
import { message, priority } from './message.ts';
import type { Monitor } from './monitor.ts';
import { marks, plain } from './words.ts';

const hour = 3_600_000;

/**
 * What tells that an objective burns, by gateway: for each severity a composite of monitors that tell nobody by themselves. Each window is a metric
 * monitor, since a burn rate of Datadog's own (`slo alert`) is of all gateways together and knows no traffic; a third one stands where there
 * is too little of it (https://docs.datadoghq.com/monitors/guide/composite_use_cases/#error-rates).
 */
export function burnMonitors(objective: Objective, model: Model, context: BoardContext): readonly Monitor[] {
  const alerts = burnAlerts(objective, context.environment.name);
  return [
    ...together(alerts, quietId).map(([a]) => tooQuiet(a, context)),
    ...alerts.flatMap((a) => [burning(a, a.tier.longMs, context), burning(a, a.tier.shortMs, context)]),
    ...together(alerts, (a) => `${a.indicator.blame} ${a.severity}`).map((all) => composite(all, model, context)),
  ];
}

type Some = readonly [BurnAlert, ...BurnAlert[]];

function together(alerts: readonly BurnAlert[], by: (alert: BurnAlert) => string): readonly Some[] {
  const found = new Map<string, [BurnAlert, ...BurnAlert[]]>();
  for (const alert of alerts) {
    const others = found.get(by(alert));
    if (others) others.push(alert);
    else found.set(by(alert), [alert]);
  }
  return [...found.values()];
}

/** By what it counts: both blames of an availability are of the same requests, those of a latency are not. */
const quietId = ({ objective, indicator, tier }: BurnAlert): string =>
  `${sloId(objective.name, countedFor(objective, indicator))}.quiet-${duration(tier.longMs)}`;

const countedFor = (objective: Objective, { blame }: BurnAlert['indicator']): 'anyone' | 'gateway' =>
  validPart(objective, blame) === 'requests' ? 'anyone' : blame;

const byTheGateway = ' (by the gateway)';

const windowId = ({ objective, indicator, tier }: BurnAlert, windowMs: number): string =>
  `${sloId(objective.name, indicator.blame)}.burn-${duration(tier.longMs)}.${windowMs === tier.longMs ? 'long' : 'short'}`;

function tooQuiet(alert: BurnAlert, context: BoardContext): Monitor {
  const { objective, indicator, tier } = alert;
  const least = objective.minRequestsPerHour * (tier.longMs / hour);
  const whose = countedFor(objective, indicator) === 'gateway' ? byTheGateway : '';
  const name = `${objective.name}${whose}: too little traffic over ${duration(tier.longMs)} to judge`;
  return part(quietId(alert), name, context, {
    query: `${overall(tier.longMs)}:${eventsOf(indicator, context).valid} < ${least}`,
    threshold: least,
  });
}

/** `bad / valid > x` without a quotient: nothing to divide by is no number there, and no data would count as an alert in a composite. */
function burning(alert: BurnAlert, windowMs: number, context: BoardContext): Monitor {
  const { objective, indicator } = alert;
  const { bad, valid } = eventsOf(indicator, context);
  const whose = indicator.blame === 'gateway' ? byTheGateway : '';
  return part(
    windowId(alert, windowMs),
    `${objective.name}${whose}: more than ${alert.tier.factor} times its budget over ${duration(windowMs)}`,
    context,
    { query: `${overall(windowMs)}:${bad} - ${shareOf(alert)} * ${valid} > 0`, threshold: 0 },
  );
}

/** A monitor's window: Datadog has days by one alone, and hours up to 168. */
const overall = (ms: number): string => `sum(last_${ms > hour && ms % hour === 0 ? `${ms / hour}h` : duration(ms)})`;

/** The share of requests that may be bad for so long. */
const shareOf = ({ tier, budget }: BurnAlert): number => Number((tier.factor * budget).toPrecision(12));

function part(
  id: string,
  name: string,
  context: BoardContext,
  { query, threshold }: { readonly query: string; readonly threshold: number },
): Monitor {
  return {
    id,
    document: {
      type: 'query alert',
      name: `${name} in ${context.environment.name}`,
      query,
      message: 'A part of a composite monitor, which tells; by itself it tells nobody.',
      tags: marks(context, id),
      options: {
        thresholds: { critical: threshold },
        on_missing_data: 'default',
        require_full_window: false,
        new_group_delay: 60,
        include_tags: true,
      },
    },
  };
}

function composite(tiers: Some, model: Model, context: BoardContext): Monitor {
  const [first] = tiers;
  const { objective, indicator, severity, name } = first;
  const environment = context.environment.name;
  const gateway = storedLabel(indicator.valid.series, 'gateway', 'datadog', { scope: [], labels: context.labels });
  const id = `${sloId(objective.name, indicator.blame)}.burn-${severity}`;
  const other = (partId: string): string => reference('monitor', environment, partId);
  const clauses = tiers.map(
    (a) => `${other(windowId(a, a.tier.longMs))} && ${other(windowId(a, a.tier.shortMs))} && !${other(quietId(a))}`,
  );
  return {
    id,
    document: {
      type: 'composite',
      name: `${name} of ${objective.name} in ${environment} (${severity})`,
      query: clauses.length === 1 ? clauses.join('') : clauses.map((c) => `(${c})`).join(' || '),
      message: message(
        {
          page: { alert: name.replace(/^EnvoyGateway/, '') },
          summary: first.summary,
          board: 'objectives',
          triage: objective.indicator.kind === 'latency' ? undefined : {},
        },
        {
          text: plain(burnsDescription(tiers)).replaceAll('{label:gateway}', `{{${gateway}.name}}`),
          severity,
          named: objective.notify,
          tags: { gateway },
        },
        model,
        context,
      ),
      tags: [...marks(context, id), `severity:${severity}`],
      priority: priority[severity],
      options: { include_tags: true },
    },
  };
}
