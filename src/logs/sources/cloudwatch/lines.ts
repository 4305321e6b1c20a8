import { orAborted } from '../../remote/back-off.ts';
import { following, lookedBackTo, type Pace } from '../../remote/follow.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { Shown } from '../../remote/shown.ts';
import { recordTaker } from '../../remote/take-records.ts';
import { bucketWidth, halves, slices } from '../../remote/window.ts';
import { dollarsInWords } from '../../remote/words.ts';
import type { ReadRequest, RecordsReport } from '../source.ts';
import { cellsOf, momentIn } from './decode.ts';
import { Insights } from './language.ts';
import { limits } from './limits.ts';
import { livePattern } from './live-pattern.ts';
import { lineOf, liveTailOf } from './live-tail.ts';
import type { Asked } from './native.ts';
import { runQuery } from './run-query.ts';

/** Events arrive seconds late, and a request's when it has ended. Each look is billed by what it scans: so there are two. */
const pace: Pace = { ages: [20_000, 150_000], pollMs: 10_000 };

/** Lines oldest first: the window in slices, one after the other, each halved until its lines fit one answer. */
export async function readLines(asked: Asked, request: ReadRequest): Promise<RecordsReport> {
  const { run, layout, groups, window } = asked;
  const { question, failing, follow, live = false, take } = request;
  const aggregation = aggregationOf(question, window, bucketWidth(window), layout);
  const insights = new Insights(layout);
  const where = failing ? ({ kind: 'all', of: [aggregation.where, aggregation.failing] } as const) : aggregation.where;
  const taker = recordTaker(question, asked.overrides, take);

  // Neither CloudWatch's pointer nor another id is in both: two lines that are alike to the last letter are counted.
  const shown = new Shown(follow ? lookedBackTo(window.to, pace) : Number.POSITIVE_INFINITY, { repeats: true });

  const show = async (slice: Window, fresh = shown.pass()): Promise<void> => {
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
        for (const cells of found) {
          const [message, stream] = [cells.get('@message') ?? '', cells.get('@logStream') ?? '-'];
          const line = lineOf(
            { message, timestamp: momentIn(cells.get('@timestamp')), stream },
            groups.length === 1 ? groups[0]?.id : cells.get('@log'),
          );
          if (fresh(line)) taker.each(line);
        }
      },
    );
    await orAborted(request.room?.(), run.signal);
    if (ended === 'too-many') for (const half of narrower ?? []) await show(half, fresh);
  };

  asked.guard(window);
  for (const slice of slices(window, 60_000, Math.ceil((window.to - window.from) / limits.sliceMs))) await show(slice);
  if (follow) {
    if (live) asked.warn?.(`Live Tail costs ${dollarsInWords(limits.liveDollars)} a minute beside what is scanned`);
    await following(run, {
      ...{
        stop: follow,
        from: window.to,
        pace,
        shown,
        show,
        enough: taker.enough,
        room: request.room,
        warn: asked.warn,
      },
      push: live ? liveTailOf(run.client, groups, failing ? livePattern(layout) : undefined) : undefined,
      pushed: taker.pushed,
    });
  }
  return taker.report;
}
