import { orAborted } from '../../remote/back-off.ts';
import { all } from '../../remote/expression.ts';
import type { Pace } from '../../remote/follow.ts';
import { followOn, shownOf } from '../../remote/follow-on.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { recordTaker } from '../../remote/take-records.ts';
import { bucketWidth } from '../../remote/window.ts';
import { bytesInWords } from '../../remote/words.ts';
import type { ReadRequest, RecordsReport } from '../source.ts';
import type { Asked } from './asked.ts';
import { LogQl } from './language.ts';
import { limits } from './limits.ts';
import { storedIn } from './samples.ts';
import { tailOf } from './tail.ts';

/** Requests of up to five minutes; reading a window again costs Loki little. */
const pace: Pace = { ages: [5_000, 20_000, 90_000, 300_000], pollMs: 3_000 };

/** Lines oldest first, a page of Loki's own size at a time: the next begins at the last one's time, and what was shown of that is left out. */
export async function readLines(asked: Asked, request: ReadRequest): Promise<RecordsReport> {
  const { client, records, window, overrides } = asked;
  const { question, failing, follow, live = true, take } = request;
  const aggregation = aggregationOf(question, window, bucketWidth(window), records.layout);
  const query = new LogQl(records).lines(failing ? all(aggregation.where, aggregation.failing) : aggregation.where);
  const taker = recordTaker(question, overrides, take);
  const shown = shownOf(request, window, pace);

  const show = async ({ from, to }: Window): Promise<void> => {
    const fresh = shown.pass();
    let start = from;
    let before = new Set<string>();
    for (;;) {
      const page = storedIn(records, await client.lines(query, start, to, limits.lines, 'forward'));
      const last = page.at(-1)?.time;
      taker.learn(page.map((f) => f.raw));
      for (const found of page) if (!taker.enough() && !before.has(found.id) && fresh(found)) taker.each(found);
      await orAborted(request.room?.(), asked.signal);
      if (taker.enough() || page.length < limits.lines || last === undefined) return;
      // A millisecond with more lines than a page can't be paged by time; what is beyond it is skipped, and told.
      if (last === start) taker.skipped();
      start = last === start ? last + 1 : last;
      before = new Set(page.filter((f) => f.time >= start).map((f) => f.id));
    }
  };

  const notes = await asked.guard();
  await show(window);
  const push = live ? tailOf(asked.at, records, query) : undefined;
  await followOn(asked, { request, window, taker, pace, shown, show, push, warn: asked.warn });
  const { queries, bytes } = client.meter;
  return {
    ...taker.report,
    notes: [`${queries} ${queries === 1 ? 'query' : 'queries'}, ${bytesInWords(bytes)} read`, ...(follow ? [] : notes)],
  };
}
