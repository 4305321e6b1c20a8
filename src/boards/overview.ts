import type { Board, Panel, Row } from './board.ts';
import type { BoardContext } from './context.ts';
import {
  counted,
  customLabels,
  failed,
  failureShare,
  falling,
  ofTheGateway,
  rising,
  share,
  shareOfView,
  toMend,
  unanswered,
  unrouted,
} from './parts.ts';
import { gauge, increase, observations, quantile, rate, top, zero } from './query/expression.ts';

/** Is anything wrong, for whom, and since when. */
export function overview(c: BoardContext): Board {
  return {
    id: 'overview',
    title: 'Gateway overview',
    description:
      'Is anything wrong, for whom, and since when. Begin here; each panel leads to the board that explains it.',
    scope: ['environment', 'cluster', 'gateway', ...customLabels(c)],
    rows: [
      { title: 'Now', panels: now },
      ...(c.objectives.length > 0 ? [{ title: 'Objectives', panels: [budgets(c)] }] : []),
      { title: 'Since when', panels: sinceWhen },
      { title: 'For whom', panels: [gateways] },
      envoys,
    ],
  };
}

const now: readonly Panel[] = [
  {
    id: 'request-rate',
    kind: 'stat',
    title: 'Requests',
    description:
      'Requests that ended at the gateways, a second, from their access logs. Nought in working hours means that nothing arrives (load balancer, DNS) or that the records do not (see the pipeline board).',
    unit: 'requests/s',
    query: rate('requests'),
    none: 'no records',
    width: 4,
    height: 4,
    drill: { board: 'pipeline' },
  },
  {
    id: 'failing',
    kind: 'stat',
    title: 'Failing',
    description:
      'Share of requests that failed and that somebody here has to mend: by the gateway, by what lies between, by a backend, or nobody can tell. Clients’ own mistakes, policies that do their work and requests for no route are not in it. Amber is more than one in a thousand, red more than one in a hundred: see whose fault it is.',
    unit: 'share',
    thresholds: failureShare,
    query: share(toMend),
    width: 4,
    height: 4,
    drill: { board: 'fault', logs: { side: ['gateway', 'between', 'backend', 'unknown'] } },
    triage: {},
  },
  {
    id: 'failing-here',
    kind: 'stat',
    title: 'Failing at the gateway',
    description:
      'The part of the failures that is not the backends’: the gateway’s own, and those between it and them (keep-alive races, TLS, DNS, network). Red while the failing share beside it is as high means: it is us, not the teams behind us.',
    unit: 'share',
    thresholds: failureShare,
    query: share(ofTheGateway),
    width: 4,
    height: 4,
    drill: { board: 'fault', logs: { side: ['gateway', 'between'] } },
    triage: { side: ['gateway'] },
  },
  {
    id: 'unanswered',
    kind: 'stat',
    title: 'Left without an answer',
    description:
      'Share of requests whose client, or the load balancer before the gateway, was gone before a status was sent (status 0). No 5xx counts them, and an outage can consist of nothing else: requests that hang until clients give up. When it rises, compare with p99 below.',
    unit: 'share',
    thresholds: rising(0.005, 0.02),
    query: share(unanswered),
    width: 3,
    height: 4,
    drill: { board: 'fault', logs: { status: '0' } },
    triage: { status: '0' },
  },
  {
    id: 'unrouted',
    kind: 'stat',
    title: 'No route',
    description:
      'Requests that matched no route, a second: a 404 of the gateway, flag NR. They are in no share here: on a public gateway they are mostly scanners, an even trickle. A jump is a route that is gone, a host that moved, or an HTTPRoute that is not Accepted.',
    unit: 'requests/s',
    query: zero(rate('requests', { where: [unrouted] })),
    none: '0',
    width: 3,
    height: 4,
    drill: { board: 'fault', logs: { flag: ['NR'] } },
    triage: { flag: ['NR'] },
  },
  {
    id: 'slowest',
    kind: 'stat',
    title: 'p99',
    description:
      'One request in a hundred takes longer than this, from its first byte to the last byte of the answer. Amber from 1 s, red from 5 s; Envoy gives up after 15 s unless the route says otherwise. See whether the time is spent in the backends.',
    unit: 'seconds',
    thresholds: rising(1, 5),
    query: quantile('duration', 0.99),
    width: 3,
    height: 4,
    drill: { board: 'routes' },
  },
  {
    id: 'youngest',
    kind: 'stat',
    title: 'Youngest Envoy',
    description:
      'How long the Envoy that started last has been up. Below ten minutes something rolled out, scaled or crashed: what began at the same time has that as its first suspect.',
    unit: 'seconds',
    thresholds: [
      { from: undefined, means: 'watch' },
      { from: 600, means: 'good' },
    ],
    query: gauge('uptime', 'min'),
    width: 3,
    height: 4,
  },
];

