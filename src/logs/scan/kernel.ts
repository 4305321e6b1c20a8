import { ageEdges, durationEdges } from '../buckets.ts';
import { healthCheckers } from '../record.ts';
import { kernelBase64 } from './kernel.generated.ts';

/** The types of TypeScript's `dom` library, which a program for Node does not load. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

interface Global {
  readonly value: number;
}

type Constant =
  | 'ABSENT'
  | 'AGED'
  | 'AGENT'
  | 'AGE_EDGES'
  | 'ASKS'
  | 'ATTEMPTS'
  | 'BEGAN'
  | 'BY_AUTHORITY'
  | 'BY_BACKEND'
  | 'BY_ROUTE'
  | 'CARRIED'
  | 'CELL_LIST'
  | 'COUNTED'
  | 'CUT'
  | 'DIGITS'
  | 'DONE'
  | 'DURATION'
  | 'DURATION_EDGES'
  | 'ENTRY_SIZE'
  | 'EVENTS'
  | 'EVENT_SIZE'
  | 'FLAGS'
  | 'FULL'
  | 'GRPC'
  | 'HEAD_SIZE'
  | 'HEAP'
  | 'HOST'
  | 'INSIDE'
  | 'KEY_SIZE'
  | 'LINES'
  | 'LOG_TYPE'
  | 'MAX_KEY'
  | 'MAX_KEYS'
  | 'MAX_TEMPLATES'
  | 'MET'
  | 'MINUTES'
  | 'MINUTE_SIZE'
  | 'MINUTE_SLOTS'
  | 'NAME'
  | 'NEW_MINUTE'
  | 'NEW_ROUTE'
  | 'NEW_SHAPE'
  | 'OUTSIDE'
  | 'PRESENCE'
  | 'READ'
  | 'READ_SIZE'
  | 'REASON'
  | 'ROUTE'
  | 'ROUTES'
  | 'SAMPLE_KINDS'
  | 'SCRATCH'
  | 'SLOW'
  | 'STANDS'
  | 'STATUS'
  | 'TEMPLATES'
  | 'TEMPLATE_SIZE'
  | 'TIME'
  | 'TOOK'
  | 'VALUE_FROM'
  | 'WANTED'
  | 'WEIGHT'
  | 'WORDS';
type Result =
  | 'cellCount'
  | 'eventCount'
  | 'hostFrom'
  | 'hostLength'
  | 'lineStart'
  | 'lineEnd'
  | 'matched'
  | 'nameStart'
  | 'nameLength'
  | 'outside'
  | 'leftOut'
  | 'weighted'
  | 'routeCount';

/** What kernel/index.ts exports. */
interface Exports extends Readonly<Record<Constant | Result, Global>> {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  begin(group: number, bounded: number): void;
  wantBlanks(): void;
  scan(from: number, to: number, fresh: number): number;
  carry(): void;
  beginTemplate(template: number): void;
  addKey(template: number, length: number, role: number, use: number): void;
  addAgent(four: number): void;
  allowText(istio: number, compared: number): void;
  routeNeeds(length: number): number;
  addRoute(name: number, length: number, unasked: number): void;
  addMinute(time: number, kind: number, start: number): number;
  clearMinutes(): void;
  clearEvents(): void;
  settle(): void;
  alikeNeeds(): number;
  learnAlike(number: number, how: number, kind: number): void;
  beginCells(begin: number, end: number, cells: number): void;
  hostNeeds(): number;
  learnHost(): number;
}

const page = 64 * 1024;
let compiled: object | undefined;
const free: Kernel[] = [];

/** One instance of the compiled scanner and its memory. Addresses are positions in `bytes`. */
export class Kernel {
  readonly wasm: Exports;
  /** The whole memory, as bytes, as 32-bit words and as 64-bit floats. Replaced when it grows. */
  bytes: Buffer;
  words: Uint32Array;
  floats: Float64Array;

  /** Called when the memory has grown, which empties every view of it. */
  grown: (() => void) | undefined;

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(kernelBase64, 'base64'));
    this.wasm = new WebAssembly.Instance(compiled).exports as Exports;
    this.bytes = Buffer.from(this.wasm.memory.buffer);
    this.words = new Uint32Array(this.wasm.memory.buffer);
    this.floats = new Float64Array(this.wasm.memory.buffer);
    this.#reach(this.wasm.HEAP.value);
  }

  begin(group: number, bounded: boolean): void {
    this.wasm.begin(group, bounded ? 1 : 0);
    for (const prefix of healthCheckers) this.wasm.addAgent(Buffer.from(prefix).readUInt32LE(0));
    this.#say(this.wasm.DURATION_EDGES.value, durationEdges);
    this.#say(this.wasm.AGE_EDGES.value, ageEdges);
  }

  addKey(template: number, key: Uint8Array, role: number, use: number): void {
    this.bytes.set(key, this.wasm.SCRATCH.value);
    this.wasm.addKey(template, key.length, role, use);
  }

  /** The name that the scan stopped at. */
  get name(): string {
    const start = this.wasm.nameStart.value;
    return this.bytes.toString('utf8', start, start + this.wasm.nameLength.value);
  }

  /** Adds that name, unless the table is full. */
  addRoute(asked: boolean): void {
    const length = this.wasm.nameLength.value;
    const needs = this.wasm.routeNeeds(length);
    if (needs === 0) return;
    this.#reach(needs);
    this.wasm.addRoute(this.wasm.nameStart.value, length, asked ? 0 : 1);
  }

  /**
   * Lines like the failing one that the scan stopped at go by that number; `parts` are the bits of their buckets that tell them apart (partsOf).
   * False when it is like no other, or there are too many.
   */
  learnAlike(number: number, grouped: boolean, parts: number, kind: number): boolean {
    const needs = this.wasm.alikeNeeds();
    if (needs === 0) return false;
    this.#reach(needs);
    this.wasm.learnAlike(number, (grouped ? 1 : 0) | (parts << 8), kind);
    return true;
  }

  /** Where the kernel counts how many of each kind of samples were met (sampler.ts: countIn). */
  get sampleCounts(): Uint32Array {
    return new Uint32Array(this.wasm.memory.buffer, this.wasm.MET.value, 2 * this.wasm.SAMPLE_KINDS.value);
  }

  /** The host of the line that the scan stopped at, when it is new; hosts are numbered in the order they are learned. */
  learnHost(): string | undefined {
    const needs = this.wasm.hostNeeds();
    if (needs === 0) return undefined;
    this.#reach(needs);
    const from = this.wasm.hostFrom.value;
    const host = this.bytes.toString('utf8', from, from + this.wasm.hostLength.value);
    this.wasm.learnHost();
    return host;
  }

  #say(address: number, numbers: readonly number[]): void {
    this.floats.set([numbers.length, ...numbers], address >> 3);
  }

  #reach(address: number): void {
    const missing = address - this.bytes.length;
    if (missing <= 0) return;
    // Half a megabyte at once: growing replaces the buffer, and a hundred routes need that much.
    this.wasm.memory.grow(Math.max(8, Math.ceil(missing / page)));
    this.bytes = Buffer.from(this.wasm.memory.buffer);
    this.words = new Uint32Array(this.wasm.memory.buffer);
    this.floats = new Float64Array(this.wasm.memory.buffer);
    this.grown?.();
  }
}

/** A kernel to be given back: each reserves gigabytes of address space, so that one for every file of thousands would not do. */
export function borrowKernel(): Kernel {
  return free.pop() ?? new Kernel();
}

export function giveBack(kernel: Kernel): void {
  free.push(kernel);
}
