import type { LineParser } from '../read/line-parser.ts';
import type { AccessRecord } from '../record.ts';
import type { Kernel } from './kernel.ts';
import type { Happened } from './signature-counts.ts';
import type { Alike, Tally } from './tally.ts';

const absent = 0xffff_ffff;
const unset = 0xffff_fffe;

/**
 * Failing lines that the kernel tells apart by their bytes. It knows the first of each kind from here; of the others it puts by what happened
 * (kernel/alike.ts), and they are counted here before anything that comes after them.
 */
export class KnownLines implements Happened {
  duration: number | null | undefined;
  age: number | null | undefined;
  time: number | null | undefined;
  host: string | null | undefined;
  weight: number | null | undefined;
  readonly #kernel: Kernel;
  readonly #tally: Tally;
  readonly #file: string;
  readonly #parser: LineParser;
  readonly #known: Alike[] = [];
  readonly #hosts: string[] = [];

  constructor(kernel: Kernel, tally: Tally, file: string, parser: LineParser) {
    this.#kernel = kernel;
    this.#tally = tally;
    this.#file = file;
    this.#parser = parser;
  }

  /** The line that the kernel stopped at was counted under this: others like it need not stop it. */
  learn(alike: Alike): void {
    const kernel = this.#kernel;
    if (kernel.learnAlike(this.#known.length, alike.group !== undefined)) this.#known.push(alike);
    const host = kernel.learnHost();
    if (host !== undefined) this.#hosts.push(host);
  }

  /** Counts what the kernel has put by. Its line numbers are those of the file without `skipped` lines. */
  take(skipped: number): void {
    const { wasm } = this.#kernel;
    const count = wasm.eventCount.value;
    if (count === 0) return;
    const size = wasm.EVENT_SIZE.value;
    for (let i = 0, event = wasm.EVENTS.value; i < count; i++, event += size) this.#takeOne(event, skipped);
    wasm.clearEvents();
  }

  #takeOne(event: number, skipped: number): void {
    const { words, floats, bytes } = this.#kernel;
    const at = event >> 2;
    const alike = this.#known[words[at] ?? 0];
    if (!alike) return;
    const host = numberOf(words[at + 1]);
    this.host = typeof host === 'number' ? this.#hosts[host] : host;
    this.duration = numberOf(words[at + 2]);
    this.age = numberOf(words[at + 3]);
    this.weight = numberOf(words[at + 4]);
    const time = floats[(event + 32) >> 3] ?? Number.NaN;
    this.time = Number.isFinite(time) ? time : Number.isNaN(time) ? undefined : null;
    if (!this.#tally.addKnown(alike, this, words[at + 10] !== 0)) return;
    const raw = bytes.toString('utf8', words[at + 6], words[at + 7]);
    const line = (words[at + 5] ?? 0) + skipped;
    this.#tally.sample(alike, () => this.#record(raw), { file: this.#file, line }, raw);
  }

  #record(raw: string): AccessRecord {
    const parsed = this.#parser.parse(raw);
    return ('records' in parsed && parsed.records[0]) || {};
  }
}

const numberOf = (word: number | undefined): number | null | undefined =>
  word === undefined || word === absent ? undefined : word === unset ? null : word;
