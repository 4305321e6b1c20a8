import type { BoardContext } from '../boards/context.ts';
import type { Alert } from './alert.ts';
import { flagged, happened, minute } from './parts.ts';

const of = '{value} of the requests through {label:gateway} ({label:cluster})';

/** Authorization and rate limits: a service that is down is told apart from one that says no, and from one whose absence lets everybody in. */
export function policies(c: BoardContext): readonly Alert[] {
  const by = ['cluster', 'gateway'] as const;
  const proxy = ['cluster', 'gateway', 'backend'] as const;
  return [
    flagged(
      c,
      {
        name: 'AuthServiceDown',
        severity: 'critical',
        summary: 'The authorization service fails, and requests are refused for it.',
        description: `${of} were refused because the authorizer could not be asked (UAEX, ext_authz_error). Nobody was judged: look at its pods, its latency, and the timeout.`,
        forMs: 2 * minute,
        page: { cause: 'ext-authz-error' },
        board: 'fault',
        triage: { side: ['gateway'], flag: ['UAEX'] },
      },
      { flag: 'UAEX', sides: ['gateway'], above: 0.01, by },
    ),
    flagged(
      c,
      {
        name: 'AuthDeniesMost',
        severity: 'warning',
        summary: 'The authorization service denies most requests.',
        description: `${of} were denied (UAEX). It works and says no: a new policy, rotated keys, or somebody who tries.`,
        forMs: 10 * minute,
        page: { cause: 'ext-authz-denied' },
        board: 'fault',
        triage: { side: ['policy'], flag: ['UAEX'] },
      },
      { flag: 'UAEX', sides: ['policy'], above: 0.5, requests: 100, by },
    ),
    happened(
      c,
      {
        name: 'AuthFailsOpen',
        severity: 'critical',
        summary: 'Requests pass without authorization because the authorizer fails.',
        description:
          '{value} requests went through {label:gateway} ({label:cluster}) unjudged in 10 minutes: the authorizer {label:backend} fails and the policy has failOpen. Whoever came in may not have been allowed to.',
        page: { alert: 'AuthFailsOpen' },
        board: 'fault',
      },
      'authFailedOpen',
      proxy,
    ),
    flagged(
      c,
      {
        name: 'RateLimitServiceDown',
        severity: 'critical',
        summary: 'The rate limit service fails, and requests are refused for it.',
        description: `${of} were refused because the rate limit service could not be asked (RLSE).`,
        forMs: 2 * minute,
        page: { cause: 'rate-limit-service-error' },
        board: 'fault',
        triage: { flag: ['RLSE'] },
      },
      { flag: 'RLSE', above: 0.01, by },
    ),
    happened(
      c,
      {
        name: 'RateLimitFailsOpen',
        severity: 'warning',
        summary: 'Nothing is rate limited because the rate limit service fails.',
        description:
          '{value} requests went through {label:gateway} ({label:cluster}) uncounted in 10 minutes: the rate limit service {label:backend} fails and the policy lets requests pass. Backends stand alone against whatever comes.',
        page: { alert: 'RateLimitFailsOpen' },
        board: 'fault',
      },
      'limiterFailedOpen',
      proxy,
    ),
    flagged(
      c,
      {
        name: 'RateLimitsMost',
        severity: 'info',
        summary: 'A rate limit refuses most requests.',
        description: `${of} were refused by a rate limit (RL). It does its work; the limit may be too low, or a client runs wild.`,
        forMs: 15 * minute,
        page: { cause: 'rate-limited' },
        board: 'fault',
        triage: { flag: ['RL'] },
      },
      { flag: 'RL', sides: ['policy'], above: 0.5, requests: 100, by },
    ),
  ];
}
