import { asks, type Question } from '../../question.ts';
import { LineParser } from '../../read/line-parser.ts';
import { isInterim } from '../../record.ts';
import { all } from '../../remote/expression.ts';
import { aggregationOf, type Window } from '../../remote/from-question.ts';
import { bucketWidth } from '../../remote/window.ts';
import type { Found, RecordsReport } from '../source.ts';
import type { Asked } from './asked.ts';
import { LogQl } from './language.ts';
import { limits } from './limits.ts';
import { placeOf, rawOf } from './samples.ts';

/** How far behind now a follower reads, and how often. */
const latenessMs = 5_000;
const pollMs = 3_000;

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
  const { client, clock, signal, records, window, overrides } = asked;
  const { question, failing, follow, take } = request;
  const aggregation = aggregationOf(question, window, bucketWidth(window), records.layout);
  const query = new LogQl(records).lines(failing ? all(aggregation.where, aggregation.failing) : aggregation.where);
  const parser = new LineParser('auto', overrides);
  const report = { lines: 0, rejects: 0, firstReject: undefined as string | undefined };
  let enough = false;

  const show = async ({ from, to }: Window): Promise<void> => {
    let start = from;
    let shown = new Set<string>();
    for (;;) {
      const streams = await client.lines(query, start, to, limits.lines, 'forward');
      const page = streams
        .flatMap(({ labels, values }) => values.map(([ns, line]) => ({ labels, ns, line })))
        .sort((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0));
      const last = page.at(-1)?.ns;
      const idOf = (f: (typeof page)[number]) => `${f.ns} ${f.line} ${JSON.stringify(f.labels)}`;
      parser.learn(page.slice(0, 500).map((f) => rawOf(records, f.labels, f.line)));
      for (const found of page) {
        if (enough || shown.has(idOf(found))) continue;
        each(rawOf(records, found.labels, found.line), Number(BigInt(found.ns) / 1_000_000n), placeOf(found.labels));
      }
      if (enough || page.length < limits.lines || last === undefined) return;
      const next = Number(BigInt(last) / 1_000_000n);
      // A millisecond with more lines than a page can't be paged by time; what is beyond it is skipped, and told.
      if (next === start) report.rejects++;
      start = next === start ? next + 1 : next;
      shown = new Set(page.filter((f) => Number(BigInt(f.ns) / 1_000_000n) >= start).map(idOf));
    }
  };

  const each = (raw: string, time: number, file: string): void => {
    report.lines++;
    const parsed = parser.parse(raw);
    if ('reject' in parsed) {
      report.rejects++;
      report.firstReject ??= `${file}: ${parsed.reject}`;
    }
    for (const read of 'records' in parsed ? parsed.records : []) {
      const record = { ...read, time };
      if (isInterim(record.logType) || asks({ ...question, from: undefined, to: undefined }, record) !== 'yes')
        continue;
      if (!enough && !take({ place: { file, line: 0 }, record, raw })) enough = true;
    }
  };

  await asked.guard();
  await show(window);
  let stopped = false;
  void follow?.then(() => {
    stopped = true;
  });
  for (let start = window.to; follow && !stopped && !enough; ) {
    await Promise.race([follow, clock.sleep(pollMs, signal).catch(() => {})]);
    const end = clock.now() - latenessMs;
    if (stopped || end <= start) continue;
    await show({ from: start, to: end });
    start = end;
  }
  return report;
}
