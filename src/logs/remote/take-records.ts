import { asks, type Question } from '../question.ts';
import type { Overrides } from '../read/key-map.ts';
import { LineParser } from '../read/line-parser.ts';
import { type AccessRecord, isInterim } from '../record.ts';
import type { Found, RecordsReport } from '../sources/source.ts';
import type { Line } from './row-tally.ts';

/** A line that a store gave, its time as the store has it; without one, as the line has it. */
export interface Stored {
  /** The same each time that the store gives this line, and another for another line. */
  readonly id: string;
  readonly raw: string;
  readonly time: number | undefined;
  /** Where the store has it, in words. */
  readonly place: string;
}

/** Hands a store's lines on as records until somebody has enough, and counts what is none. The store has chosen by time already. */
export function recordTaker(question: Question, overrides: Overrides, take: (found: Found) => boolean) {
  const parser = new LineParser('auto', overrides);
  const untimed = { ...question, from: undefined, to: undefined };
  const report = { lines: 0, rejects: 0, firstReject: undefined as string | undefined };
  let enough = false;
  let learned = 0;
  const hand = (read: AccessRecord, { raw, time, place }: Stored): void => {
    const record = timed(read, time);
    if (enough || isInterim(record.logType) || asks(untimed, record) !== 'yes') return;
    if (!take({ place: { file: place, line: 0 }, record, raw })) enough = true;
  };
  return {
    report: report as RecordsReport,
    enough: () => enough,
    skipped: () => {
      report.rejects++;
    },
    learn: (page: readonly string[]) => parser.learn(page.slice(0, 500)),
    each(line: Stored): void {
      report.lines++;
      const parsed = parser.parse(line.raw);
      if ('reject' in parsed) {
        report.rejects++;
        report.firstReject ??= `${line.place}: ${parsed.reject}`;
      }
      for (const read of 'records' in parsed ? parsed.records : []) hand(read, line);
    },
    /** A line that a store pushed, whose filter may be wider than a query: what is no record, or older than was asked for, is none of ours. */
    pushed(line: Stored): void {
      if (learned++ < 500) parser.learn([line.raw]);
      const parsed = parser.parse(line.raw);
      if (!('records' in parsed) || (line.time ?? Number.POSITIVE_INFINITY) < (question.from ?? 0)) return;
      report.lines++;
      for (const read of parsed.records) hand(read, line);
    },
  };
}

/** The first and the last of each kind of request among a store's lines, oldest first. */
export function firstAndLast(lines: readonly Stored[], overrides: Overrides): readonly Line[] {
  const parser = new LineParser('auto', overrides);
  parser.learn(lines.slice(0, 500).map((l) => l.raw));
  const kinds = new Map<string, Line[]>();
  for (const { raw, time, place } of lines) {
    const parsed = parser.parse(raw);
    const [record] = 'records' in parsed ? parsed.records : [];
    if (!record) continue;
    const line: Line = { place: { file: place, line: 0 }, raw, record: timed(record, time) };
    const [first] = kinds.get(kindOf(record)) ?? [];
    kinds.set(kindOf(record), first ? [first, line] : [line]);
  }
  return [...kinds.values()].flat();
}

const timed = (record: AccessRecord, time: number | undefined): AccessRecord =>
  time === undefined ? record : { ...record, time };

const kindOf = (r: AccessRecord): string => JSON.stringify([r.route, r.cluster, r.status, r.flags, r.details]);
