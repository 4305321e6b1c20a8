import type { LineParser, Parsed } from '../read/line-parser.ts';
import type { Place } from '../record.ts';
import type { Alike, Tally } from './tally.ts';

/** What a line was, and what it is counted under if it is a single request that is not plain. */
export interface Taken {
  readonly parsed: Parsed;
  readonly alike: Alike | undefined;
}

/** Parses one line in full and counts what it is. Every reader sends the lines here that it can't or need not do faster. */
export function takeLine(text: string, place: Place, parser: LineParser, tally: Tally): Taken {
  const parsed = parser.parse(text);
  let alike: Alike | undefined;
  if ('records' in parsed) for (const record of parsed.records) alike = tally.add(record, place, text);
  else if ('application' in parsed) tally.applicationLines++;
  else if ('reject' in parsed) tally.reject(place, parsed.reject, text);
  return { parsed, alike: 'records' in parsed && parsed.records.length === 1 ? alike : undefined };
}
