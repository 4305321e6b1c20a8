import type { Question } from '../../question.ts';
import type { Overrides } from '../../read/key-map.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import type { Layout } from '../../remote/layout.ts';
import { bucketWidth } from '../../remote/window.ts';
import { limits as tally } from '../../scan/limits.ts';
import type { NativeQuery } from '../source.ts';
import type { Group } from './groups.ts';
import { Insights } from './language.ts';
import { limits } from './limits.ts';
import type { Run } from './run-query.ts';

/** A question on its way: the log groups found, what their records carry, and what a scan may cost. */
export interface Asked {
  readonly run: Run;
  /** Ends everything that runs. */
  stop(): void;
  readonly window: Window;
  readonly groups: readonly Group[];
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
  readonly layout: Layout;
  readonly overrides: Overrides;
  readonly progress: ((words: string) => void) | undefined;
  readonly warn: ((message: string) => void) | undefined;
  /** Throws when a scan of the window is beyond what was allowed; what the user must know of the estimate otherwise. */
  guard(window: Window): readonly string[];
}

/** The queries that a triage sends, for a console: the window is in their text, so that whole seconds chosen beside them do no harm. */
export function nativeQueries({ window, layout, groups, run }: Asked, question: Question): readonly NativeQuery[] {
  const insights = new Insights(layout);
  const aggregation = aggregationOf(question, window, bucketWidth(window), layout);
  const beside = [
    `log groups: ${groups.map((g) => g.id).join(', ')}`,
    `region: ${run.client.region}`,
    `time: ${new Date(window.from).toISOString()} to ${new Date(window.to).toISOString()} (UTC)`,
  ];
  return [
    { title: 'counts by signature', beside, text: `${insights.counting(aggregation)}\n| limit ${limits.consoleRows}` },
    {
      title: 'a first and a last line of each kind of failure',
      beside,
      text: insights.sampling(aggregation, tally.samples),
    },
    {
      title: 'the failing requests themselves',
      beside,
      text: insights.lines(
        { ...aggregation, where: { kind: 'all', of: [aggregation.where, aggregation.failing] } },
        limits.consoleRows,
      ),
    },
  ];
}
