import { everything } from '../logs/question.ts';
import { readRecords } from '../logs/sources/file/records.ts';
import type { Found, RecordsReport } from '../logs/sources/source.ts';
import { clean } from '../report/clean.ts';
import type { Io } from './io.ts';

/** Gives every record of the files, whatever their format, and says what could not be read. */
export async function readLog(names: readonly string[], take: (found: Found) => void, io: Io): Promise<void> {
  const report = await readRecords({
    names,
    format: 'auto',
    overrides: {},
    question: everything,
    follow: undefined,
    take(found) {
      take(found);
      return true;
    },
  });
  tellRejects(report, io);
}

export function tellRejects({ rejects, lines, firstReject }: RecordsReport, io: Io): void {
  if (rejects > 0)
    io.stderr.write(`vigia: ${rejects} of ${lines} lines could not be read; the first: ${clean(firstReject ?? '')}\n`);
}
