import type { LineParser } from '../read/line-parser.ts';
import type { AccessRecord } from '../record.ts';
import type { Kernel } from './kernel.ts';
import type { Happened, TimeBucket } from './signature-counts.ts';
import { noHost } from './signature-rows.ts';
import type { Alike, Tally } from './tally.ts';

const absent = 0xffff_ffff;
const unset = 0xffff_fffe;

/** As many signatures may come of what the kernel hands over at once (MAX_EVENTS_BESIDE) and of the line after it. */
const atOnce = 129;

/**
 * Failing lines that the kernel tells apart by their bytes. It knows the first of each kind from here; of the others it puts by what happened
 * (kernel/alike.ts), and they are counted here before anything that comes after them. What only adds to numbers it counts itself
 * (kernel/cells.ts), which is asked for before anything that depends on them: another time bucket, signatures giving way, the end.
 */
export class KnownLines {
  readonly #kernel: Kernel;
  readonly #tally: Tally;
  readonly #file: string;
  readonly #parser: LineParser;
  readonly #known: Alike[] = [];
  /** The tally's numbers of the kernel's kinds and hosts, and the kinds of samples that those are. */
  readonly #numbers: number[] = [];
  readonly #hosts: number[] = [];
  readonly #samples: number[] = [];
  /** What the kernel counts in, and up to how many signatures: beyond, its cells might be too many when they become signatures. */
  #bucket: TimeBucket | undefined;
  #until = 0;

  constructor(kernel: Kernel, tally: Tally, file: string, parser: LineParser) {
    this.#kernel = kernel;
    this.#tally = tally;
    this.#file = file;
    this.#parser = parser;
    kernel.grown = () => tally.sampler.countIn(kernel.sampleCounts);
    kernel.grown();
  }

  /** Counts all of it: before a line that may hold any number of requests. */
  takeAll(skipped: number): void {
    this.take(skipped);
    this.#takeCells();
  }

  /** All is counted, and the kernel may be another's. */
  end(skipped: number): void {
    this.takeAll(skipped);
    this.#kernel.grown = undefined;
    this.#tally.sampler.countIn();
  }

  /** The line that the kernel stopped at was counted under this: others like it need not stop it. */
  learn(alike: Alike): void {
    const kernel = this.#kernel;
    const sample = this.#tally.kindOf(alike.number);
    const parts = this.#tally.signatures.partsThatSplit(alike.number);
    if (kernel.learnAlike(this.#known.length, alike.group !== undefined, parts, sample)) {
      this.#known.push(alike);
      this.#numbers.push(alike.number);
      this.#samples.push(sample);
    }
    const host = kernel.learnHost();
    if (host !== undefined) this.#hosts.push(this.#tally.signatures.hostNumber(host));
  }

  /** Counts what the kernel has put by. Its line numbers are those of the file without `skipped` lines. */
  take(skipped: number): void {
    const { wasm } = this.#kernel;
    const count = wasm.eventCount.value;
    if (count > 0) {
      this.#takeEvents(count, skipped);
      wasm.clearEvents();
    }
    const { signatures } = this.#tally;
    if (signatures.recent === this.#bucket && signatures.size <= this.#until) return;
    this.#takeCells();
    this.#beginCells();
  }

  /** Half of the room that signatures have is for cells, so that not every new signature ends them. */
  #beginCells(): void {
    const { recent, room, size } = this.#tally.signatures;
    const others = Math.max(atOnce, room >> 1);
    if (recent === undefined || room <= others) return;
    this.#bucket = recent;
    this.#until = size + others - atOnce;
    this.#kernel.wasm.beginCells(recent.from, recent.to, room - others);
  }

  #takeEvents(count: number, skipped: number): void {
    const { wasm, words, floats } = this.#kernel;
    const { EVENTS, EVENT_SIZE, COUNTED, WANTED } = wasm;
    const size = EVENT_SIZE.value;
    const counted = COUNTED.value;
    const wanted = WANTED.value;
    const tally = this.#tally;
    const { signatures, sampler } = tally;
    for (let i = 0, event = EVENTS.value; i < count; i++, event += size) {
      const at = event >> 2;
      const kind = words[at] as number;
      const host = this.#hosts[words[at + 1] as number] ?? noHost;
      const state = words[at + 10] as number;
      if (state & counted) {
        const time = floats[(event + 32) >> 3] as number;
        const duration = numberIn(words[at + 2] as number);
        const age = numberIn(words[at + 3] as number);
        signatures.addSome(this.#numbers[kind] as number, time, words[at + 11] as number, duration, age, host, 1);
        if (state & wanted && sampler.wants(this.#samples[kind] as number)) this.#sample(event, skipped);
      } else if (tally.addLike(this.#known[kind] as Alike, this.#happened(event, host))) this.#sample(event, skipped);
    }
  }

  /** Counts what the kernel has counted, and ends that. */
  #takeCells(): void {
    const bucket = this.#bucket;
    if (!bucket) return;
    const { wasm, words } = this.#kernel;
    const list = wasm.CELL_LIST.value >> 2;
    const count = wasm.cellCount.value;
    const { signatures } = this.#tally;
    for (let i = 0; i < count; i++) {
      const at = (words[list + i] as number) >> 2;
      const timed = words[at + 4] !== absent;
      const aged = words[at + 6] !== absent;
      const of = {
        count: words[at + 3] as number,
        durationMin: timed ? (words[at + 4] as number) : Number.NaN,
        durationMax: timed ? (words[at + 5] as number) : Number.NaN,
        ageMin: aged ? (words[at + 6] as number) : Number.NaN,
        ageMax: aged ? (words[at + 7] as number) : Number.NaN,
      };
      const host = this.#hosts[words[at + 1] as number] ?? noHost;
      const parts = (words[at + 2] as number) & 0xffff;
      signatures.addMore(this.#numbers[words[at] as number] as number, bucket.from, parts, of, host);
    }
    wasm.beginCells(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0);
    this.#bucket = undefined;
  }

  #happened(event: number, host: number): Happened {
    const { words, floats } = this.#kernel;
    const at = event >> 2;
    const time = floats[(event + 32) >> 3] as number;
    return {
      duration: numberOf(words[at + 2]),
      age: numberOf(words[at + 3]),
      time: Number.isFinite(time) ? time : Number.isNaN(time) ? undefined : null,
      host,
      weight: numberOf(words[at + 4]),
    };
  }

  #sample(event: number, skipped: number): void {
    const { words, bytes } = this.#kernel;
    const at = event >> 2;
    const raw = bytes.toString('utf8', words[at + 6], words[at + 7]);
    const line = (words[at + 5] as number) + skipped;
    this.#tally.sample(
      this.#known[words[at] as number] as Alike,
      () => this.#record(raw),
      { file: this.#file, line },
      raw,
    );
  }

  #record(raw: string): AccessRecord {
    const parsed = this.#parser.parse(raw);
    return ('records' in parsed && parsed.records[0]) || {};
  }
}

const numberIn = (word: number): number => (word >= unset ? Number.NaN : word);
const numberOf = (word: number | undefined): number | null | undefined =>
  word === undefined || word === absent ? undefined : word === unset ? null : word;
