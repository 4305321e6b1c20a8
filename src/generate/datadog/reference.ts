import type { Indicator } from '../../objectives/indicator.ts';

/**
 * What stands in a file for the id of another object: ids are the account's, and files are the same everywhere. `id` is that of the other's own
 * mark, without the environment; `vigia apply` fills it in (src/publish/datadog/references.ts).
 */
export const reference = (kind: 'slo' | 'monitor' | 'dashboard', environment: string, id: string): string =>
  `\${${kind}:${environment}-${id}}`;

/** An objective's id there: names of the contract hold no dot, so no two meet. */
export const sloId = (objective: string, blame: Indicator['blame'] = 'anyone'): string =>
  blame === 'gateway' ? `${objective}.gateway` : objective;

/** Where people open Datadog: sites with a subdomain have it as it is, the others are behind `app.` */
export const appOf = (site: string): string => `https://${site.split('.').length > 2 ? site : `app.${site}`}`;
