import { expect } from 'vitest';
import type { Answer } from '../../src/logs/answer.ts';
import { everything, type Question } from '../../src/logs/question.ts';
import type { Overrides } from '../../src/logs/read/key-map.ts';
import { type FormatName, LineParser } from '../../src/logs/read/line-parser.ts';
import type { BlockReader } from '../../src/logs/scan/blocks.ts';
import { readFast } from '../../src/logs/scan/fast.ts';
import { readPlain } from '../../src/logs/scan/plain.ts';
import { Tally } from '../../src/logs/scan/tally.ts';

export interface Asked {
  readonly question?: Question;
  readonly routeIs?: Answer['routeIs'];
  readonly format?: FormatName;
  readonly overrides?: Overrides;
  /** Bytes the reader gives at once, in turn; as many as asked for when left out. */
  readonly sizes?: readonly number[];
}

export function readerOf(bytes: Uint8Array, sizes: readonly number[] = [Number.POSITIVE_INFINITY]): BlockReader {
  let at = 0;
  let turn = 0;
  return {
    read(into) {
      const size = Math.min(sizes[turn++ % sizes.length] ?? 1, into.length, bytes.length - at);
      into.set(bytes.subarray(at, at + size));
      at += size;
      return size;
    },
  };
}

/** The Answer one reader gives over some files, and what else a caller can see of it. */
export async function read(how: typeof readFast, files: readonly Uint8Array[], asked: Asked) {
  const tally = new Tally(asked.question ?? everything);
  const seen: string[][] = [];
  const lines: number[] = [];
  const bytes: number[] = [];
  for (const [i, file] of files.entries()) {
    const parser = new LineParser(asked.format ?? 'auto', asked.overrides ?? {});
    parser.learn(
      Buffer.from(file.subarray(0, 1 << 16))
        .toString('utf8')
        .split('\n')
        .slice(0, 50),
    );
    tally.routeIs = asked.routeIs ?? 'route';
    lines.push(await how(readerOf(file, asked.sizes), `file${i}`, parser, tally, (n) => bytes.push(n)));
    seen.push([...parser.seen].sort());
  }
  return { answer: tally.answer([]), lines, seen, bytes: bytes.at(-1) };
}

/** Both readers must give the same in everything. */
export async function same(files: readonly (Uint8Array | string)[], asked: Asked = {}) {
  const all = files.map((f) => (typeof f === 'string' ? Buffer.from(f) : f));
  const plain = await read(readPlain, all, asked);
  const fast = await read(readFast, all, asked);
  expect(fast).toEqual(plain);
  return plain;
}
