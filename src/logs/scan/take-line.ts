import type { LineParser, Parsed } from '../read/line-parser.ts';
import type { Place } from '../record.ts';
import type { Tally } from './tally.ts';

/** Parses one line in full and counts what it is. Every reader sends the lines here that it can't or need not do faster. */
export function takeLine(text: string, place: Place, parser: LineParser, tally: Tally): Parsed {
  const parsed = parser.parse(text);
  if ('records' in parsed) for (const record of parsed.records) tally.add(record, place, text);
  else if ('application' in parsed) tally.applicationLines++;
  else if ('reject' in parsed) tally.reject(place, parsed.reject, text);
  return parsed;
}
