import type { BoardContext } from '../../../boards/context.ts';
import { type DatadogContext, datadogObservations, datadogQuery } from '../../../boards/query/datadog.ts';
import type { Filter, Query } from '../../../boards/query/expression.ts';
import { type Indicator, setAside } from '../../../objectives/indicator.ts';

/** What an indicator counts, by gateway, each one query of Datadog's. */
export interface Events {
  readonly good: string;
  readonly bad: string;
  /** Good and bad together: it is there wherever there is one of either, which a sum of the two is not. */
  readonly valid: string;
}

/** The window that a compiled monitor would have is none of a query's text. */
const window = 300_000;

export function eventsOf({ valid, bad }: Indicator, context: BoardContext): Events {
  const at: DatadogContext = { scope: [], labels: context.labels, use: 'monitor' };
  const compiled = (query: Query): string => datadogQuery(query, at).queries[0]?.query ?? '';
  if (bad.kind === 'slow')
    return {
      good: datadogObservations(valid, '<=', bad.bound, at),
      bad: datadogObservations(valid, '>', bad.bound, at),
      valid: compiled({ node: 'observations', window, ...valid }),
    };
  const sides = (side: Filter): string =>
    compiled({
      node: 'increase',
      window,
      ...valid,
      where: [...valid.where.filter((f) => f.label !== 'side'), side],
    });
  return {
    good: sides({ label: 'side', not: [...bad.sides, ...setAside] }),
    bad: sides({ label: 'side', is: bad.sides }),
    valid: sides({ label: 'side', not: setAside }),
  };
}
