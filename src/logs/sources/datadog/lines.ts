import { orAborted } from '../../remote/back-off.ts';
import { all } from '../../remote/expression.ts';
import type { Pace } from '../../remote/follow.ts';
import { followOn, shownOf } from '../../remote/follow-on.ts';
import { aggregationOf } from '../../remote/from-question.ts';
import type { Line } from '../../remote/row-tally.ts';
import { firstAndLast, recordTaker, type Stored } from '../../remote/take-records.ts';
import { bucketWidth, stillArriving } from '../../remote/window.ts';
import type { ReadRequest, RecordsReport } from '../source.ts';
import type { Asked } from './asked.ts';
import type { Event, Window } from './client.ts';
import { flattened } from './discover.ts';
import { LogSearch } from './language.ts';
import { limits } from './limits.ts';

/** Calls are rationed: four a minute, and one more for what came late. */
const pace: Pace = { ages: [15_000, 240_000], pollMs: 15_000 };

/** An event's attributes as one line of JSON, which the parser of files reads. */
const stored = ({ id, attributes, reserved, tags, time }: Event): Stored => ({
  id,
  raw: JSON.stringify({ ...reserved, ...flattened(attributes) }),
  time,
  place: tags.find((t) => t.startsWith('pod_name:'))?.slice(9) ?? reserved['service'] ?? 'datadog',
});

/** A first and a last line of each kind of failure, of the window's first thousand. */
export async function sampleLines(
  { client, overrides }: Asked,
  query: string,
  window: Window,
): Promise<readonly Line[]> {
  const { events } = await client.search(query, window, limits.samples);
  return firstAndLast(events.map(stored), overrides);
}

/** Lines oldest first, a page at a time; followed by asking again, because Datadog has no live tail for others. */
export async function readLines(asked: Asked, request: ReadRequest): Promise<RecordsReport> {
  const { client, records, window, overrides, base } = asked;
  const { question, failing, follow, take } = request;
  const aggregation = aggregationOf(question, window, bucketWidth(window), records.layout);
  const test = new LogSearch(records.layout).test(
    failing ? all(aggregation.where, aggregation.failing) : aggregation.where,
  );
  const query = test === '*' ? base : `${base} AND ${test}`;
  const taker = recordTaker(question, overrides, take);
  const shown = shownOf(request, window, pace);
  const show = async (slice: Window): Promise<void> => {
    const fresh = shown.pass();
    for (let cursor: string | undefined; !taker.enough(); ) {
      const { events, after } = await client.search(query, slice, limits.lines, { cursor });
      const page = events.map(stored);
      taker.learn(page.map((f) => f.raw));
      for (const found of page) if (fresh(found)) taker.each(found);
      await orAborted(request.room?.(), asked.signal);
      if (after === undefined || events.length === 0) return;
      cursor = after;
    }
  };
  await show(window);
  if (follow && request.live)
    asked.warn?.(`Datadog pushes to its own console alone; asked every ${pace.pollMs / 1000} s`);
  await followOn(asked, { request, window, taker, pace, shown, show, warn: asked.warn });
  const calls = client.calls();
  return {
    ...taker.report,
    notes: [
      `${calls} ${calls === 1 ? 'call' : 'calls'}`,
      ...client.warnings,
      ...(follow ? [] : stillArriving(window, asked.clock.now())),
    ],
  };
}
