import type { BoardContext } from '../boards/context.ts';
import type { Objective } from '../contract/model.ts';
import { type Indicator, noAnswer, promisesHandover } from '../objectives/indicator.ts';
import type { Drill, DrillSeries } from './alert.ts';
import type { BurnAlert } from './burn.ts';
import { grows, restarts } from './drill.ts';
import { placeOf } from './parts.ts';

/** What an objective's alert over one window must tell, and what not: for either vendor. */
export function burnDrills(alert: BurnAlert, context: BoardContext): readonly Drill[] {
  const { objective, tier, budget, indicator } = alert;
  const slow = indicator.bad.kind === 'slow';
  const limit = tier.factor * budget;
  const over = Math.min(1, limit * 1.3);
  // In the long window there must be more than the gate asks for, though only the last hour has any.
  const much = Math.ceil((objective.minRequestsPerHour * (tier.longMs / 3_600_000) * 3) / 60) + 600;
  const few = (objective.minRequestsPerHour * (tier.longMs / 3_600_000) * 0.5) / 60;
  const place = placeIn(objective, context);
  const timed = (blame: Indicator['blame'], share: number) => timedCourse(objective, place, blame, share, much);
  const course = (share: number, perMinute: number, side = 'gateway') =>
    slow
      ? timedCourse(objective, place, indicator.blame, share, perMinute)
      : countedCourse(place, share, perMinute, side);
  const drills: Drill[] = [
    { name: 'burns', series: course(over, much), fires: true },
    { name: 'burns slower', series: course(limit * 0.7, much), fires: false },
    { name: 'too few requests', series: course(1, few), fires: false },
    {
      name: 'nothing bad was ever counted',
      series: course(0, much).filter((s) => !s.values.every((v) => 'perMinute' in v && v.perMinute === 0)),
      fires: false,
    },
    { name: 'no series at all', series: [], fires: false },
    {
      name: 'the Collector starts again',
      series: course(limit * 0.7, much).map((s) => {
        const [v] = s.values;
        return restarts(s.series, s.labels, v && 'perMinute' in v ? v.perMinute : 0);
      }),
      fires: false,
    },
  ];
  if (slow)
    return promisesHandover(objective)
      ? [
          ...drills,
          {
            name: "the backends' time",
            series: [...timed('anyone', over), ...timed('gateway', 0)],
            fires: indicator.blame === 'anyone',
          },
          {
            name: "the gateway's time, and answered in time",
            series: [...timed('anyone', 0), ...timed('gateway', over)],
            fires: indicator.blame === 'gateway',
          },
        ]
      : drills;
  return [
    ...drills,
    { name: "the backends' fault", series: course(over, much, 'backend'), fires: indicator.blame === 'anyone' },
    { name: "the clients' own fault", series: course(over, much, 'client'), fires: false },
  ];
}

/** The labels of what the objective is about. */
function placeIn({ routes: [id], gateways }: Objective, context: BoardContext): DrillSeries['labels'] {
  const [namespace = '', name = ''] = (id ?? '').split('/');
  const route = id === undefined ? 'r' : `listener~8080~a-route-0-httproute-${name}-${namespace}-0-0-matcher-0`;
  return { ...placeOf(context), gateway: gateways[0] ?? 'g', backend: 'b', route };
}

/** So many requests a minute, of which a share is bad. */
const split = (perMinute: number, share: number) => {
  const bad = Number((perMinute * share).toPrecision(12));
  return { bad, good: Number((perMinute - bad).toPrecision(12)) };
};

function countedCourse(
  place: DrillSeries['labels'],
  share: number,
  perMinute: number,
  side: string,
): readonly DrillSeries[] {
  const { good, bad } = split(perMinute, share);
  return [
    grows('requests', { ...place, status: '200', flag: '-', side: 'none' }, good),
    grows('requests', { ...place, status: '503', flag: 'UF', side }, bad),
  ];
}

/** The same of a histogram: the whole duration, or the gateway's own time. */
function timedCourse(
  objective: Objective,
  place: DrillSeries['labels'],
  blame: Indicator['blame'],
  share: number,
  perMinute: number,
): readonly DrillSeries[] {
  if (objective.indicator.kind !== 'latency') throw new Error(`${objective.name} is about no time`);
  const { thresholdMs, gatewayThresholdMs } = objective.indicator;
  const series = blame === 'gateway' ? 'handover' : 'duration';
  const le = String((blame === 'gateway' ? (gatewayThresholdMs ?? thresholdMs) : thresholdMs) / 1000);
  const answered = blame === 'gateway' ? place : { ...place, statusClass: '2xx' };
  return [
    grows(series, { ...answered, le }, split(perMinute, share).good),
    grows(series, { ...answered, le: '+Inf' }, perMinute),
    grows(series, answered, perMinute),
    // Failures and WebSockets take no part; of the gateway's own time they are never measured.
    ...(blame === 'gateway' ? [] : noAnswer.map((statusClass) => grows(series, { ...place, statusClass }, perMinute))),
  ];
}
