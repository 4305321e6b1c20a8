import { meets } from '../question.ts';
import type { LineParser } from '../read/line-parser.ts';
import { fieldValue, timeOf } from '../read/value.ts';
import type { Place } from '../record.ts';
import { type BlockReader, maxLine } from './blocks.ts';
import { borrowKernel, giveBack, type Kernel } from './kernel.ts';
import { KnownLines } from './known-lines.ts';
import { groupField, Learner } from './learner.ts';
import { LongLine } from './long-line.ts';
import { readPlain } from './plain.ts';
import { takeLine } from './take-line.ts';
import type { Tally } from './tally.ts';
import { takeCounts, takeMinutes } from './totals.ts';

const newline = 0x0a;
const bracket = 0x5b;
const minute = 60_000;

/**
 * Reads as readPlain does and gives the same Answer, but plain requests are counted by the kernel from their bytes. It counts a line only
 * when that is certain; every other line is read in full here. Names and minutes are first met here as well, so that the order in which
 * the tally learns them, and with it what is folded into `(other)`, stays that of the lines.
 */
export async function readFast(
  reader: BlockReader,
  file: string,
  parser: LineParser,
  tally: Tally,
  progress?: (bytes: number) => void,
): Promise<number> {
  // The kernel can leave out by the name it groups by. Any other condition may look at any field of a line.
  const group = groupField[tally.routeIs];
  if (!tally.question.where.every((c) => c.field === group)) return readPlain(reader, file, parser, tally, progress);
  const kernel = borrowKernel();
  const scan = new Scan(kernel, file, parser, tally);
  try {
    for (;;) {
      const read = reader.read(scan.space());
      const size = typeof read === 'number' ? read : await read;
      if (size === 0) break;
      scan.block(size);
      tally.bytes += size;
      progress?.(tally.bytes);
    }
    scan.end();
  } finally {
    scan.endKnown();
    takeCounts(kernel, tally);
    giveBack(kernel);
  }
  return scan.lines;
}

/** One file's way through the kernel's block: what is carried over, and the lines that are read in full. */
class Scan {
  lines = 0;
  readonly #kernel: Kernel;
  readonly #file: string;
  readonly #parser: LineParser;
  readonly #tally: Tally;
  readonly #learner: Learner;
  readonly #known: KnownLines;
  /** Why the kernel stops, and the words that say how many lines it has seen and what it carried over: each look at a global is a call. */
  readonly #codes: Readonly<Record<'done' | 'full' | 'newRoute' | 'newMinute' | 'lines' | 'carried', number>>;
  /** Lines that the kernel has seen. */
  #seen = 0;
  /** Where new bytes go, and how many. */
  readonly #read: number;
  readonly #size: number;
  #space: Uint8Array;
  /** Bytes of an unfinished line, just before the new ones; or all of a longer one. */
  #carried = 0;
  #long: LongLine | undefined;
  /** Lines that were too long for the kernel to see. */
  #longLines = 0;
  #blanks = false;

