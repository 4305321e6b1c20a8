import type { FieldId } from '../../envoy/fields.ts';
import { fieldValue } from '../read/value.ts';
import type { AccessRecord } from '../record.ts';
import type { Kernel } from './kernel.ts';

const quote = 0x22;

/** Fields whose values live on in signatures. What is cut out of a line would keep all of that line in memory, so these are copied, once. */
const kept: ReadonlySet<FieldId | undefined> = new Set<FieldId>([
  'route',
  'cluster',
  'upstreamHost',
  'flags',
  'details',
  'transportFailure',
  'authority',
]);
const maxNames = 10_000;

/** The fields of a shape's keys, in their order, and the records of lines of that shape. */
export class ShapeFields {
  readonly #ids: readonly (FieldId | undefined)[];
  readonly #blank: Partial<Record<FieldId, unknown>>;
  readonly #names = new Map<string, string>();

  constructor(ids: readonly (FieldId | undefined)[]) {
    this.#ids = ids;
    // Copies of a parsed object keep its hidden class; one that is filled key by key becomes a dictionary, many times slower.
    this.#blank = JSON.parse(`{${ids.flatMap((id) => (id ? [`"${id}":null`] : [])).join(',')}}`);
  }

  /**
   * The record of the line at `start`, whose values the kernel has found: the same as recordOf gives for it, because the line is a flat
   * object without escapes, and each field has one key. Undefined when it is none, or has a status or time that can't be read: parsing
   * says what is wrong.
   */
  record(kernel: Kernel, text: string, start: number, end: number): AccessRecord | undefined {
    const { words, wasm, bytes } = kernel;
    const absent = wasm.ABSENT.value;
    // No byte sequence becomes more characters than it has bytes: as many as bytes means that each byte is one.
    const aligned = text.length === end - start;
    const record = { ...this.#blank };
    let at = this.#firstValue(wasm);
    const next = wasm.KEY_SIZE.value >> 2;
    for (const id of this.#ids) {
      const from = words[at] ?? 0;
      const past = words[at + 1] ?? 0;
      at += next;
      if (id === undefined) continue;
      let value: unknown;
      if (from === absent) value = undefined;
      else if (bytes[from] !== quote) value = fieldValue(id, bare(bytes, from, past));
      else if (!aligned) value = fieldValue(id, bytes.toString('utf8', from + 1, past - 1));
      else {
        const cut = text.slice(from + 1 - start, past - 1 - start);
        value = fieldValue(id, kept.has(id) ? this.#copied(cut, bytes, from + 1, past - 1) : cut);
      }
      if (value !== undefined) record[id] = value;
      else if (from !== absent && (id === 'status' || id === 'time')) return undefined;
      else delete record[id];
    }
    return record.status === undefined && record.flags === undefined ? undefined : (record as AccessRecord);
  }

  /** The same string, not a part of a longer one: read anew from its bytes. */
  #copied(cut: string, bytes: Buffer, from: number, past: number): string {
    const known = this.#names.get(cut);
    if (known !== undefined) return known;
    const copy = bytes.toString('utf8', from, past);
    if (this.#names.size < maxNames) this.#names.set(copy, copy);
    return copy;
  }

  /** Where the matched template's first value is said, as the number of a 32-bit word. */
  #firstValue(k: Kernel['wasm']): number {
    const template = k.TEMPLATES.value + k.matched.value * k.TEMPLATE_SIZE.value;
    return (template + k.HEAD_SIZE.value + k.VALUE_FROM.value) >> 2;
  }
}

/** An integer, null, true or false. */
function bare(bytes: Buffer, from: number, past: number): number | boolean | null {
  const first = bytes[from] ?? 0;
  if (first > 0x39) return first === 0x6e ? null : first === 0x74;
  if (past - from > 15) return Number(bytes.toString('latin1', from, past));
  let number = 0;
  for (let at = from; at < past; at++) number = number * 10 + (bytes[at] ?? 0) - 0x30;
  return number;
}
