import { looksLikeDocument } from '../../read/document.ts';
import type { Overrides } from '../../read/key-map.ts';
import { type FormatName, LineParser } from '../../read/line-parser.ts';
import { fill, learnBytes, replay } from '../../scan/blocks.ts';
import type { Input } from './input.ts';

export interface FileOptions {
  readonly names: readonly string[];
  readonly format: FormatName;
  readonly overrides: Overrides;
  /** Called as reading goes on: bytes from disk so far, and the total where it is known. */
  readonly progress?: (done: number, total: number | undefined) => void;
  /** Called for what does not stop the reading. */
  readonly warn?: (message: string) => void;
}

/** How many of the first lines a format is learned from. */
export const learnLines = 500;

/** Learns the format from the start of an input and gives a parser for all of it, and the input from its start. */
export async function prepare(input: Input, options: Pick<FileOptions, 'format' | 'overrides'>) {
  const first = Buffer.allocUnsafe(learnBytes);
  const have = await fill(input, first);
  const start = first.subarray(0, have);
  const lines = start.toString('utf8').split('\n');
  if (have === learnBytes) lines.pop();
  const parser = new LineParser(options.format, options.overrides);
  const document = looksLikeDocument(start.toString('utf8', 0, 4096)) && !('records' in parser.parse(lines[0] ?? ''));
  if (!document) parser.learn(lines.slice(0, learnLines));
  return {
    parser,
    reader: replay(start, input),
    empty: have === 0,
    document,
    start,
    lines: lines.slice(0, learnLines),
  };
}
