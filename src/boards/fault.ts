import type { Board, Panel } from './board.ts';
import type { BoardContext } from './context.ts';
import { customLabels, failed, never, toMend, unanswered, unrouted } from './parts.ts';
import { increase, plus, rate, type Selection, top } from './query/expression.ts';

/** A 503 lies on the table: whose fault is it. */
export function fault(c: BoardContext): Board {
  return {
    id: 'fault',
    title: 'Whose fault',
    description: 'Failures by side and flag, with what each flag means and what to check, down to the log lines.',
    scope: ['environment', 'cluster', 'gateway', 'route', 'backend', ...customLabels(c)],
    rows: [
      { title: 'Side and flag', panels: sideAndFlag },
      { title: 'What flags do not say', panels: unflagged },
      { title: 'The other witness: Envoy’s own statistics (not filtered by route or label)', panels: witness },
      { title: 'Requests', panels: [lines] },
    ],
  };
}

const sideAndFlag: readonly Panel[] = [
  {
    id: 'sides',
    kind: 'timeseries',
    title: 'Failures by side',
    description:
      'Whose fault, over time. Backend: its team; the flags say what it did. Gateway: our configuration or our control plane. Between: keep-alive races, TLS, DNS, network, load balancer. Client: it erred or left. Policy: a limit, an authorizer or an injected fault that does its work. Unknown: one record can’t tell, triage looks at all of them together.',
    unit: 'requests/s',
    shown: [{ query: rate('requests', { where: [failed], by: ['side'] }), legend: ['side'] }],
    stacked: true,
    decode: 'side',
    width: 12,
    height: 9,
    drill: { logs: { failed: true }, traces: true },
    triage: {},
  },
  {
    id: 'flags',
    kind: 'timeseries',
    title: 'Failures to mend, by the flag that names the cause',
    description:
      'One flag for each request: of several the one that names the cause, because URX and UO beside another only tell of the retries. “No flag” is an answer that the backend (or a direct response) gave itself. One colour that grows is one cause; follow it to its requests.',
    unit: 'requests/s',
    shown: [{ query: rate('requests', { where: [toMend], by: ['flag'] }), legend: ['flag'] }],
    stacked: true,
    decode: 'flag',
    width: 12,
    height: 9,
    drill: { logs: { side: ['gateway', 'between', 'backend', 'unknown'] }, traces: true },
    triage: {},
  },
  {
    id: 'flags-by-backend',
    kind: 'table',
    title: 'Every flag, by backend',
    description:
      'Each flag of each failed request counted, so a request with URX,UF is in two rows (by gateway, backend and label; not filtered by route). Read from left to right: what Envoy raised, what that means, whose fault it was, where. A flag that Envoy’s documentation does not have is an extension’s own and is shown as it is.',
    by: ['flag', 'flagName', 'side', 'backend'],
    columns: [
      {
        title: 'Flags',
        query: increase('flags', {
          where: [{ label: 'side', not: ['none'] }],
          by: ['flag', 'flagName', 'side', 'backend'],
        }),
        unit: 'count',
      },
    ],
    limit: 100,
    width: 24,
    height: 10,
    drill: { logs: { failed: true } },
    triage: {},
  },
];

const unflagged: readonly Panel[] = [
  {
    id: 'own-answers',
    kind: 'table',
    title: '5xx without a flag',
    description:
      'No flag does not mean healthy. Side backend: it answered so itself; hand it to its team with a trace. Side gateway: a filter that failed, or a direct response of the route (kgateway replaces a broken route by a 500: see the control plane). Side policy: a filter that answers so by its configuration.',
    by: ['backend', 'route', 'status', 'side'],
    columns: [
      {
        title: 'Requests',
        query: increase('requests', {
          where: [
            { label: 'flag', is: ['-'] },
            { label: 'status', prefix: '5' },
          ],
          by: ['backend', 'route', 'status', 'side'],
        }),
        unit: 'count',
      },
    ],
    limit: 50,
    width: 14,
    height: 9,
    drill: { logs: { status: '5xx', flag: ['-'] }, traces: true },
    triage: { status: '5xx' },
  },
  {
    id: 'unanswered',
    kind: 'timeseries',
    title: 'Left without an answer (status 0), by side',
    description:
      'Client: it left within 250 ms of asking, a user who went on. Unknown: it waited longer, which is a user who gave up, or a load balancer whose timeout ran out: triage looks for the duration that they share. Unknown that rises with p99 is an outage that no 5xx shows.',
    unit: 'requests/s',
    shown: [{ query: rate('requests', { where: [unanswered], by: ['side'] }), legend: ['side'] }],
    stacked: true,
    decode: 'side',
    width: 10,
    height: 9,
    drill: { logs: { status: '0' } },
    triage: { status: '0' },
  },
  {
    id: 'unrouted',
    kind: 'timeseries',
    title: 'Matched no route (404 NR), by gateway',
    description:
      'An even trickle is scanners and old bookmarks. A step is a route that is gone: compare it with what was deployed, `kubectl get httproute -A` for those not Accepted, and the control plane for refused configurations. They are in no failing share of these boards.',
    unit: 'requests/s',
    shown: [{ query: top(10, rate('requests', { where: [unrouted], by: ['gateway'] })), legend: ['gateway'] }],
    width: 24,
    height: 6,
    drill: { board: 'control-plane', logs: { flag: ['NR'] } },
    triage: { flag: ['NR'] },
  },
];

