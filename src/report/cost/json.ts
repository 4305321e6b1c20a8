import type { Cost } from '../../cost/cost.ts';
import { prices } from '../../cost/prices.ts';

/** For programs: all of it, with the prices that it was reckoned by. What is not known is null. */
export const json = (cost: Cost): string =>
  `${JSON.stringify({ ...cost, prices }, (_, value: unknown) => (value === undefined ? null : value), 2)}\n`;
