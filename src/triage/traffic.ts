import type { Answer } from '../logs/answer.ts';

/** Counted once for an Answer: every verdict asks, and there are thousands of signatures. */
const failing = new WeakMap<Answer['signatures'], number>();

/**
 * Whether the log holds what went well too. One that was searched for failures first does not: there, shares of requests mean nothing, and
 * quiet stretches say nothing about the traffic.
 */
export function holdsTraffic({ requests, signatures }: Pick<Answer, 'requests' | 'signatures'>): boolean {
  let sum = failing.get(signatures);
  if (sum === undefined) {
    sum = signatures.reduce((all, s) => all + s.count, 0);
    failing.set(signatures, sum);
  }
  return 2 * sum < requests;
}
