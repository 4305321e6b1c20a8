import type { BoardContext } from '../boards/context.ts';
import type { Objective } from '../contract/model.ts';
import { noAnswer } from '../objectives/indicator.ts';
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
  const course = (share: number, perMinute: number, side = 'gateway') =>
    courseOf(objective, context, share, perMinute, side);
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
  if (slow) return drills;
  return [
    ...drills,
    { name: "the backends' fault", series: course(over, much, 'backend'), fires: indicator.blame === 'anyone' },
    { name: "the clients' own fault", series: course(over, much, 'client'), fires: false },
  ];
}

/** So many requests a minute, of which a share is bad. */
function courseOf(
  objective: Objective,
  context: BoardContext,
  share: number,
  perMinute: number,
  side: string,
): readonly DrillSeries[] {
  const [id] = objective.routes;
  const [namespace = '', name = ''] = (id ?? '').split('/');
  const route = id === undefined ? 'r' : `listener~8080~a-route-0-httproute-${name}-${namespace}-0-0-matcher-0`;
  const place = { ...placeOf(context), gateway: objective.gateways[0] ?? 'g', backend: 'b', route };
  const bad = Number((perMinute * share).toPrecision(12));
  const good = Number((perMinute - bad).toPrecision(12));
  if (objective.indicator.kind === 'availability')
    return [
      grows('requests', { ...place, status: '200', flag: '-', side: 'none' }, good),
      grows('requests', { ...place, status: '503', flag: 'UF', side }, bad),
    ];
  const le = String(objective.indicator.thresholdMs / 1000);
  const answered = { ...place, statusClass: '2xx' };
  return [
    grows('duration', { ...answered, le }, good),
    grows('duration', { ...answered, le: '+Inf' }, perMinute),
    grows('duration', answered, perMinute),
    // Failures and WebSockets take no part.
    ...noAnswer.map((statusClass) => grows('duration', { ...place, statusClass }, perMinute)),
  ];
}
