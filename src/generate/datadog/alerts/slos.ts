import type { BoardContext } from '../../../boards/context.ts';
import { type DatadogContext, datadogQuery } from '../../../boards/query/datadog.ts';
import { type Query, under } from '../../../boards/query/expression.ts';
import type { Objective } from '../../../contract/model.ts';
import { type Indicator, indicators } from '../../../objectives/indicator.ts';
import { marks, plain } from './words.ts';

/** An objective's id there: names of the contract hold no dot, so no two meet. */
export const sloId = (objective: Objective, blame: Indicator['blame']): string =>
  blame === 'gateway' ? `${objective.name}.gateway` : objective.name;

interface Metric {
  readonly data_source: 'metrics';
  readonly name: string;
  readonly query: string;
}

/** Good and bad events, by gateway: with both given, failures that were never counted need no repair. */
export function slos(context: BoardContext): readonly { readonly id: string; readonly document: object }[] {
  const { environment } = context;
  return context.objectives.flatMap((objective) =>
    indicators(objective, environment.name).map((indicator) => {
      const id = sloId(objective, indicator.blame);
      const { good, bad, queries } = events(indicator, context);
      const timeframe = `${objective.windowDays}d`;
      const target = Number((objective.target * 100).toPrecision(12));
      const whose = indicator.blame === 'gateway' ? ' (by the gateway)' : '';
      return {
        id,
        document: {
          type: 'metric',
          name: `${objective.name} in ${environment.name}${whose}`,
          description: plain(
            `${objective.description ?? 'Good requests, by the contract'}${whose}. Made by vigia from the contract; changes here are overwritten.`,
          ),
          tags: marks(context, id),
          // Datadog mirrors them beside this list by itself.
          thresholds: [{ timeframe, target }],
          sli_specification: {
            count: { good_events_formula: { formula: good }, bad_events_formula: { formula: bad }, queries },
          },
        },
      };
    }),
  );
}

function events({ valid, bad, routes }: Indicator, context: BoardContext) {
  const at: DatadogContext = { scope: [], labels: context.labels, use: 'monitor' };
  const queries: Metric[] = [];
  const sum = (make: (route: string | undefined) => string): string =>
    (routes.length === 0 ? [undefined] : routes)
      .map((route) => {
        queries.push({ data_source: 'metrics', name: `q${queries.length + 1}`, query: make(route) });
        return `q${queries.length}`;
      })
      .join(' + ');
  const compiled = (query: Query): string => datadogQuery(query, at).queries[0]?.query ?? '';
  const on = (route: string | undefined) =>
    route === undefined ? valid.where : [...valid.where, { label: 'route' as const, contains: route }];
  if (bad.kind === 'slow') {
    const edge = (route: string | undefined): string =>
      compiled(under('duration', bad.bound, { where: on(route) as never, by: valid.by as never, window: 300_000 }));
    const good = sum(edge);
    return { good, bad: sum((route) => edge(route).replace('count(v: v<=', 'count(v: v>')), queries };
  }
  const sides = (
    test: { readonly is: readonly string[] } | { readonly not: readonly string[] },
    route: string | undefined,
  ) =>
    compiled({
      node: 'increase',
      window: 300_000,
      series: valid.series,
      where: [...on(route).filter((f) => f.label !== 'side'), { label: 'side', ...test }],
      by: valid.by,
    });
  const good = sum((route) => sides({ not: [...bad.sides, 'client', 'policy'] }, route));
  return { good, bad: sum((route) => sides({ is: bad.sides }, route)), queries };
}