  constructor(kernel: Kernel, file: string, parser: LineParser, tally: Tally) {
    const k = kernel.wasm;
    this.#kernel = kernel;
    this.#file = file;
    this.#parser = parser;
    this.#tally = tally;
    this.#codes = {
      done: k.DONE.value,
      full: k.FULL.value,
      newRoute: k.NEW_ROUTE.value,
      newMinute: k.NEW_MINUTE.value,
      lines: k.LINES.value >> 2,
      carried: k.CARRIED.value >> 2,
    };
    this.#read = k.READ.value;
    this.#size = k.READ_SIZE.value;
    this.#space = kernel.bytes.subarray(this.#read, this.#read + this.#size);
    const group = { route: k.BY_ROUTE, backend: k.BY_BACKEND, authority: k.BY_AUTHORITY }[tally.routeIs];
    kernel.begin(group.value, tally.question.from !== undefined || tally.question.to !== undefined);
    this.#learner = new Learner(kernel, parser, tally.routeIs);
    this.#known = new KnownLines(kernel, tally, file, parser);
  }

  /** Where the next bytes go. */
  space(): Uint8Array {
    const { bytes } = this.#kernel;
    if (this.#space.buffer !== bytes.buffer) this.#space = bytes.subarray(this.#read, this.#read + this.#size);
    return this.#space;
  }

  /** Counts the lines that the next `size` bytes end. */
  block(size: number): void {
    const end = this.#read + size;
    if (this.#long) this.#goOn(this.#long, end);
    else if (size < this.#size && !this.#ends(end)) this.#moveBack(end);
    else this.#lines(this.#read - this.#carried, end);
  }

  /** Whether a line ends in the new bytes: many small reads must not look at its beginning again and again. */
  #ends(end: number): boolean {
    return this.#kernel.bytes.lastIndexOf(newline, end - 1) >= this.#read;
  }

  /** All new bytes belong to the line that was carried over. */
  #moveBack(end: number): void {
    const from = this.#read - this.#carried;
    this.#carried = end - from;
    if (!this.#isLong(end)) this.#kernel.bytes.copyWithin(this.#read - this.#carried, from, end);
  }

  #goOn(long: LongLine, end: number): void {
    const bytes = this.#kernel.bytes.subarray(this.#read, end);
    const found = bytes.indexOf(newline);
    long.add(found < 0 ? bytes : bytes.subarray(0, found));
    if (found < 0) return;
    this.#takeLong(long);
    this.#lines(this.#read + found + 1, end);
  }

  /** A line that ends at `end`, or goes on there, may be too long to be carried over: then it is put together outside the kernel. */
  #isLong(end: number): boolean {
    if (this.#carried <= this.#size) return false;
    this.#long = new LongLine(maxLine);
    this.#long.add(this.#kernel.bytes.subarray(end - this.#carried, end));
    this.#carried = 0;
    return true;
  }

  /** Counts the failing lines that the kernel has put by: before any other line is. */
  #takeKnown(): void {
    this.#known.take(this.#longLines);
  }

  /** Counts all of them, also when reading broke off. */
  endKnown(): void {
    this.#known.end(this.#longLines);
  }

  /** The last line may lack its newline. */
  end(): void {
    if (this.#long) this.#takeLong(this.#long);
    else if (this.#carried > 0) this.#take(this.#read - this.#carried, this.#read);
  }

  #takeLong(long: LongLine): void {
    this.#known.takeAll(this.#longLines);
    this.#long = undefined;
    this.#longLines++;
    this.lines++;
    this.#tally.lines++;
    const place = { file: this.#file, line: this.lines };
    if (long.tooLong) this.#tally.reject(place, `longer than ${maxLine / 1024 / 1024} MiB`, long.text(200));
    else takeLine(long.text(), place, this.#parser, this.#tally);
  }

  #take(start: number, end: number) {
    // A line of text is one request at most; one of JSON may be a batch, and more signatures than there is room for beside what is being counted.
    const one = this.#kernel.bytes[start] === bracket;
    if (one) this.#takeKnown();
    else this.#known.takeAll(this.#longLines);
    this.lines++;
    this.#tally.lines++;
    const text = this.#text(start, end);
    const taken = takeLine(text, { file: this.#file, line: this.lines }, this.#parser, this.#tally);
    if (!one) this.#takeKnown();
    return { text, ...taken };
  }

  #text(start: number, end: number): string {
    return this.#kernel.bytes.toString('utf8', start, end);
  }

  /** Counts a line of a known shape whose values the kernel has found; false when it must be read after all. */
  #takeShaped(start: number, end: number): boolean {
    const fields = this.#learner.fieldsOf(this.#kernel.wasm.matched.value);
    if (!fields) return false;
    const text = this.#text(start, end);
    const record = fields.record(this.#kernel, text, start, end);
    if (!record) return false;
    const alike = this.#tally.addCarried(record, this.#nextPlace(), text);
    if (alike) this.#known.learn(alike);
    return true;
  }

  #nextPlace(): Place {
    this.lines++;
    this.#tally.lines++;
    return { file: this.#file, line: this.lines };
  }

  /** Lets the kernel count lines, and reads those in full that it stops at. */
  #lines(from: number, to: number): void {
    const k = this.#kernel.wasm;
    const { done, full, lines, carried } = this.#codes;
    let at = from;
    for (;;) {
      const why = k.scan(at, to, at === from ? 1 : 0);
      const ended = why === done || why === full;
      const seen = this.#kernel.words[lines] as number;
      const counted = ((seen - this.#seen) >>> 0) - (ended ? 0 : 1);
      this.#seen = seen;
      this.lines += counted;
      this.#tally.lines += counted;
      if (why !== done) this.#takeKnown();
      if (why === full) k.carry();
      if (ended) break;
      const start = k.lineStart.value;
      const end = k.lineEnd.value;
      if (!this.#takeShaped(start, end)) this.#takeAndLearn(start, end, why);
      if (why === this.#codes.newRoute) this.#kernel.addRoute(this.#asksForName());
      else if (why === this.#codes.newMinute) this.#addMinute();
      at = end + 1;
    }
    this.#carried = this.#kernel.words[carried] as number;
    this.#isLong(to);
  }

  #takeAndLearn(start: number, end: number, why: number): void {
    const isText = this.#kernel.bytes[start] === bracket;
    const { text, parsed, alike } = this.#take(start, end);
    if (alike) this.#known.learn(alike);
    if (why !== this.#kernel.wasm.NEW_SHAPE.value && (!isText || this.#blanks)) return;
    if (this.#learner.learn(text, parsed) && isText) this.#wantBlanks();
  }

  /** Text lines need a second map, from here on. */
  #wantBlanks(): void {
    if (this.#blanks) return;
    this.#blanks = true;
    this.#kernel.wasm.wantBlanks();
  }

  /** Whether requests grouped under the name that the scan stopped at are asked for. */
  #asksForName(): boolean {
    const { question, routeIs } = this.#tally;
    const field = groupField[routeIs];
    return meets(question, { [field]: fieldValue(field, this.#kernel.name) });
  }

  /** Adds the minute that the scan stopped at; the line itself has been counted. */
  #addMinute(): void {
    const k = this.#kernel.wasm;
    const time = k.nameStart.value;
    const start = timeOf(`${this.#kernel.bytes.toString('latin1', time, time + 16)}:00.000Z`);
    if (typeof start !== 'number') return;
    if (k.addMinute(time, this.#kindOf(start), start) !== 0) return;
    takeMinutes(this.#kernel, this.#tally);
    k.clearMinutes();
    k.addMinute(time, this.#kindOf(start), start);
  }

  /** Whether a minute lies in the asked window. The lines of one that the window cuts are read in full. */
  #kindOf(start: number): number {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = this.#tally.question;
    const k = this.#kernel.wasm;
    if (start >= from && start + minute <= to) return k.INSIDE.value;
    return start + minute <= from || start >= to ? k.OUTSIDE.value : k.CUT.value;
  }
}
