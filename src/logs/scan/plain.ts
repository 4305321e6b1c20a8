import type { LineParser } from '../read/line-parser.ts';
import { type BlockReader, maxLine } from './blocks.ts';
import { takeLine } from './take-line.ts';
import type { Tally } from './tally.ts';

const newline = 0x0a;

/**
 * The plain reader: every line becomes a string and is parsed in full. It is the definition of right; the fast scanner must give the same
 * Answer on every input. Lines end with `\n`; the last one may lack it. Resolves to the number of lines read.
 */
export async function readPlain(
  reader: BlockReader,
  file: string,
  parser: LineParser,
  tally: Tally,
  progress?: (bytes: number) => void,
): Promise<number> {
  const block = Buffer.allocUnsafe(1 << 20);
  let carry: Buffer[] = [];
  let carried = 0;
  let skipping = false;
  let line = 0;
  const take = (bytes: Buffer) => {
    line++;
    tally.lines++;
    if (skipping)
      tally.reject({ file, line }, `longer than ${maxLine / 1024 / 1024} MiB`, bytes.toString('utf8', 0, 200));
    else takeLine(bytes.toString('utf8'), { file, line }, parser, tally);
    carry = [];
    carried = 0;
    skipping = false;
  };
  for (;;) {
    const size = await reader.read(block);
    if (size === 0) break;
    tally.bytes += size;
    let start = 0;
    for (let end = block.indexOf(newline, 0); end >= 0 && end < size; end = block.indexOf(newline, start)) {
      const part = block.subarray(start, end);
      take(carried > 0 ? Buffer.concat([...carry, part]) : part);
      start = end + 1;
    }
    if (start < size) {
      if (carried + size - start > maxLine) skipping = true;
      else {
        carry.push(Buffer.from(block.subarray(start, size)));
        carried += size - start;
      }
    }
    progress?.(tally.bytes);
  }
  if (carried > 0 || skipping) take(Buffer.concat(carry));
  return line;
}
