import type { BoardContext } from '../boards/context.ts';
import { gauge, increase, rate, ratio } from '../boards/query/expression.ts';
import type { Alert } from './alert.ts';
import { grows, stands } from './drill.ts';
import { alert, flagged, inEnvironment, minute, placeOf } from './parts.ts';

const share =
  '{value} of the requests to {label:backend} through {label:gateway} ({label:cluster}) ended so in 5 minutes';

/**
 * What lies behind the gateway. A twentieth of a backend's requests is what nobody calls noise and a rollout stays below; it wakes somebody where
 * nothing but failure can follow, and is a ticket where traffic still flows.
 */
export function backends(c: BoardContext): readonly Alert[] {
  const by = ['cluster', 'gateway', 'backend'] as const;
  const here = inEnvironment(c);
  const windowMs = 10 * minute;
  const place = { ...placeOf(c), backend: 'b' };
  return [
    flagged(
      c,
      {
        name: 'NoHealthyUpstream',
        severity: 'critical',
        summary: 'A backend has no healthy host.',
        description: `${share} (UH): Envoy had no host to pick. Look for pods that are not ready, a selector that matches nothing, health checks or ejections.`,
        forMs: 2 * minute,
        page: { cause: 'no-healthy-upstream' },
        board: 'routes',
        triage: { flag: ['UH'] },
      },
      { flag: 'UH', above: 0.05 },
    ),
    alert(
      {
        name: 'NoHealthyHosts',
        severity: 'warning',
        summary: 'A backend has hosts and none of them is healthy.',
        description:
          '{label:backend} has hosts and Envoy may pick none of them ({label:gateway}, {label:cluster}): the next request to it fails, whether or not there is traffic now.',
        forMs: 5 * minute,
        page: { cause: 'no-healthy-upstream' },
        board: 'routes',
      },
      {
        // Scaled to nought there is nothing to divide by, and no answer.
        query: ratio(
          gauge('healthyMembers', 'max', { where: [here], by }),
          gauge('members', 'max', { where: [here], by }),
        ),
        is: 'below',
        threshold: 0.001,
      },
      [
        {
          name: 'all hosts are bad',
          series: [stands('members', place, 3), stands('healthyMembers', place, 0)],
          fires: true,
        },
        {
          name: 'one is left',
          series: [stands('members', place, 3), stands('healthyMembers', place, 1)],
          fires: false,
        },
        {
          name: 'scaled to nought',
          series: [stands('members', place, 0), stands('healthyMembers', place, 0)],
          fires: false,
        },
        { name: 'no series', series: [], fires: false },
      ],
      'nothing happened',
    ),
    flagged(
      c,
      {
        name: 'ConnectFailures',
        severity: 'critical',
        summary: 'Connections to a backend fail.',
        description: `${share} (UF): refused, timed out, reset or refused by TLS. Triage says which.`,
        forMs: 2 * minute,
        page: { cause: 'connect-failed' },
        board: 'fault',
        triage: { flag: ['UF'] },
      },
      { flag: 'UF', above: 0.05 },
    ),
    flagged(
      c,
      {
        name: 'KeepAliveRace',
        severity: 'warning',
        summary: 'A backend closes idle connections that Envoy still uses.',
        description:
          '{value} of the requests to {label:backend} through {label:gateway} ({label:cluster}) met a connection that the backend was just closing (UC on an idle connection). Envoy must give idle connections up sooner than the backend does: `commonHttpProtocolOptions.idleTimeout` of a BackendConfigPolicy.',
        forMs: 15 * minute,
        page: { cause: 'upstream-keepalive-race' },
        board: 'fault',
        triage: { side: ['between'], flag: ['UC'] },
      },
      // One in a thousand is seen by users and hides in every graph; it takes thousands of requests to know.
      { flag: 'UC', sides: ['between'], above: 0.001, windowMs: 30 * minute, requests: 3000 },
    ),
    flagged(
      c,
      {
        name: 'BackendClosesConnections',
        severity: 'warning',
        summary: 'A backend closes connections instead of answering.',
        description: `${share} (UC, on a fresh connection or after real work): it crashes, or cuts requests at a limit of its own.`,
        forMs: 5 * minute,
        page: { cause: 'backend-connection-closed' },
        board: 'fault',
        triage: { side: ['backend'], flag: ['UC'] },
      },
      { flag: 'UC', sides: ['backend'], above: 0.05 },
    ),
    flagged(
      c,
      {
        name: 'UpstreamTimeouts',
        severity: 'warning',
        summary: 'A backend does not answer within the route timeout.',
        description: `${share} (UT). It is slow or waits for something; a longer timeout only moves the queue.`,
        forMs: 5 * minute,
        page: { cause: 'route-timeout' },
        board: 'routes',
        triage: { flag: ['UT'] },
      },
      { flag: 'UT', above: 0.05 },
    ),
    flagged(
      c,
      {
        name: 'Overflow',
        severity: 'warning',
        summary: 'A circuit breaker refuses requests.',
        description: `${share} (UO): more was under way or waiting than the breaker allows. Envoy's defaults are 1024 of each.`,
        forMs: 2 * minute,
        page: { cause: 'circuit-breaker-overflow' },
        board: 'routes',
        triage: { flag: ['UO'] },
      },
      { flag: 'UO', above: 0.01, requests: 100 },
    ),
    alert(
      {
        name: 'RetriesHideFailures',
        severity: 'warning',
        summary: 'Retries hide failures of a backend.',
        description:
          '{value} of the tries at {label:backend} were retries ({label:gateway}, {label:cluster}). Clients notice only time as long as the next try succeeds; one more bad host and they notice errors.',
        forMs: 10 * minute,
        page: { cause: 'rescued-by-retry' },
        board: 'routes',
        triage: {},
      },
      {
        query: ratio(
          rate('retries', { where: [here], by, window: windowMs }),
          rate('upstreamRequests', { where: [here], by, window: windowMs }),
        ),
        is: 'above',
        threshold: 0.1,
        traffic: { query: increase('upstreamRequests', { where: [here], by, window: windowMs }), above: 100 },
      },
      [
        {
          name: 'a fifth are retries',
          series: [grows('upstreamRequests', place, 600), grows('retries', place, 120)],
          fires: true,
        },
        {
          name: 'one in twenty',
          series: [grows('upstreamRequests', place, 600), grows('retries', place, 30)],
          fires: false,
        },
        { name: 'no retry ever, so no series', series: [grows('upstreamRequests', place, 600)], fires: false },
        {
          name: 'too few requests',
          series: [grows('upstreamRequests', place, 5), grows('retries', place, 4)],
          fires: false,
        },
        { name: 'no series at all', series: [], fires: false },
      ],
      'nothing happened',
    ),
  ];
}
