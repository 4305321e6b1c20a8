import type { LineParser } from '../read/line-parser.ts';
import type { AccessRecord } from '../record.ts';
import type { Kernel } from './kernel.ts';
import type { Happened } from './signature-counts.ts';
import { noHost } from './signature-rows.ts';
import type { Alike, Tally } from './tally.ts';

const absent = 0xffff_ffff;
const unset = 0xffff_fffe;

/**
 * Failing lines that the kernel tells apart by their bytes. It knows the first of each kind from here; of the others it puts by what happened
 * (kernel/alike.ts), and they are counted here before anything that comes after them.
 */
export class KnownLines {
  readonly #kernel: Kernel;
  readonly #tally: Tally;
  readonly #file: string;
  readonly #parser: LineParser;
  readonly #known: Alike[] = [];
  /** The tally's numbers of the kernel's kinds and hosts. */
  readonly #numbers: number[] = [];
  readonly #hosts: number[] = [];

  constructor(kernel: Kernel, tally: Tally, file: string, parser: LineParser) {
    this.#kernel = kernel;
    this.#tally = tally;
    this.#file = file;
    this.#parser = parser;
  }

  /** The line that the kernel stopped at was counted under this: others like it need not stop it. */
  learn(alike: Alike): void {
    const kernel = this.#kernel;
    if (kernel.learnAlike(this.#known.length, alike.group !== undefined)) {
      this.#known.push(alike);
      this.#numbers.push(alike.number);
    }
    const host = kernel.learnHost();
    if (host !== undefined) this.#hosts.push(this.#tally.hostNumber(host));
  }

  /** The block gets new bytes: what waits is kept for as long as there is room. */
  keep(skipped: number): void {
    if (!this.#kernel.wasm.keepEvents()) this.take(skipped);
  }

  /** Counts what the kernel has put by. Its line numbers are those of the file without `skipped` lines. */
  take(skipped: number): void {
    const { wasm } = this.#kernel;
    const count = wasm.eventCount.value;
    if (count === 0) return;
    const size = wasm.EVENT_SIZE.value;
    const { words, floats } = this.#kernel;
    const hosts = this.#hosts;
    for (let i = 0, event = wasm.EVENTS.value; i < count; i++, event += size) {
      const at = event >> 2;
      const kind = words[at] as number;
      const host = hosts[words[at + 1] as number] ?? noHost;
      const wanted =
        words[at + 10] !== 0
          ? this.#tally.addKnown(
              this.#numbers[kind] as number,
              floats[(event + 32) >> 3] as number,
              words[at + 11] as number,
              words[at + 2] as number,
              words[at + 3] as number,
              host,
            )
          : this.#tally.addLike(this.#known[kind] as Alike, this.#happened(event, host));
      if (wanted) this.#sample(event, skipped);
    }
    wasm.clearEvents();
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

const numberOf = (word: number | undefined): number | null | undefined =>
  word === undefined || word === absent ? undefined : word === unset ? null : word;
