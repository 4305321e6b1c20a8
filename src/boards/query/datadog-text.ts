import { QueryError } from './query-error.ts';

/**
 * A tag's value as Datadog stores it: folded to lower case, what tags may not hold as `_`
 * (https://docs.datadoghq.com/getting_started/tagging/#define-tags). Throws QueryError for what a scope could read as its own syntax.
 */
export function value(text: string): string {
  if (/[,(){}\s*"'$]/.test(text))
    throw new QueryError(`Datadog can not be asked for the tag value ${JSON.stringify(text)}`);
  return text.toLowerCase().replace(/[^\p{L}\p{N}_\-:./]/gu, '_');
}

/** The fixed part of a pattern. */
export const wildcard = value;
