import type { Question } from '../../question.ts';
import { all } from '../../remote/expression.ts';
import { following, type Pace } from '../../remote/follow.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { recordTaker } from '../../remote/take-records.ts';
import { bucketWidth } from '../../remote/window.ts';
import type { Found, RecordsReport } from '../source.ts';
import type { Asked } from './asked.ts';
import { LogQl } from './language.ts';
import { limits } from './limits.ts';
import { storedIn } from './samples.ts';

const pace: Pace = { latenessMs: 5_000, pollMs: 3_000 };

/** Lines oldest first, a page of Loki's own size at a time: the next begins at the last one's time, and what was shown of that is left out. */
export async function readLines(
  asked: Asked,
  request: {
    readonly question: Question;
    readonly failing: boolean;
    readonly follow: Promise<void> | undefined;
    take(found: Found): boolean;
  },
): Promise<RecordsReport> {
  const { client, records, window, overrides } = asked;
  const { question, failing, follow, take } = request;
  const aggregation = aggregationOf(question, window, bucketWidth(window), records.layout);
  const query = new LogQl(records).lines(failing ? all(aggregation.where, aggregation.failing) : aggregation.where);
  const taker = recordTaker(question, overrides, take);

  const show = async ({ from, to }: Window): Promise<void> => {
    let start = from;
    let shown = new Set<string>();
    for (;;) {
      const page = storedIn(records, await client.lines(query, start, to, limits.lines, 'forward'));
      const last = page.at(-1)?.time;
      taker.learn(page.map((f) => f.raw));
      for (const found of page) if (!taker.enough() && !shown.has(`${found.ns} ${found.raw}`)) taker.each(found);
      if (taker.enough() || page.length < limits.lines || last === undefined) return;
      // A millisecond with more lines than a page can't be paged by time; what is beyond it is skipped, and told.
      if (last === start) taker.skipped();
      start = last === start ? last + 1 : last;
      shown = new Set(page.filter((f) => f.time >= start).map((f) => `${f.ns} ${f.raw}`));
    }
  };

  await asked.guard();
  await show(window);
  if (follow) await following(asked, { stop: follow, from: window.to, pace, show, enough: taker.enough });
  return taker.report;
}
