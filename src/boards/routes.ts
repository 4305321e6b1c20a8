import type { Label } from '../contract/model.ts';
import type { CustomLabel } from '../signals/series.ts';
import type { Board, Panel } from './board.ts';
import type { BoardContext } from './context.ts';
import {
  counted,
  customLabels,
  failed,
  failureShare,
  filled,
  rising,
  share,
  shareOfView,
  toMend,
  unanswered,
} from './parts.ts';
import { pools } from './pools.ts';
import { buckets, increase, mean, minus, quantile, rate, ratio, scale, top } from './query/expression.ts';

/** Which route, which backend, which of our labels: down to the requests themselves. */
export function routes(c: BoardContext): Board {
  return {
    id: 'routes',
    title: 'Routes and backends',
    description: 'Which route, which backend, whose requests: from a share that fails down to the requests themselves.',
    scope: ['environment', 'cluster', 'gateway', 'route', 'backend', ...customLabels(c)],
    rows: [
      { title: 'What does not succeed', panels: whatFails },
      ...(c.labels.length > 0
        ? [
            {
              title: 'By the contract’s labels',
              panels: filled(c.labels.map(byLabel), 2),
            },
          ]
        : []),
      { title: 'Where the time goes', panels: time },
      { title: 'Tries', panels: tries },
      pools,
    ],
  };
}

const ends = ['route', 'backend', 'status', 'flag', 'side'] as const;
const ways = ['route', 'backend'] as const;

const whatFails: readonly Panel[] = [
  {
    id: 'endings',
    kind: 'table',
    title: 'How requests ended that did not succeed',
    description:
      'Each way in which requests of a route failed or were refused, most frequent first, with the flag that names the cause. Few rows: one cause. The same flag on many routes of one backend: the backend. Many backends at once: what they share. Follow a row to its requests.',
    by: ends,
    columns: [{ title: 'Requests', query: counted(failed, ends), unit: 'count' }],
    limit: 100,
    width: 24,
    height: 10,
    drill: { board: 'fault', logs: { failed: true }, traces: true },
    triage: {},
  },
  {
    id: 'ways',
    kind: 'table',
    title: 'Routes and their backends',
    description:
      'The time shown, the busiest first. Routes have Envoy’s own names: kgateway’s end in the HTTPRoute’s name and namespace; a backend’s name begins with the namespace of its Service. A route that fails with one of its backends only is that backend.',
    by: ways,
    columns: [
      { title: 'Requests', query: increase('requests', { by: ways }), unit: 'count' },
      { title: 'Failing', query: shareOfView(toMend, ways), unit: 'share', thresholds: failureShare },
      {
        title: 'Without an answer',
        query: shareOfView(unanswered, ways),
        unit: 'share',
        thresholds: rising(0.005, 0.02),
      },
      {
        title: 'p50',
        query: quantile('duration', 0.5, { by: ways, window: 'view' }),
        unit: 'seconds',
        thresholds: rising(1, 5),
      },
      {
        title: 'p99',
        query: quantile('duration', 0.99, { by: ways, window: 'view' }),
        unit: 'seconds',
        thresholds: rising(1, 5),
      },
    ],
    limit: 100,
    width: 24,
    height: 10,
    drill: { board: 'fault', logs: { failed: true }, traces: true },
  },
  {
    id: 'failing-routes',
    kind: 'timeseries',
    title: 'Failing share by route',
    description:
      'The ten routes that fail most. Look for the minute in which it began and what was changed then. Lines that spike together at even intervals are a job or a rollout.',
    unit: 'share',
    thresholds: failureShare,
    shown: [{ query: top(10, share(toMend, ['route'])), legend: ['route'] }],
    width: 12,
    height: 8,
    drill: { logs: { side: ['gateway', 'between', 'backend', 'unknown'] } },
  },
  {
    id: 'slow-routes',
    kind: 'timeseries',
    title: 'p95 by route',
    description:
      'The ten slowest routes. A flat line at 15 s, 30 s or 60 s is a timeout, not a measure: find whose by `vigia triage`, which looks for durations that many requests share.',
    unit: 'seconds',
    thresholds: rising(1, 5),
    shown: [{ query: top(10, quantile('duration', 0.95, { by: ['route'] })), legend: ['route'] }],
    width: 12,
    height: 8,
    drill: { traces: true },
  },
];

