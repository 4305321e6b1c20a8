import type { Board, Panel } from './board.ts';
import { falling, never, rising } from './parts.ts';
import { gauge, increase, minus, plus, rate, ratio, top, zero } from './query/expression.ts';

/** Can the other boards be believed. */
export function pipeline(): Board {
  return {
    id: 'pipeline',
    title: 'Pipeline',
    description:
      'Can the other boards be believed: requests that Envoy counted against records that arrived, and what was dropped on the way.',
    scope: ['environment', 'cluster'],
    rows: [
      { title: 'Now', panels: now },
      { title: 'Records against requests', panels: records },
      { title: 'Lost on the way, and nearly', panels: losses },
      { title: 'Room', panels: room },
    ],
  };
}

const small = { width: 6, height: 4 } as const;

/** Records that a store or a queue did not take. */
const lost = plus(increase('recordsLost'), increase('recordsNotQueued'));

const now: readonly Panel[] = [
  {
    id: 'covered',
    kind: 'stat',
    title: 'Requests with a record',
    description:
      'Records that the Collectors took, as a share of the requests that Envoy counted in the time shown. Below 98 % the boards understate: find the gateway below. Well above 100 %: another sender, or gateways that are not scraped.',
    unit: 'share',
    thresholds: falling(0.98, 0.995),
    query: ratio(increase('recordsReceived'), increase('envoyRequests')),
    none: 'not scraped',
    ...small,
  },
  {
    id: 'dropped',
    kind: 'stat',
    title: 'Dropped before the Collector',
    description:
      'Records that Envoys could not send in the time shown: no Collector answered, or not fast enough. They are in no metric and in no store. See the Collectors’ pods and memory.',
    unit: 'count',
    thresholds: never,
    query: zero(increase('logsDropped')),
    none: '0',
    ...small,
  },
  {
    id: 'lost',
    kind: 'stat',
    title: 'Lost after the Collector',
    description:
      'Records in the time shown that a store refused for good or that no queue had room for. Metrics have them, since they are made before; logs and triage do not. The Collector’s own log says what the store answered.',
    unit: 'count',
    thresholds: never,
    query: zero(lost),
    none: '0',
    ...small,
  },
  {
    id: 'fullest',
    kind: 'stat',
    title: 'Fullest queue',
    description:
      'How full the fullest queue is. It fills while a store is away or too slow, and empties by itself afterwards; at 100 % records are dropped. Above half: see which store below, and how long the queue still lasts.',
    unit: 'share',
    thresholds: rising(0.5, 0.8),
    query: ratio(gauge('queueSize', 'max'), gauge('queueCapacity', 'max')),
    ...small,
  },
];

const records: readonly Panel[] = [
  {
    id: 'counts',
    kind: 'timeseries',
    title: 'Requests by Envoy’s count, records, and requests on these boards',
    description:
      'Three counts of the same thing. Records below Envoy’s count: lost before the Collector, or a gateway without the access-log policy. Boards below records: the Collector dropped points of metrics (below). Long requests make short gaps: a record is written when a request ends.',
    unit: 'events/s',
    shown: [
      { query: rate('envoyRequests'), legend: 'counted by Envoy' },
      { query: rate('recordsReceived'), legend: 'records received' },
      { query: rate('requests'), legend: 'on the boards' },
    ],
    width: 12,
    height: 8,
  },
  {
    id: 'missing',
    kind: 'timeseries',
    title: 'Requests without a record, by gateway',
    description:
      'What is missing, of the ten gateways where most is. One gateway: its ListenerPolicy is not attached, or was overridden (`vigia check --manifests`). All of them in proportion: a Collector that is short of something.',
    unit: 'requests/s',
    shown: [
      {
        query: top(10, minus(rate('envoyRequests', { by: ['gateway'] }), rate('requests', { by: ['gateway'] }))),
        legend: ['gateway'],
      },
    ],
    width: 12,
    height: 8,
  },
];

