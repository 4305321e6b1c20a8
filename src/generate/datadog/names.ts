import type { Indicator } from '../../objectives/indicator.ts';

/** An objective's id there: names of the contract hold no dot, so no two meet. */
export const sloId = (objective: string, blame: Indicator['blame'] = 'anyone'): string =>
  blame === 'gateway' ? `${objective}.gateway` : objective;

/** Where people open Datadog: sites with a subdomain have it as it is, the others are behind `app.` */
export const appOf = (site: string): string => `https://${site.split('.').length > 2 ? site : `app.${site}`}`;
