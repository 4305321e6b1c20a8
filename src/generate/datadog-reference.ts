/**
 * What stands in a file for the id of another object: ids are the account's, and files are the same everywhere. `id` is that of the other's own
 * mark, without the environment; `vigia apply` fills it in (src/publish/datadog/references.ts).
 */
export const reference = (kind: 'slo' | 'monitor' | 'dashboard', environment: string, id: string): string =>
  `\${${kind}:${environment}-${id}}`;

/** Any of them in a text: the other's kind, then its environment and id. */
export const referencePattern = /\$\{(slo|monitor|dashboard):([^}]+)\}/;
