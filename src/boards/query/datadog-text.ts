import { type Place, QueryError } from './query-error.ts';

/**
 * A tag's value as Datadog stores it: in lower case, what tags may not hold as `_`
 * (https://docs.datadoghq.com/getting_started/tagging/#define-tags). Throws QueryError for what a scope would read as its own syntax: there is
 * no way to escape it.
 */
export function tagValue(text: string, place?: Place): string {
  if (/[,(){}\s*?"'`$!]/.test(text) || /^(and|or|not|in)$/i.test(text))
    throw new QueryError(`Datadog has no spelling for the tag value ${JSON.stringify(text)}`, place);
  return text.toLowerCase().replace(/[^\p{L}\p{N}_\-:./]/gu, '_');
}
