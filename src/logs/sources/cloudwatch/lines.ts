import type { Question } from '../../question.ts';
import { following, type Pace } from '../../remote/follow.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { recordTaker } from '../../remote/take-records.ts';
import { bucketWidth, halves, slices } from '../../remote/window.ts';
import type { Found, RecordsReport } from '../source.ts';
import { cellsOf, momentIn } from './decode.ts';
import { Insights } from './language.ts';
import { limits } from './limits.ts';
import type { Asked } from './native.ts';
import { runQuery } from './run-query.ts';

/** Events arrive seconds late. */
const pace: Pace = { latenessMs: 20_000, pollMs: 10_000 };

/** Lines oldest first: the window in slices, one after the other, each halved until its lines fit one answer. */
export async function readLines(
  asked: Asked,
  request: {
    readonly question: Question;
    readonly failing: boolean;
    readonly follow: Promise<void> | undefined;
    take(found: Found): boolean;
  },
): Promise<RecordsReport> {
  const { run, layout, groups, window } = asked;
  const { question, failing, follow, take } = request;
  const aggregation = aggregationOf(question, window, bucketWidth(window), layout);
  const insights = new Insights(layout);
  const where = failing ? ({ kind: 'all', of: [aggregation.where, aggregation.failing] } as const) : aggregation.where;
  const taker = recordTaker(question, asked.overrides, take);

  const show = async (slice: Window): Promise<void> => {
    if (taker.enough()) return;
    const narrower = halves(slice, 1000);
    const text = insights.lines({ ...slice, where }, limits.consoleRows);
    const ended = await runQuery(
      run,
      { text, window: slice, groups: groups.slice(0, limits.groups), rows: limits.consoleRows },
      { last: !narrower },
      (rows) => {
        const found = rows.map(cellsOf);
        taker.learn(found.flatMap((c) => c.get('@message') ?? []));
        for (const cells of found)
          taker.each({
            raw: cells.get('@message') ?? '',
            time: momentIn(cells.get('@timestamp')),
            place: [groups.length === 1 ? groups[0]?.id : cells.get('@log'), cells.get('@logStream') ?? '-'].join(' '),
          });
      },
    );
    if (ended === 'too-many') for (const half of narrower ?? []) await show(half);
  };

  asked.guard(window);
  for (const slice of slices(window, 60_000, Math.ceil((window.to - window.from) / limits.sliceMs))) await show(slice);
  if (follow) await following(run, { stop: follow, from: window.to, pace, show, enough: taker.enough });
  return taker.report;
}
