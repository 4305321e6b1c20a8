import type { Row } from './board.ts';
import { rising } from './parts.ts';
import { gauge, minus, top } from './query/expression.ts';

const by = ['backend'] as const;

/** What Envoy holds for each backend. Gauges: what failed for want of it is counted on the board of faults. */
export const pools: Row = {
  title: 'Hosts, connections and breakers (Envoy’s own statistics: by backend, not filtered by route or label)',
  panels: [
    {
      id: 'pools',
      kind: 'table',
      title: 'Pools',
      description:
        'What each backend has now, those with requests that wait first. Waiting means that connections can’t be made fast enough or may not be made. No hosts: nothing is behind the Service (flag UH). Fewer than one connection for a backend that is asked all the time: it, or the idle timeout, closes them after each request.',
      by,
      columns: [
        { title: 'Waiting', query: gauge('upstreamPending', 'sum', { by }), unit: 'count', thresholds: rising(1, 50) },
        { title: 'Under way', query: gauge('upstreamActive', 'sum', { by }), unit: 'count' },
        { title: 'Connections', query: gauge('upstreamConnections', 'sum', { by }), unit: 'count' },
        { title: 'Hosts', query: gauge('members', 'max', { by }), unit: 'count' },
        { title: 'Healthy', query: gauge('healthyMembers', 'min', { by }), unit: 'count' },
        { title: 'Ejected', query: gauge('ejected', 'max', { by }), unit: 'count', thresholds: rising(1, 2) },
      ],
      limit: 100,
      width: 24,
      height: 8,
    },
    {
      id: 'out-of-rotation',
      kind: 'timeseries',
      title: 'Hosts out of rotation, by backend',
      description:
        'Hosts that are there and may not be picked: failing health checks, or ejected by outlier detection. When all of a backend’s are out, requests end in 503 UH. Compare with its pods’ readiness; ejections that come and go are a host that fails only under load.',
      unit: 'count',
      thresholds: rising(1, 3),
      shown: [
        { query: top(10, minus(gauge('members', 'sum', { by }), gauge('healthyMembers', 'sum', { by }))), legend: by },
      ],
      width: 12,
      height: 7,
    },
    {
      id: 'open-breakers',
      kind: 'timeseries',
      title: 'Open breakers, by kind',
      description:
        'How many breakers are open, of all Envoys and backends chosen above. Without a BackendConfigPolicy the limits are Envoy’s: 1,024, and 3 retries at once. Open under ordinary load: raise the limit; open because the backend is slow: it protects you, mend the backend. Which backend it is, is in what Envoy counted on the board of faults.',
      unit: 'count',
      thresholds: rising(1, 5),
      shown: [
        { query: gauge('connectionsOpen', 'sum'), legend: 'connections' },
        { query: gauge('pendingOpen', 'sum'), legend: 'waiting requests' },
        { query: gauge('requestsOpen', 'sum'), legend: 'requests' },
        { query: gauge('retriesOpen', 'sum'), legend: 'retries' },
      ],
      width: 12,
      height: 7,
      drill: { board: 'fault' },
    },
  ],
};