/** What the Collector's deltatocumulative says of a point that it dropped; points that it took have no error. */
const misadded = ['limit', 'delta.ErrOutOfOrder', 'delta.ErrOlderStart'] as const;

const losses: readonly Panel[] = [
  {
    id: 'losses',
    kind: 'timeseries',
    title: 'Where records are lost',
    description:
      'From left to right along the way. Envoy: the Collector was away. Refused: it was short of memory and said no (Envoy does not repeat). Not queued: a store was away for longer than the queue lasts. Refused by the store: rights, limits, record too old or too large.',
    unit: 'events/s',
    thresholds: never,
    shown: [
      { query: zero(rate('logsDropped')), legend: 'dropped by Envoy' },
      { query: zero(rate('recordsRefused')), legend: 'refused by the Collector' },
      { query: zero(rate('recordsNotQueued')), legend: 'not queued' },
      { query: zero(rate('recordsLost')), legend: 'refused by the store' },
    ],
    width: 12,
    height: 8,
  },
  {
    id: 'points',
    kind: 'timeseries',
    title: 'Points of metrics that were lost',
    description:
      'Any makes the boards understate. Refused: the metrics store (out of order, too many series, rights). Dropped by error: the Collector could not add a point up: at its limit of series, or two senders of one series.',
    unit: 'events/s',
    thresholds: never,
    shown: [
      { query: zero(rate('pointsLost')), legend: 'refused by the store' },
      {
        query: zero(rate('pointsMisordered', { where: [{ label: 'error', is: misadded }] })),
        legend: 'dropped by error',
      },
    ],
    width: 12,
    height: 8,
  },
];

const room: readonly Panel[] = [
  {
    id: 'queues',
    kind: 'timeseries',
    title: 'Queues, by store',
    description:
      'Batches that wait, as a share of those that may. A store whose line climbs is away or slower than traffic; all lines together are the Collector’s own network or CPU.',
    unit: 'share',
    max: 1,
    thresholds: rising(0.5, 0.8),
    shown: [
      {
        query: ratio(
          gauge('queueSize', 'max', { by: ['exporter'] }),
          gauge('queueCapacity', 'max', { by: ['exporter'] }),
        ),
        legend: ['exporter'],
      },
    ],
    width: 8,
    height: 7,
  },
  {
    id: 'series',
    kind: 'timeseries',
    title: 'Series, as a share of what a Collector may keep',
    description:
      'Series made of access logs that a Collector keeps, of the fullest. At 100 % new ones are not counted, and a new failure is always a new series. It grows with routes x statuses x flags x labels: take a label off metrics, or tighten its bound.',
    unit: 'share',
    max: 1,
    thresholds: rising(0.6, 0.85),
    shown: [
      {
        query: ratio(gauge('streams', 'max', { by: ['cluster'] }), gauge('streamsLimit', 'max', { by: ['cluster'] })),
        legend: ['cluster'],
      },
    ],
    width: 8,
    height: 7,
  },
  {
    id: 'memory',
    kind: 'timeseries',
    title: 'Memory of each Collector',
    description:
      'Near the limit of its container it refuses records, which Envoy does not send again. It follows series and queues; more replicas share the records but not the series of one gateway.',
    unit: 'bytes',
    shown: [
      {
        query: top(10, gauge('collectorMemory', 'max', { by: ['cluster', 'instance'] })),
        legend: ['cluster', 'instance'],
      },
    ],
    width: 8,
    height: 7,
  },
  {
    id: 'sent',
    kind: 'timeseries',
    title: 'Records stored, by store',
    description:
      'What stores took. With sampling it is below what was received by as much as healthy requests are thinned out; nought while records are received is a store that is away.',
    unit: 'events/s',
    shown: [{ query: rate('recordsSent', { by: ['exporter'] }), legend: ['exporter'] }],
    width: 24,
    height: 6,
  },
];
