import type { Answer } from '../logs/answer.ts';

/**
 * Whether the log holds what went well too. One that was searched for failures first does not: there, shares of requests mean nothing, and
 * quiet stretches say nothing about the traffic.
 */
export const holdsTraffic = ({ requests, signatures }: Pick<Answer, 'requests' | 'signatures'>): boolean =>
  2 * signatures.reduce((sum, s) => sum + s.count, 0) < requests;
