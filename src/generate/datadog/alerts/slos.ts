import type { BoardContext } from '../../../boards/context.ts';
import { indicators } from '../../../objectives/indicator.ts';
import { sloId } from '../names.ts';
import { eventsOf } from './events.ts';
import { marks, plain } from './words.ts';

/** Good and bad events, by gateway: with both given, failures that were never counted need no repair. */
export function slos(context: BoardContext): readonly { readonly id: string; readonly document: object }[] {
  const { environment } = context;
  return context.objectives.flatMap((objective) =>
    indicators(objective, environment.name).map((indicator) => {
      const id = sloId(objective.name, indicator.blame);
      const { good, bad } = eventsOf(indicator, context);
      const metric = (name: string, query: string) => ({ data_source: 'metrics', name, query });
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
            count: {
              good_events_formula: { formula: 'good' },
              bad_events_formula: { formula: 'bad' },
              queries: [metric('good', good), metric('bad', bad)],
            },
          },
        },
      };
    }),
  );
}
