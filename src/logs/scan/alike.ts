import type { FieldId } from '../../envoy/fields.ts';
import type { Answer } from '../answer.ts';
import { timeOf } from '../read/value.ts';
import { healthCheckers } from '../record.ts';
import type { Kernel } from './kernel.ts';
import type { Happened } from './signature-counts.ts';
import type { Alike } from './tally.ts';
import { WordTable } from './word-table.ts';

/** What of a field's value tells requests apart: all of it, or whether there is any; the rest is read, or does not matter. */
type Use = 'words' | 'presence' | 'digits' | 'duration' | 'age' | 'weight' | 'time' | 'host' | 'agent' | 'none';

/** As traitsOf in signature.ts reads them. */
const uses: Partial<Record<FieldId, Use>> = {
  route: 'words',
  cluster: 'words',
  status: 'words',
  flags: 'words',
  details: 'words',
  transportFailure: 'words',
  grpcStatus: 'words',
  attempts: 'words',
  logType: 'words',
  localAddress: 'presence',
  method: 'presence',
  path: 'presence',
  serviceTime: 'digits',
  connectionId: 'words',
  duration: 'duration',
  connectionAge: 'age',
  weight: 'weight',
  time: 'time',
  upstreamHost: 'host',
  userAgent: 'agent',
};

const quote = 0x22;
/** What a value is, before its bytes. */
const absent = 0;
const unset = 1;
const present = 2;
const agents: readonly number[] = healthCheckers.map((prefix) => Buffer.from(prefix).readUInt32LE(0));

/**
 * Tells failing lines of one shape apart by the bytes that decide their Traits, so that only the first of each is read in full. Where a value
 * is not plainly what it should be it gives up, and the line is read like any other.
 */
export class AlikeLines implements Happened {
  duration: number | null | undefined;
  age: number | null | undefined;
  time: number | null | undefined;
  host: string | null | undefined;
  weight: number | null | undefined;
  readonly #uses: readonly Use[];
  /** Where the route's and the backend's values are. */
  readonly #names: readonly boolean[];
  readonly #known = new WordTable<Alike>();
  readonly #hosts = new WordTable<string>();
  readonly #kernel: Kernel;
  readonly #first: number;
  readonly #step: number;
  readonly #absent: number;
  /** `YYYY-MM-DDTHH:MM` of the time seen last, and when that is. */
  readonly #minute = new Uint8Array(16);
  #minuteStart = 0;

  /** Undefined for a shape whose Traits need more than is compared here. */
  static of(
    kernel: Kernel,
    template: number,
    ids: readonly (FieldId | undefined)[],
    routeIs: Answer['routeIs'],
  ): AlikeLines | undefined {
    const names = ids.includes('route') || ids.includes('cluster');
    return ids.includes('details') && names && routeIs !== 'authority'
      ? new AlikeLines(kernel, template, ids)
      : undefined;
  }

  private constructor(kernel: Kernel, template: number, ids: readonly (FieldId | undefined)[]) {
    const k = kernel.wasm;
    this.#uses = ids.map((id) => (id && uses[id]) ?? 'none');
    this.#names = ids.map((id) => id === 'route' || id === 'cluster');
    this.#kernel = kernel;
    this.#first = (k.TEMPLATES.value + template * k.TEMPLATE_SIZE.value + k.HEAD_SIZE.value + k.VALUE_FROM.value) >> 2;
    this.#step = k.KEY_SIZE.value >> 2;
    this.#absent = k.ABSENT.value;
  }

