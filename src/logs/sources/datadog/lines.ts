import { asks, type Question } from '../../question.ts';
import { LineParser } from '../../read/line-parser.ts';
import { type AccessRecord, isInterim } from '../../record.ts';
import { all } from '../../remote/expression.ts';
import { aggregationOf } from '../../remote/from-question.ts';
import type { Line } from '../../remote/row-tally.ts';
import { bucketWidth } from '../../remote/window.ts';
import type { Found, RecordsReport } from '../source.ts';
import type { Asked } from './asked.ts';
import type { Event, Window } from './client.ts';
import { flattened } from './discover.ts';
import { LogSearch } from './language.ts';
import { limits } from './limits.ts';

/** How far behind now a follower reads, and how often: calls are rationed. */
const latenessMs = 15_000;
const pollMs = 15_000;

/** An event's attributes as one line of JSON, which the parser of files reads. */
const rawOf = ({ attributes, reserved }: Event): string => JSON.stringify({ ...reserved, ...flattened(attributes) });
const placeOf = ({ tags, reserved }: Event): string =>
  tags.find((t) => t.startsWith('pod_name:'))?.slice(9) ?? reserved['service'] ?? 'datadog';

/** A first and a last line of each kind of failure, of the window's first thousand. */
export async function sampleLines(
  { client, overrides }: Asked,
  query: string,
  window: Window,
): Promise<readonly Line[]> {
  const { events } = await client.search(query, window, limits.samples);
  const parser = new LineParser('auto', overrides);
  parser.learn(events.slice(0, 500).map(rawOf));
  const kinds = new Map<string, Line[]>();
  for (const event of events) {
    const raw = rawOf(event);
    const parsed = parser.parse(raw);
    const [record] = 'records' in parsed ? parsed.records : [];
    if (!record) continue;
    const sample: Line = { place: { file: placeOf(event), line: 0 }, raw, record: { ...record, time: event.time } };
    const kind = kindOf(record);
    const [first] = kinds.get(kind) ?? [];
    kinds.set(kind, first ? [first, sample] : [sample]);
  }
  return [...kinds.values()].flat();
}

const kindOf = (r: AccessRecord): string => JSON.stringify([r.route, r.cluster, r.status, r.flags, r.details]);

/** Lines oldest first, a page at a time; followed by asking again, because Datadog has no live tail for others. */
export async function readLines(
  asked: Asked,
  request: {
    readonly question: Question;
    readonly failing: boolean;
    readonly follow: Promise<void> | undefined;
    take(found: Found): boolean;
  },
): Promise<RecordsReport> {
  const { client, clock, signal, records, window, overrides, base } = asked;
  const { question, failing, follow, take } = request;
  const aggregation = aggregationOf(question, window, bucketWidth(window), records.layout);
  const test = new LogSearch(records.layout).test(
    failing ? all(aggregation.where, aggregation.failing) : aggregation.where,
  );
  const query = test === '*' ? base : `${base} AND ${test}`;
  const parser = new LineParser('auto', overrides);
  const report = { lines: 0, rejects: 0, firstReject: undefined as string | undefined };
  let enough = false;
  const each = (event: Event): void => {
    const raw = rawOf(event);
    const file = placeOf(event);
    report.lines++;
    const parsed = parser.parse(raw);
    if ('reject' in parsed) {
      report.rejects++;
      report.firstReject ??= `${file}: ${parsed.reject}`;
    }
    for (const read of 'records' in parsed ? parsed.records : []) {
      const record = { ...read, time: event.time };
      if (isInterim(record.logType) || asks({ ...question, from: undefined, to: undefined }, record) !== 'yes')
        continue;
      if (!enough && !take({ place: { file, line: 0 }, record, raw })) enough = true;
    }
  };
  const show = async (slice: Window): Promise<void> => {
    for (let cursor: string | undefined; !enough; ) {
      const { events, after } = await client.search(query, slice, limits.lines, { cursor });
      parser.learn(events.slice(0, 500).map(rawOf));
      for (const event of events) each(event);
      if (after === undefined || events.length === 0) return;
      cursor = after;
    }
  };
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
