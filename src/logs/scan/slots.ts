import type { FieldId } from '../../envoy/fields.ts';
import { fieldValue } from '../read/value.ts';
import type { AccessRecord } from '../record.ts';
import type { Kernel } from './kernel.ts';

const quote = 0x22;

/**
 * The record of the line whose values the kernel has found, the same as recordOf gives for it: the line is a flat object without escapes,
 * and each field has one key. Undefined when it is none, or has a status or time that can't be read: parsing says what is wrong.
 */
export function recordFrom(kernel: Kernel, fields: readonly (FieldId | undefined)[]): AccessRecord | undefined {
  const { words, wasm } = kernel;
  const absent = wasm.ABSENT.value;
  const record: Partial<Record<FieldId, unknown>> = {};
  let slot = wasm.SLOTS.value >> 2;
  for (const id of fields) {
    const from = words[slot] ?? 0;
    const past = words[slot + 1] ?? 0;
    slot += 2;
    if (id === undefined || from === absent) continue;
    const value = fieldValue(id, jsonValue(kernel.bytes, from, past));
    if (value !== undefined) record[id] = value;
    else if (id === 'status' || id === 'time') return undefined;
  }
  return record.status === undefined && record.flags === undefined ? undefined : (record as AccessRecord);
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