  /** Reads what happened from the values that the kernel has found; false when the line has to be read in full. */
  read(): boolean {
    const { words, bytes } = this.#kernel;
    const known = this.#known;
    known.begin();
    let named = false;
    for (let i = 0, at = this.#first; i < this.#uses.length; i++, at += this.#step) {
      const use = this.#uses[i];
      if (use === 'none') continue;
      const from = words[at] ?? 0;
      const past = words[at + 1] ?? 0;
      const kind = from === this.#absent ? absent : isUnset(bytes, from, past) ? unset : present;
      switch (use) {
        case 'words':
          known.byte(kind);
          if (kind !== absent) known.bytes(bytes, from, past);
          break;
        case 'presence':
          known.byte(kind);
          break;
        case 'digits':
          if (kind === present && Number.isNaN(integer(bytes, from, past))) return false;
          known.byte(kind);
          break;
        case 'agent':
          if (kind === present && mayProbe(bytes, from + 1)) return false;
          break;
        default:
          if (!this.#happened(use, kind, from, past)) return false;
      }
      // Without either the host asked for would be part of the Traits.
      if (kind !== absent && this.#names[i]) named = true;
    }
    return named;
  }

  /** What the line that was read last is counted under; undefined when it is the first of its kind. */
  find(): Alike | undefined {
    return this.#known.find();
  }

  /** The line that was read last is counted under this. */
  learn(alike: Alike): void {
    this.#known.set(alike);
  }

  #happened(use: Use | undefined, kind: number, from: number, past: number): boolean {
    const none = kind === absent ? undefined : null;
    const { bytes } = this.#kernel;
    if (use === 'host') this.host = kind === present ? this.#hostOf(from, past) : none;
    else if (use === 'time') {
      this.time = kind === present ? this.#timeOf(from, past) : none;
      if (kind === present && this.time === undefined) return false;
    } else {
      const number = kind === present ? integer(bytes, from, past) : none;
      if (number !== null && number !== undefined && Number.isNaN(number)) return false;
      if (use === 'duration') this.duration = number;
      else if (use === 'age') this.age = number;
      else this.weight = number;
    }
    return true;
  }

  #hostOf(from: number, past: number): string {
    const { bytes } = this.#kernel;
    const inner = bytes[from] === quote ? 1 : 0;
    this.#hosts.begin();
    this.#hosts.bytes(bytes, from + inner, past - inner);
    const known = this.#hosts.find();
    if (known !== undefined) return known;
    const host = bytes.toString('utf8', from + inner, past - inner);
    this.#hosts.set(host);
    return host;
  }

  /** Milliseconds of a time within the minute seen last are added up here; everything else is timeOf's. */
  #timeOf(from: number, past: number): number | undefined {
    const { bytes } = this.#kernel;
    if (bytes[from] !== quote) return asTime(integer(bytes, from, past));
    if (past - from !== 26) return asTime(bytes.toString('utf8', from + 1, past - 1));
    // `YYYY-MM-DDTHH:MM:SS.mmmZ`
    const at = from + 17;
    const seconds = two(bytes, at + 1);
    const millis = two(bytes, at + 4) * 10 + (bytes[at + 6] ?? 0) - 0x30;
    const plain = bytes[at] === 0x3a && bytes[at + 3] === 0x2e && bytes[at + 7] === 0x5a && digitsAt(bytes, at);
    if (plain && seconds <= 59 && this.#isMinute(from + 1)) return this.#minuteStart + seconds * 1000 + millis;
    const time = asTime(bytes.toString('latin1', from + 1, past - 1));
    if (plain && seconds <= 59 && time !== undefined) {
      this.#minute.set(bytes.subarray(from + 1, from + 17));
      this.#minuteStart = time - seconds * 1000 - millis;
    }
    return time;
  }

  #isMinute(from: number): boolean {
    const { bytes } = this.#kernel;
    for (let i = 15; i >= 0; i--) if (bytes[from + i] !== this.#minute[i]) return false;
    return true;
  }
}

const asTime = (value: unknown): number | undefined => timeOf(value) ?? undefined;

const two = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) - 0x30) * 10 + (bytes[at + 1] ?? 0) - 0x30;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** `:SS.mmm`: the five of it that should be digits are. */
const digitsAt = (b: Uint8Array, at: number): boolean =>
  isDigit(b[at + 1]) && isDigit(b[at + 2]) && isDigit(b[at + 4]) && isDigit(b[at + 5]) && isDigit(b[at + 6]);

/** null, `""` or `"-"`. */
function isUnset(bytes: Uint8Array, from: number, past: number): boolean {
  const first = bytes[from];
  if (first === 0x6e) return true;
  return first === quote && (past - from === 2 || (past - from === 3 && bytes[from + 1] === 0x2d));
}

/** The user agent may be a health checker's: a false alarm only costs time. */
function mayProbe(bytes: Uint8Array, at: number): boolean {
  const four =
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>>
    0;
  return agents.includes(four);
}

/** At most 15 plain digits, quoted or not; NaN for anything else. */
function integer(bytes: Uint8Array, from: number, past: number): number {
  const inner = bytes[from] === quote ? 1 : 0;
  if (past - from - 2 * inner > 15) return Number.NaN;
  let number = 0;
  for (let at = from + inner; at < past - inner; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
