import type { Rule } from '../rule.ts';
import { backendClosesFirst } from './backend-closes-first.ts';
import { backendWorksOn } from './backend-works-on.ts';
import { connectTooShort } from './connect-too-short.ts';
import { gatewayClosesFirst } from './gateway-closes-first.ts';
import { loadBalancerForgets } from './load-balancer-forgets.ts';
import { loadBalancerGivesUp } from './load-balancer-gives-up.ts';
import { noDrain } from './no-drain.ts';
import { streamEndsFirst } from './stream-ends-first.ts';
import { triesDoNotFit } from './tries-do-not-fit.ts';

/** Every rule, in the order of a report: one file, one line here. */
export const rules: readonly Rule[] = [
  backendClosesFirst,
  gatewayClosesFirst,
  loadBalancerForgets,
  loadBalancerGivesUp,
  streamEndsFirst,
  triesDoNotFit,
  noDrain,
  backendWorksOn,
  connectTooShort,
];
