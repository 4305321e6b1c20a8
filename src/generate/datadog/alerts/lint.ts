import { lintDatadog } from '../../../boards/query/datadog-lint.ts';
import { parseDatadog } from '../../../boards/query/datadog-parse.ts';
import type { Label } from '../../../contract/model.ts';
import type { Monitor } from './monitor.ts';
import { parseComposite, parseMetric, refsOf } from './parse.ts';

/** At most so many in one composite (https://docs.datadoghq.com/monitors/types/composite/). */
const mostParts = 10;

/**
 * What Datadog would refuse of an environment's monitors, or would take and never tell: a part that is not there or is a composite itself, parts
 * whose groups have nothing in common, a threshold that is another than the query's, counts that are not summed. Empty when there is nothing.
 */
export function lintMonitors(
  all: readonly Monitor[],
  environment: string,
  labels: readonly Label[],
): readonly string[] {
  const byRef = new Map(all.map((m) => [`${environment}-${m.id}`, m]));
  return all.flatMap((m) =>
    told(() =>
      m.document.type === 'composite' ? ofComposite(m.document.query, byRef) : ofMetric(m.document, labels),
    ).map((problem) => `monitor ${m.id}: ${problem}`),
  );
}

function told(lint: () => readonly string[]): readonly string[] {
  try {
    return lint();
  } catch (error) {
    return [(error as Error).message];
  }
}

function ofMetric({ query, options }: Monitor['document'], labels: readonly Label[]): readonly string[] {
  const { over, formula, queries, threshold } = parseMetric(query);
  const { thresholds } = options as { readonly thresholds?: { readonly critical?: number } };
  return [
    ...lintDatadog({ formula, queries }, labels),
    ...(thresholds?.critical === threshold ? [] : [`thresholds.critical is not the query's ${threshold}`]),
    ...(over !== 'sum' && queries.some((q) => parseDatadog(q.query).as === 'count')
      ? [`${over} of counts: only their sum means something`]
      : []),
  ];
}

function ofComposite(query: string, byRef: ReadonlyMap<string, Monitor>): readonly string[] {
  const refs = refsOf(parseComposite(query));
  const groups = refs.map((ref) => {
    const part = byRef.get(ref)?.document;
    return part === undefined || part.type === 'composite' ? undefined : groupsOf(part.query);
  });
  const grouped = [...new Set(groups.filter((g) => g !== undefined))];
  return [
    ...refs.filter((ref) => !byRef.has(ref)).map((ref) => `there is no monitor ${ref}`),
    ...refs
      .filter((ref) => byRef.get(ref)?.document.type === 'composite')
      .map((ref) => `${ref} is a composite, which none can be made of`),
    ...(refs.length > mostParts ? [`${refs.length} monitors, and ${mostParts} at most`] : []),
    ...(grouped.length > 1 ? [`parts by ${grouped.join(' and by ')} have no group in common`] : []),
  ];
}

const groupsOf = (query: string): string =>
  [...new Set(parseMetric(query).queries.map((q) => parseDatadog(q.query).by.join(', ') || 'nothing'))].join(' / ');
