import type { FieldId } from '../../envoy/fields.ts';
import type { Answer } from '../answer.ts';
import type { Question } from '../question.ts';
import { documentLines } from '../read/document.ts';
import { type FormatName, formats, type LineParser } from '../read/line-parser.ts';
import type { AccessRecord } from '../record.ts';
import { readFast } from '../scan/fast.ts';
import { takeLine } from '../scan/take-line.ts';
import { Tally } from '../scan/tally.ts';
import { maxLookBack, withIdleGaps } from './file/idle-gaps.ts';
import { type Input, openInput, totalSize } from './file/input.ts';
import { type FileOptions, learnLines, prepare } from './file/prepare.ts';
import { type Source, SourceError } from './source.ts';

/** A document is read whole; larger exports should be lines. */
const maxDocument = 256 * 1024 * 1024;

/** Access logs in local files, plain or compressed, and on standard input. */
export function fileSource(options: FileOptions): Source {
  return {
    async count(question: Question): Promise<Answer> {
      const tally = new Tally(question);
      const files: { name: string; format: string; lines: number }[] = [];
      let before = 0;
      const total = options.progress && totalSize(options.names);
      for (const name of options.names) {
        const input = await openInput(name);
        try {
          const report = () => options.progress?.(before + input.consumed(), total);
          files.push(await readOne(input, tally, options, report));
        } catch (error) {
          // What was read before the break counts; a file that gave nothing stops everything.
          if (!(error instanceof SourceError) || tally.requests === 0) throw error;
          options.warn?.(error.message);
        } finally {
          before += input.consumed();
          input.close();
        }
      }
      const answer = tally.answer(files);
      return tally.bytes > maxLookBack ? answer : { ...answer, samples: await withIdleGaps(answer.samples, options) };
    },
  };
}

async function readOne(input: Input, tally: Tally, options: FileOptions, progress: () => void) {
  const { parser, reader, empty, document, start, lines } = await prepare(input, options);
  const name = input.name;
  if (empty) {
    if (options.names.length === 1) throw new SourceError(`${label(name)} is empty`);
    options.warn?.(`${label(name)} is empty`);
    return { name, format: 'empty', lines: 0 };
  }
  const before = {
    requests: tally.requests,
    set: tally.outsideWindow + tally.leftOut + tally.interim,
    rejects: tally.rejects,
    application: tally.applicationLines,
    signatures: tally.signatures.size,
  };
  let count: number;
  if (document) count = await readDocument(reader, name, parser, tally);
  else {
    tally.routeIs = routeKind(parser, lines);
    count = await readFast(reader, name, parser, tally, progress);
  }
  const met = tally.requests - before.requests + tally.outsideWindow + tally.leftOut + tally.interim - before.set;
  if (met === 0 && tally.signatures.size === before.signatures)
    throw nothingRead(
      name,
      options.format,
      start,
      tally.rejects - before.rejects,
      tally.applicationLines - before.application,
      tally,
    );
  const [key] = parser.keys.unseen;
  if (key !== undefined)
    throw new SourceError(
      `${label(name)}: no line has a key "${key}", which --map names`,
      'vigia explain on one line shows how its keys are read',
    );
  return { name, format: [...parser.seen].join(', ') || 'unknown', lines: count };
}

async function readDocument(
  reader: { read(into: Uint8Array): number | Promise<number> },
  file: string,
  parser: LineParser,
  tally: Tally,
): Promise<number> {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(1 << 20);
    const got = await reader.read(part);
    if (got === 0) break;
    parts.push(part.subarray(0, got));
    size += got;
    if (size > maxDocument)
      throw new SourceError(
        `${label(file)}: a single JSON document of more than ${maxDocument / 1024 / 1024} MiB`,
        'write it as one entry a line: jq -c ".[]"',
      );
  }
  tally.bytes += size;
  const lines = documentLines(Buffer.concat(parts).toString('utf8'));
  if (!lines) throw new SourceError(`${label(file)}: looks like one JSON document, and is broken or cut off`);
  parser.learn(lines.slice(0, learnLines));
  tally.routeIs = routeKind(parser, lines.slice(0, learnLines));
  for (const [i, line] of lines.entries()) {
    tally.lines++;
    takeLine(line, { file, line: i + 1 }, parser, tally);
  }
  return lines.length;
}

/** What requests are grouped by in this file: routes where it names them, else backends, else the host asked for. */
export function routeKind(parser: LineParser, lines: readonly string[]): Answer['routeIs'] {
  const carried = new Set<FieldId>();
  for (const line of lines) {
    const parsed = parser.parse(line);
    if ('records' in parsed)
      for (const record of parsed.records)
        for (const id of Object.keys(record) as (keyof AccessRecord)[]) carried.add(id);
    if (carried.has('route')) break;
  }
  return carried.has('route') || carried.size === 0 ? 'route' : carried.has('cluster') ? 'backend' : 'authority';
}

const label = (name: string): string => (name === '-' ? 'standard input' : name);

function nothingRead(
  name: string,
  format: FormatName,
  start: Buffer,
  rejects: number,
  application: number,
  tally: Tally,
): SourceError {
  if (start.includes(0)) return new SourceError(`${label(name)}: binary data, not an access log`);
  if (application > 0 && rejects === 0)
    return new SourceError(
      `${label(name)} holds only Envoy's own application log, no access log`,
      'kgateway writes no access log until a ListenerPolicy asks for one',
    );
  const first = tally.answer([]).reading.firstRejects.find((r) => r.file === name);
  const tried = format === 'auto' ? formats.filter((f) => f !== 'auto').join(', ') : format;
  const why = first ? `; line ${first.line}: ${first.reason}` : '';
  return new SourceError(
    `${label(name)}: no line could be read as ${tried}${why}`,
    'for JSON with names of its own, say which key is what: --map status=KEY,flags=KEY',
  );
}