const sinceWhen: readonly Panel[] = [
  {
    id: 'classes',
    kind: 'timeseries',
    title: 'Requests by status class',
    description:
      'The shape of traffic. A step down in all classes at once is upstream of the gateway; 5xx that replace 2xx one for one are an outage of what they ask for; 0 are those that left without an answer.',
    unit: 'requests/s',
    shown: [{ query: observations('duration', { by: ['statusClass'] }), legend: ['statusClass'] }],
    stacked: true,
    decode: 'statusClass',
    width: 12,
    height: 8,
    drill: { board: 'routes', logs: { failed: true } },
  },
  {
    id: 'failing-gateways',
    kind: 'timeseries',
    title: 'Failing share by gateway',
    description:
      'The ten gateways that fail most. One line that rises is that gateway or what is behind it; all lines together are something they share: the cluster, the network, an authorizer, a release of the control plane.',
    unit: 'share',
    thresholds: failureShare,
    shown: [{ query: top(10, share(toMend, ['gateway'])), legend: ['gateway'] }],
    width: 12,
    height: 8,
    drill: { board: 'fault', logs: { side: ['gateway', 'between', 'backend', 'unknown'] } },
  },
  {
    id: 'sides',
    kind: 'bars',
    title: 'Failures in the time shown, by side',
    description:
      'Whose fault the failures were. Backend: their team. Gateway and between: ours. Client and policy: expected in some measure; look only when they jump. Unknown: the record alone can’t tell, triage looks at all of them together.',
    unit: 'count',
    query: counted(failed, ['side']),
    by: ['side'],
    limit: 6,
    width: 8,
    height: 8,
    drill: { board: 'fault', logs: { failed: true } },
    triage: {},
  },
  {
    id: 'latency',
    kind: 'timeseries',
    title: 'Duration',
    description:
      'Median, p95 and p99 of all requests. All three rising is load or a shared dependency; p99 alone is a few routes or a few pods. A p99 that is flat at a round number is somebody’s timeout.',
    unit: 'seconds',
    shown: [
      { query: quantile('duration', 0.5), legend: 'p50' },
      { query: quantile('duration', 0.95), legend: 'p95' },
      { query: quantile('duration', 0.99), legend: 'p99' },
    ],
    width: 8,
    height: 8,
    drill: { board: 'routes', traces: true },
  },
  {
    id: 'throughput',
    kind: 'timeseries',
    title: 'Bytes of bodies',
    description:
      'What clients sent and what they were sent. Many bytes from few requests are uploads or downloads, which make durations long without anything being slow; a sudden drop of what is sent at an even request rate is answers that turned into errors.',
    unit: 'bytes/s',
    shown: [
      { query: rate('responseBytes'), legend: 'sent' },
      { query: rate('requestBytes'), legend: 'received' },
    ],
    width: 8,
    height: 8,
  },
];

const each = ['environment', 'cluster', 'gateway'] as const;

const gateways: Panel = {
  id: 'gateways',
  kind: 'table',
  title: 'Gateways',
  description:
    'Every gateway in the time shown, the busiest first. A gateway that fails at itself needs us; one whose failures are all its backends’ needs their teams. Follow a row to its own boards.',
  by: each,
  columns: [
    { title: 'Requests', query: increase('requests', { by: each }), unit: 'count' },
    {
      title: 'Failing',
      query: shareOfView(toMend, each),
      unit: 'share',
      thresholds: failureShare,
    },
    {
      title: 'At the gateway',
      query: shareOfView(ofTheGateway, each),
      unit: 'share',
      thresholds: failureShare,
    },
    {
      title: 'Without an answer',
      query: shareOfView(unanswered, each),
      unit: 'share',
      thresholds: rising(0.005, 0.02),
    },
    {
      title: 'p99',
      query: quantile('duration', 0.99, { by: each, window: 'view' }),
      unit: 'seconds',
      thresholds: rising(1, 5),
    },
  ],
  limit: 100,
  width: 24,
  height: 9,
  drill: { board: 'routes', logs: { failed: true } },
};

const envoys: Row = {
  title: 'The Envoys themselves (their own statistics: not filtered by labels of requests)',
  panels: [
    {
      id: 'live',
      kind: 'timeseries',
      title: 'Envoys that serve, by gateway',
      description:
        'Proxies that are live and not draining. Fewer than replicas for longer than a rollout takes: pods are not ready, see `kubectl get pods`. Nought: the gateway is down, or nobody scrapes it.',
      unit: 'count',
      shown: [{ query: gauge('live', 'sum', { by: ['gateway'] }), legend: ['gateway'] }],
      width: 8,
      height: 7,
    },
    {
      id: 'connections',
      kind: 'timeseries',
      title: 'Connections of clients, by gateway',
      description:
        'Open connections of clients and load balancers, of the ten gateways that have most. A saw-tooth is a load balancer that renews them; a climb without more requests is idle time that is too long, or a client that leaks.',
      unit: 'count',
      shown: [{ query: top(10, gauge('clientConnections', 'sum', { by: ['gateway'] })), legend: ['gateway'] }],
      width: 8,
      height: 7,
    },
    {
      id: 'memory',
      kind: 'timeseries',
      title: 'Memory of the ten largest Envoys',
      description:
        'What Envoy has allocated. It follows the size of the configuration and the number of connections; a line that only climbs ends in an overload action (flag OM) or a restart. Compare with the container’s limit.',
      unit: 'bytes',
      shown: [
        {
          query: top(10, gauge('memoryAllocated', 'max', { by: ['gateway', 'instance'] })),
          legend: ['gateway', 'instance'],
        },
      ],
      width: 8,
      height: 7,
    },
  ],
};

/** A table with more columns is not read. */
const columns = 8;

/** One column for each objective: the state here, its history on the board of objectives. */
function budgets({ objectives }: BoardContext): Panel {
  const shown = objectives.slice(0, columns);
  const rest = objectives.length - shown.length;
  return {
    id: 'budgets',
    kind: 'table',
    title: 'Error budget left, by gateway',
    description: `Share of each objective’s error budget that is left over its own window. Below a quarter: put risky changes off. Nought or less: the objective is missed; the board of objectives says when it was spent${rest === 0 ? '.' : `, and has the ${rest} others of the contract.`}`,
    by: ['gateway'],
    columns: shown.map((o) => ({
      title: o.name,
      query: { node: 'objective', objective: o.name, measure: 'left', window: o.windowDays * 86_400_000 } as const,
      unit: 'share' as const,
      thresholds: falling(0.001, 0.25),
    })),
    limit: 50,
    width: 24,
    height: 6,
    drill: { board: 'objectives' },
  };
}
