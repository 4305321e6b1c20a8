import { asks, type Question } from '../../question.ts';
import { LineParser } from '../../read/line-parser.ts';
import { isInterim } from '../../record.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { bucketWidth, halves, slices } from '../../remote/window.ts';
import type { Found, RecordsReport } from '../source.ts';
import { cellsOf, momentIn } from './decode.ts';
import { Insights } from './language.ts';
import { limits } from './limits.ts';
import type { Asked } from './native.ts';
import { runQuery } from './run-query.ts';

/** How far behind now a follower reads: events arrive seconds late, and what arrives later than this is not shown. */
const latenessMs = 20_000;
const pollMs = 10_000;

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
  const parser = new LineParser('auto', asked.overrides);
  const report = { lines: 0, rejects: 0, firstReject: undefined as string | undefined };
  let enough = false;

  const each = (raw: string, time: number | undefined, place: Found['place']) => {
    report.lines++;
    const parsed = parser.parse(raw);
    if ('reject' in parsed) {
      report.rejects++;
      report.firstReject ??= `${place.file}: ${parsed.reject}`;
    }
    for (const read of 'records' in parsed ? parsed.records : []) {
      const record = time === undefined ? read : { ...read, time };
      if (
        enough ||
        isInterim(record.logType) ||
        asks({ ...question, from: undefined, to: undefined }, record) !== 'yes'
      )
        continue;
      if (!take({ place, record, raw })) enough = true;
    }
  };

  const show = async (slice: Window): Promise<void> => {
    if (enough) return;
    const narrower = halves(slice, 1000);
    const text = insights.lines({ ...slice, where }, limits.consoleRows);
    const ended = await runQuery(
      run,
      { text, window: slice, groups: groups.slice(0, limits.groups), rows: limits.consoleRows },
      { last: !narrower },
      (rows) => {
        const found = rows.map(cellsOf);
        parser.learn(found.slice(0, 500).flatMap((c) => c.get('@message') ?? []));
        for (const cells of found)
          each(cells.get('@message') ?? '', momentIn(cells.get('@timestamp')), {
            file: [groups.length === 1 ? groups[0]?.id : cells.get('@log'), cells.get('@logStream') ?? '-'].join(' '),
            line: 0,
          });
      },
    );
    if (ended === 'too-many') for (const half of narrower ?? []) await show(half);
  };

  asked.guard(window);
  for (const slice of slices(window, 60_000, Math.ceil((window.to - window.from) / limits.sliceMs))) await show(slice);
  if (follow) await following(asked, follow, window.to, show, () => enough);
  return report;
}

/** Asks again and again for what is new, up to what is old enough to be complete. */
async function following(
  { run }: Asked,
  stop: Promise<void>,
  from: number,
  show: (slice: Window) => Promise<void>,
  enough: () => boolean,
): Promise<void> {
  let stopped = false;
  void stop.then(() => {
    stopped = true;
  });
  for (let start = from; !stopped && !enough(); ) {
    await Promise.race([stop, run.clock.sleep(pollMs, run.signal).catch(() => {})]);
    const end = Math.floor((run.clock.now() - latenessMs) / 1000) * 1000;
    if (stopped || end <= start) continue;
    await show({ from: start, to: end });
    start = end;
  }
}