const by = ['backend'] as const;
const of = (series: Selection['series']) => increase(series, { by });

const witness: readonly Panel[] = [
  {
    id: 'counters',
    kind: 'table',
    title: 'What Envoy counted, by backend',
    description:
      'The same failures by counters instead of records: each column is one cause. Numbers here and nothing above mean that records are lost (pipeline board). Connect: refused, timed out or TLS. No host: no endpoints, or all ejected. Cut: the backend closed a connection with a request on it, its keep-alive is shorter than Envoy’s idle timeout. Breaker: a limit. Time: the route’s timeout ran out.',
    by,
    columns: [
      {
        title: 'All',
        query: plus(
          plus(plus(of('connectFailures'), of('noneHealthy')), plus(of('cutByBackend'), of('upstreamTimeouts'))),
          plus(of('pendingOverflow'), of('retryOverflow')),
        ),
        unit: 'count',
      },
      { title: 'Connect', query: of('connectFailures'), unit: 'count' },
      { title: '… timed out', query: of('connectTimeouts'), unit: 'count' },
      { title: 'No host', query: of('noneHealthy'), unit: 'count' },
      { title: 'Cut', query: of('cutByBackend'), unit: 'count' },
      { title: 'Breaker', query: of('pendingOverflow'), unit: 'count' },
      { title: '… of retries', query: of('retryOverflow'), unit: 'count' },
      { title: 'Time', query: of('upstreamTimeouts'), unit: 'count' },
    ],
    limit: 100,
    width: 24,
    height: 8,
    drill: { board: 'routes' },
  },
  {
    id: 'policies',
    kind: 'timeseries',
    title: 'Refused by policy',
    description:
      'Requests that an authorizer denied or that were over a limit: working as configured. A jump is a client that changed, an attack, an expired credential, or a limit or rule that was just rolled out.',
    unit: 'requests/s',
    shown: [
      { query: rate('authDenied'), legend: 'denied by the authorizer' },
      { query: rate('limiterOver'), legend: 'over a global limit' },
      { query: rate('localRateLimited'), legend: 'over a local limit' },
    ],
    width: 12,
    height: 7,
    drill: { logs: { side: ['policy'] } },
    triage: { side: ['policy'] },
  },
  {
    id: 'policy-services',
    kind: 'timeseries',
    title: 'Authorizer and limiter that fail',
    description:
      'Any is too much. Failed: the service could not be asked in time (Envoy waits 200 ms unless told otherwise), and requests end in 403 or 5xx. Let through: it failed and the policy says to go on, so requests pass unchecked: with an authorizer that is a security incident.',
    unit: 'requests/s',
    thresholds: never,
    shown: [
      { query: rate('authErrors'), legend: 'authorizer failed' },
      { query: rate('authFailedOpen'), legend: 'let through unauthorized' },
      { query: rate('limiterErrors'), legend: 'limiter failed' },
      { query: rate('limiterFailedOpen'), legend: 'let through unlimited' },
    ],
    width: 12,
    height: 7,
    drill: { logs: { side: ['gateway'] } },
    triage: { side: ['gateway'] },
  },
];

const lines: Panel = {
  id: 'lines',
  kind: 'logs',
  title: 'Failed and refused requests',
  description:
    'The records themselves, newest first, with the filters above. Read response code details and the transport failure reason beside the flag; the age of the upstream connection tells a keep-alive race (old, closed at once) from a crash. `vigia explain` decodes a pasted line.',
  condition: { failed: true },
  width: 24,
  height: 12,
  triage: {},
};