/** Who the requests are for, by one label of the contract. */
function byLabel(label: Label): Panel {
  const by: readonly CustomLabel[] = [`custom:${label.name}`];
  const about = label.description === undefined ? '' : `${label.name}: ${label.description}. `;
  return {
    id: `by-${label.name}`,
    kind: 'table',
    title: `By ${label.name}`,
    description: `${about}Whom it hits: failures in one row only are that ${label.name}’s own requests; an even share in all rows is not about ${label.name}. \`${label.other}\` is every value that the contract does not list, \`${label.absent}\` is requests without one.`,
    by,
    columns: [
      { title: 'Requests', query: increase('requests', { by }), unit: 'count' },
      { title: 'Failing', query: shareOfView(toMend, by), unit: 'share', thresholds: failureShare },
      {
        title: 'p99',
        query: quantile('duration', 0.99, { by, window: 'view' }),
        unit: 'seconds',
        thresholds: rising(1, 5),
      },
    ],
    limit: 50,
    width: 12,
    height: 7,
    drill: { logs: { failed: true } },
  };
}

const time: readonly Panel[] = [
  {
    id: 'heat',
    kind: 'heatmap',
    title: 'Durations',
    description:
      'How many requests took how long. Two bands are two kinds of requests, or a cache; a thin line at one duration is a timeout; a band that widens upwards is saturation.',
    unit: 'seconds',
    query: buckets('duration'),
    width: 12,
    height: 8,
  },
  {
    id: 'gateway-and-backend',
    kind: 'timeseries',
    title: 'p95 at the gateway and at the backends',
    description:
      'The whole request against what Envoy waited for the backends (its own statistic, of each try, not filtered by route or label). Lines together: the backends are slow. The first far above the second: slow clients, large bodies, waiting for a connection, an authorizer, or retries.',
    unit: 'seconds',
    shown: [
      { query: quantile('duration', 0.95), legend: 'at the gateway' },
      { query: scale(0.001, quantile('upstreamTime', 0.95)), legend: 'at the backends' },
    ],
    width: 6,
    height: 8,
  },
  {
    id: 'outside',
    kind: 'bars',
    title: 'Mean time that is not the backend’s',
    description:
      'The mean duration less the mean time that Envoy waited for the backend, for the ten backends where most is left. More than a few milliseconds that are not uploads or downloads: look at pools, the authorizer and retries below.',
    unit: 'seconds',
    thresholds: rising(0.1, 1),
    query: minus(
      mean('duration', { by: ['backend'], window: 'view' }),
      scale(0.001, mean('upstreamTime', { by: ['backend'], window: 'view' })),
    ),
    by: ['backend'],
    limit: 10,
    width: 6,
    height: 8,
  },
];

const tries: readonly Panel[] = [
  {
    id: 'tries',
    kind: 'timeseries',
    title: 'Tries per request, by backend',
    description:
      'One is a request that was sent once. 1.1 is a retry for every tenth request: load on the backend that no client asked for. Well below one: requests that never reached the backend (no route, refused, no healthy host).',
    unit: 'factor',
    thresholds: rising(1.05, 1.5),
    shown: [
      {
        query: top(10, ratio(rate('attempts', { by: ['backend'] }), rate('requests', { by: ['backend'] }))),
        legend: ['backend'],
      },
    ],
    width: 12,
    height: 7,
    drill: { logs: { failed: true } },
  },
  {
    id: 'rescued',
    kind: 'timeseries',
    title: 'Failures that a retry hid, by backend',
    description:
      'Retries that succeeded, a second (Envoy’s own statistic, not filtered by route or label): clients saw nothing, and the backend failed all the same. A rise here comes before failures that show, as soon as the retries run out; mend the cause now. `vigia triage` counts them as rescued by a retry.',
    unit: 'events/s',
    shown: [{ query: top(10, rate('retriesWon', { by: ['backend'] })), legend: ['backend'] }],
    width: 12,
    height: 7,
  },
];
