import { orAborted } from '../../remote/back-off.ts';
import type { Pace } from '../../remote/follow.ts';
import { followOn, shownOf } from '../../remote/follow-on.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { recordTaker } from '../../remote/take-records.ts';
import { bucketWidth, halves, slices } from '../../remote/window.ts';
import { bytesInWords, dollarsInWords } from '../../remote/words.ts';
import type { ReadRequest, RecordsReport, SourceError } from '../source.ts';
import { cellsOf, momentIn } from './decode.ts';
import { CloudWatchError } from './errors.ts';
import { chunks, type Group } from './groups.ts';
import { Insights } from './language.ts';
import { limits, priceOf } from './limits.ts';
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
  const shown = shownOf(request, window, pace, { repeats: true });

  const denied = new Map<string, SourceError>();
  const showOf = async (some: readonly Group[], slice: Window, fresh: ReturnType<typeof shown.pass>): Promise<void> => {
    const open = some.filter((g) => !denied.has(g.id));
    if (taker.enough() || open.length === 0) return;
    const narrower = halves(slice, 1000);
    const text = insights.lines({ ...slice, where }, limits.consoleRows);
    try {
      const ended = await runQuery(
        run,
        { text, window: slice, groups: open, rows: limits.consoleRows },
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
      if (ended === 'too-many') for (const half of narrower ?? []) await showOf(open, half, fresh);
    } catch (error) {
      if (!(error instanceof CloudWatchError) || (error.failure !== 'denied' && error.failure !== 'unknown-group'))
        throw error;
      const [only, ...more] = open;
      if (more.length > 0) for (const group of open) await showOf([group], slice, fresh);
      else if (only) {
        denied.set(only.id, error);
        if (denied.size === groups.length) throw error;
        asked.warn?.(`missing: ${error.message}`);
      }
    }
  };
  const show = async (slice: Window): Promise<void> => {
    const fresh = shown.pass();
    for (const some of chunks(groups)) await showOf(some, slice, fresh);
  };

  for (const { what, reason } of asked.missing) asked.warn?.(`missing: ${what}: ${reason}`);
  const notes = asked.guard(window);
  for (const slice of slices(window, 60_000, Math.ceil((window.to - window.from) / limits.sliceMs))) await show(slice);
  if (follow && live)
    asked.warn?.(`Live Tail costs ${dollarsInWords(limits.liveDollars)} a minute beside what is scanned`);
  const push = live ? liveTailOf(run.client, groups, failing ? livePattern(layout) : undefined) : undefined;
  await followOn(run, { request, window, taker, pace, shown, show, push, warn: asked.warn });
  const { queries, bytes, reported } = run.meter;
  const cost = reported
    ? `, ${bytesInWords(bytes)} scanned (${dollarsInWords(priceOf(bytes, run.client.region))})`
    : '';
  return {
    ...taker.report,
    notes: [`${queries} ${queries === 1 ? 'query' : 'queries'}${cost}`, ...(follow ? [] : notes)],
  };
}
