import type { AccessRecord } from '../record.ts';
import type { Kernel } from './kernel.ts';
import type { Happened } from './signature-counts.ts';
import type { ShapeFields } from './slots.ts';
import type { Alike, Tally } from './tally.ts';

const absent = 0xffff_ffff;
const unset = 0xffff_fffe;

/** What lines of one number are counted under, and how one of them is read in full. */
interface Known {
  readonly alike: Alike;
  readonly template: number;
  readonly fields: ShapeFields;
}

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
  readonly #known: Known[] = [];
  readonly #hosts: string[] = [];
  #looked = false;

  constructor(kernel: Kernel, tally: Tally, file: string) {
    this.#kernel = kernel;
    this.#tally = tally;
    this.#file = file;
  }

  /** The line that the kernel stopped at was counted under this: others like it need not stop it. */
  learn(alike: Alike, template: number, fields: ShapeFields): void {
    const kernel = this.#kernel;
    if (kernel.learnAlike(this.#known.length)) this.#known.push({ alike, template, fields });
    const host = kernel.learnHost();
    if (host !== undefined) this.#hosts.push(host);
  }

  /**
   * Counts what the kernel has put by. Its line numbers are those of the file without `skipped` lines. True when one was read in full: then
   * the kernel has forgotten the values of the line that it stopped at.
   */
  take(skipped: number): boolean {
    const { wasm } = this.#kernel;
    const count = wasm.eventCount.value;
    if (count === 0) return false;
    this.#looked = false;
    const size = wasm.EVENT_SIZE.value;
    for (let i = 0, event = wasm.EVENTS.value; i < count; i++, event += size) this.#takeOne(event, skipped);
    wasm.clearEvents();
    return this.#looked;
  }

  #takeOne(event: number, skipped: number): void {
    const { words, floats } = this.#kernel;
    const at = event >> 2;
    const known = this.#known[words[at] ?? 0];
    if (!known) return;
    const host = numberOf(words[at + 1]);
    this.host = typeof host === 'number' ? this.#hosts[host] : host;
    this.duration = numberOf(words[at + 2]);
    this.age = numberOf(words[at + 3]);
    this.weight = numberOf(words[at + 4]);
    const time = floats[(event + 32) >> 3] ?? Number.NaN;
    this.time = Number.isFinite(time) ? time : Number.isNaN(time) ? undefined : null;
    if (!this.#tally.addKnown(known.alike, this)) return;
    const start = words[at + 6] ?? 0;
    const end = words[at + 7] ?? 0;
    const record = this.#record(known, start, end);
    const line = (words[at + 5] ?? 0) + skipped;
    if (record) this.#tally.sample(known.alike, record.record, { file: this.#file, line }, record.raw);
  }

  #record(known: Known, start: number, end: number): { raw: string; record: AccessRecord } | undefined {
    const { wasm, bytes } = this.#kernel;
    this.#looked = true;
    wasm.find(start, known.template);
    const raw = bytes.toString('utf8', start, end);
    const record = known.fields.record(this.#kernel, raw, start, end);
    return record && { raw, record };
  }
}

const numberOf = (word: number | undefined): number | null | undefined =>
  word === undefined || word === absent ? undefined : word === unset ? null : word;
