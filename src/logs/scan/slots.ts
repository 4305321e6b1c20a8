import type { FieldId } from '../../envoy/fields.ts';
import { fieldValue } from '../read/value.ts';
import type { AccessRecord } from '../record.ts';
import type { Kernel } from './kernel.ts';

const quote = 0x22;

/** The fields of a shape's keys, in their order. */
export class ShapeFields {
  readonly #ids: readonly (FieldId | undefined)[];
  readonly #blank: Partial<Record<FieldId, unknown>>;

  constructor(ids: readonly (FieldId | undefined)[]) {
    this.#ids = ids;
    // Copies of a parsed object keep its hidden class; one that is filled key by key becomes a dictionary, many times slower.
    this.#blank = JSON.parse(`{${ids.flatMap((id) => (id ? [`"${id}":null`] : [])).join(',')}}`);
  }

  /**
   * The record of the line whose values the kernel has found, the same as recordOf gives for it: the line is a flat object without
   * escapes, and each field has one key. Undefined when it is none, or has a status or time that can't be read: parsing says what is wrong.
   */
  record(kernel: Kernel): AccessRecord | undefined {
    const { words, wasm, bytes } = kernel;
    const absent = wasm.ABSENT.value;
    const record = { ...this.#blank };
    let at = this.#firstValue(wasm);
    const next = wasm.KEY_SIZE.value >> 2;
    for (const id of this.#ids) {
      const from = words[at] ?? 0;
      const past = words[at + 1] ?? 0;
      at += next;
      if (id === undefined) continue;
      const value = from === absent ? undefined : fieldValue(id, jsonValue(bytes, from, past));
      if (value !== undefined) record[id] = value;
      else if (from !== absent && (id === 'status' || id === 'time')) return undefined;
      else delete record[id];
    }
    return record.status === undefined && record.flags === undefined ? undefined : (record as AccessRecord);
  }

  /** Where the matched template's first value is said, as the number of a 32-bit word. */
  #firstValue(k: Kernel['wasm']): number {
    const template = k.TEMPLATES.value + k.matched.value * k.TEMPLATE_SIZE.value;
    return (template + k.HEAD_SIZE.value + k.VALUE_FROM.value) >> 2;
  }
}

/** A string without escapes, an integer, null, true or false. */
function jsonValue(bytes: Buffer, from: number, past: number): unknown {
  const first = bytes[from] ?? 0;
  if (first === quote) return bytes.toString('utf8', from + 1, past - 1);
  if (first > 0x39) return first === 0x6e ? null : first === 0x74;
  if (past - from > 15) return Number(bytes.toString('latin1', from, past));
  let number = 0;
  for (let at = from; at < past; at++) number = number * 10 + (bytes[at] ?? 0) - 0x30;
  return number;
}
