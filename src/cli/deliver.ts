import { reasonOf } from '../logs/sources/file/input.ts';
import type { Io } from './io.ts';
import { Failed, Misuse } from './misuse.ts';

/** How a report of ours begins or what it always holds, so that --out knows its own files. */
const ours = [
  /"version": "vigia\./,
  /<meta name="generator" content="vigia">/,
  /^\*\*(No failures|[\d,]+ failures?) among /,
  /^(No failures|[\d,]+ failures?) among /,
];

/** Writes a report to standard output or to a file; never over a file that somebody else wrote, unless forced. */
export function deliver(
  report: string,
  where: { readonly out: string | undefined; readonly force: boolean; readonly io: Io },
): void {
  const { out, force, io } = where;
  if (out === undefined) {
    io.stdout.write(report);
    return;
  }
  let before: string | undefined;
  try {
    before = io.readFile(out);
  } catch (error) {
    throw new Failed(`${out}: ${reasonOf(error)}`);
  }
  if (before !== undefined && before !== '' && !force && !ours.some((sign) => sign.test(before.slice(0, 20_000)))) {
    throw new Misuse(
      `${out} exists and is not a report of vigia's: not overwritten`,
      'choose another name, or --force',
    );
  }
  try {
    io.writeFile(out, report);
  } catch (error) {
    throw new Failed(`${out}: could not be written: ${reasonOf(error)}`);
  }
  io.stderr.write(`vigia: wrote ${out}\n`);
}
