import type { Hops } from './hops.ts';

export const ruleCodes = [
  'backend-closes-first',
  'gateway-closes-first',
  'load-balancer-forgets',
  'load-balancer-gives-up',
  'stream-ends-first',
  'tries-do-not-fit',
  'backend-works-on',
  'connect-too-short',
  'no-drain',
] as const;

export type RuleCode = (typeof ruleCodes)[number];

/** One place where two limits do not line up. */
export interface Finding {
  readonly rule: RuleCode;
  /** Requests fail of it; a note is something to know. */
  readonly severity: 'misaligned' | 'note';
  /** `Service shop/checkout`, `Gateway kgateway-system/public`, `HTTPRoute shop/checkout, rule 0` */
  readonly where: string;
  /** The limits, whose they are and where they are set. */
  readonly says: string;
  readonly change: Change;
}

/** What to do: in words, as an object to apply or as a command. */
export interface Change {
  readonly do: string;
  readonly yaml?: string;
  readonly run?: string;
}

/** A rule over all hops: who must be first, what is seen when it is not, and where it is broken. */
export interface Rule {
  readonly code: RuleCode;
  /** What is wrong, as a short sentence without a period. */
  readonly title: string;
  /** Who waits for whom, and what is in the logs when they do not line up. */
  readonly shows: string;
  /** Pages of causes (docs/causes) that such failures get in a triage. */
  readonly causes: readonly string[];
  find(hops: Hops): readonly Finding[];
}
