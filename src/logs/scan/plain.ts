import type { LineParser } from '../read/line-parser.ts';
import { type BlockReader, maxLine } from './blocks.ts';
import { readInFull } from './compiler.ts';
import { takeLine } from './take-line.ts';
import type { Tally } from './tally.ts';

const newline = 0x0a;

/** What `eachLine` calls: once a line, and once a block with the bytes read so far. */
export interface LineSink {
  line(text: string, line: number): void;
  /** A line that is longer than a line may be; only its first characters are given. */
  tooLong(start: string, line: number): void;
  block(bytes: number): void;
}

/** Splits an input into lines. They end with `\n`; the last one may lack it. Resolves to the number of lines. */
export async function eachLine(reader: BlockReader, sink: LineSink): Promise<number> {
  const block = Buffer.allocUnsafe(1 << 20);
  let carry: Buffer[] = [];
  let carried = 0;
  let skipping = false;
  let line = 0;
  const take = (bytes: Buffer) => {
    line++;
    // By its length too: what is too long must not depend on how the input was cut into blocks.
    if (skipping || bytes.length > maxLine) sink.tooLong(bytes.toString('utf8', 0, 200), line);
    else sink.line(bytes.toString('utf8'), line);
    carry = [];
    carried = 0;
    skipping = false;
  };
  for (;;) {
    const size = await reader.read(block);
    if (size === 0) break;
    let start = 0;
    const before = line;
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
    readInFull(line - before);
    sink.block(size);
  }
  if (carried > 0 || skipping) take(Buffer.concat(carry));
  return line;
}

/**
 * The plain reader: every line becomes a string and is parsed in full. It is the definition of right; the fast scanner must give the same
 * Answer on every input. Resolves to the number of lines read.
 */
export function readPlain(
  reader: BlockReader,
  file: string,
  parser: LineParser,
  tally: Tally,
  progress?: (bytes: number) => void,
): Promise<number> {
  return eachLine(reader, {
    line(text, line) {
      tally.lines++;
      takeLine(text, { file, line }, parser, tally);
    },
    tooLong(start, line) {
      tally.lines++;
      tally.reject({ file, line }, `longer than ${maxLine / 1024 / 1024} MiB`, start);
    },
    block(bytes) {
      tally.bytes += bytes;
      progress?.(tally.bytes);
    },
  });
}
