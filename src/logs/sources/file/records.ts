import { asks, type Question } from '../../question.ts';
import { documentLines } from '../../read/document.ts';
import type { Overrides } from '../../read/key-map.ts';
import type { FormatName, LineParser } from '../../read/line-parser.ts';
import { isInterim } from '../../record.ts';
import type { BlockReader } from '../../scan/blocks.ts';
import { eachLine } from '../../scan/plain.ts';
import { type Found, type RecordsReport, SourceError } from '../source.ts';
import { type Input, openInput } from './input.ts';
import { prepare } from './prepare.ts';

export interface RecordsOptions {
  readonly names: readonly string[];
  readonly format: FormatName;
  readonly overrides: Overrides;
  readonly question: Question;
  /** Goes on at the end of the file until this resolves. */
  readonly follow: Promise<void> | undefined;
  /** Given each record asked about; false stops the reading. */
  take(found: Found): boolean;
  /** As in a ReadRequest (source.ts). */
  readonly room?: (() => Promise<void> | undefined) | undefined;
}

class Enough extends Error {}

/** Every record of the files that the question asks about, in order. */
export async function readRecords(options: RecordsOptions): Promise<RecordsReport> {
  const state = { lines: 0, rejects: 0, records: 0, firstReject: undefined as string | undefined };
  for (const name of options.names) {
    const input = await openInput(name);
    try {
      await readOne(input, options, state);
    } catch (error) {
      if (error instanceof Enough) break;
      throw error;
    } finally {
      input.close();
    }
  }
  if (state.records === 0 && state.rejects > 0)
    throw new SourceError(`${options.names.join(', ')}: no line could be read`, state.firstReject);
  return state;
}

async function readOne(
  input: Input,
  options: RecordsOptions,
  state: { lines: number; rejects: number; records: number; firstReject: string | undefined },
): Promise<void> {
  const file = input.name;
  const { parser, reader, document, start } = await prepare(input, options);
  const line = (text: string, number: number) => {
    state.lines++;
    const parsed = parser.parse(text);
    if ('reject' in parsed) {
      state.rejects++;
      state.firstReject ??= `${file}:${number}: ${parsed.reject}`;
    }
    if (!('records' in parsed)) return;
    for (const record of parsed.records) {
      state.records++;
      if (isInterim(record.logType) || asks(options.question, record) !== 'yes') continue;
      if (!options.take({ place: { file, line: number }, record, raw: text })) throw new Enough();
    }
  };
  if (document) {
    const lines = await documentOf(reader, start, parser, file);
    for (const [i, text] of lines.entries()) line(text, i + 1);
    return;
  }
  const patient: BlockReader = {
    async read(into) {
      await options.room?.();
      return await reader.read(into);
    },
  };
  const source = options.follow ? following(patient, options.follow) : patient;
  await eachLine(source, {
    line,
    tooLong(_, number) {
      state.lines++;
      state.rejects++;
      state.firstReject ??= `${file}:${number}: too long`;
    },
    block() {},
  });
}

async function documentOf(
  reader: BlockReader,
  start: Uint8Array,
  parser: LineParser,
  file: string,
): Promise<readonly string[]> {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.allocUnsafe(Math.max(1 << 20, start.length));
    const got = await reader.read(part);
    if (got === 0) break;
    parts.push(part.subarray(0, got));
  }
  const lines = documentLines(Buffer.concat(parts).toString('utf8'));
  if (!lines) throw new SourceError(`${file}: looks like one JSON document, and is broken or cut off`);
  parser.learn(lines.slice(0, 500));
  return lines;
}

/** At the end of the file waits for more, a quarter of a second at a time, until told to stop. */
function following(reader: BlockReader, stop: Promise<void>): BlockReader {
  let stopped = false;
  void stop.then(() => {
    stopped = true;
  });
  return {
    async read(into) {
      for (;;) {
        const got = await reader.read(into);
        if (got > 0 || stopped) return got;
        await Promise.race([stop, new Promise((resolve) => setTimeout(resolve, 250))]);
      }
    },
  };
}
