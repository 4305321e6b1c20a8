import { leading, nibbles, value } from './digits';
import { MAX_MINUTES, MINUTES, MINUTE_SIZE, MINUTE_SLOTS } from './layout';

/**
 * Minutes by the 16 bytes that name them (`2026-11-23T10:00`), because equal bytes are the same minute whatever the calendar says. Only the
 * caller adds one; it also knows which lie inside the asked window. An entry: name, requests, first and last millisecond, kind, when it begins.
 */
export const INSIDE: u32 = 1;
export const OUTSIDE: u32 = 2;
/** The window begins or ends within it. */
export const CUT: u32 = 3;

let minuteCount: u32 = 0;
let recent: usize = MINUTES;

// @ts-ignore: decorator
@inline
function slotOf(name: usize): u32 {
  // The bytes that change: the last digits of the day, the hour and the minute.
  const h = (load<u64>(name, 8) ^ (load<u64>(name) * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd;
  return <u32>(h >> 40) & (MINUTE_SLOTS - 1);
}

/** The entry of the minute a 24-byte time names, or 0. */
// @ts-ignore: decorator
@inline
export function minuteOf(time: usize): usize {
  const name = v128.load(time);
  if (!v128.any_true(v128.xor(name, v128.load(recent)))) return recent;
  return find(time);
}

function find(time: usize): usize {
  const name = v128.load(time);
  let slot = slotOf(time);
  while (true) {
    const entry = MINUTES + <usize>slot * MINUTE_SIZE;
    if (load<u32>(entry, 28) == 0) return 0;
    if (!v128.any_true(v128.xor(name, v128.load(entry)))) {
      recent = entry;
      return entry;
    }
    slot = (slot + 1) & (MINUTE_SLOTS - 1);
  }
}

/** Adds the minute that begins at `start`. False when the table is full: the caller takes the counts and clears it. */
export function addMinute(time: usize, kind: u32, start: f64): bool {
  if (minuteCount >= MAX_MINUTES) return false;
  if (find(time) != 0) return true;
  let slot = slotOf(time);
  while (load<u32>(MINUTES + <usize>slot * MINUTE_SIZE, 28) != 0) slot = (slot + 1) & (MINUTE_SLOTS - 1);
  const entry = MINUTES + <usize>slot * MINUTE_SIZE;
  v128.store(entry, v128.load(time));
  store<u32>(entry, 0, 16);
  store<u32>(entry, 0xffffffff, 20);
  store<u32>(entry, 0, 24);
  store<u32>(entry, kind, 28);
  store<f64>(entry, start, 32);
  minuteCount++;
  return true;
}

export function clearMinutes(): void {
  if (minuteCount > 0) memory.fill(MINUTES, 0, MINUTE_SIZE * <usize>MINUTE_SLOTS);
  minuteCount = 0;
}

// @ts-ignore: decorator
@inline
export function kindOf(entry: usize): u32 {
  return load<u32>(entry, 28);
}

/** When it begins, in milliseconds since 1970. */
// @ts-ignore: decorator
@inline
export function startOf(entry: usize): f64 {
  return load<f64>(entry, 32);
}

/** Milliseconds of `:SS.mmmZ`, the last 8 bytes of a time; above 59,999 when they are anything else. */
// @ts-ignore: decorator
@inline
export function millisOf(time: usize): u32 {
  const eight = nibbles(time + 16);
  // `:`, `.` and `Z` xor `0`; the digits between them in one number of five.
  if ((eight & 0xff000000ff0000ff) != 0x6a0000001e00000a) return 0xffffffff;
  const packed = ((eight >> 8) & 0xffff) | ((eight >> 16) & 0xffffff0000);
  return leading(packed) < 5 ? 0xffffffff : value(packed, 5);
}

// @ts-ignore: decorator
@inline
export function countMinute(entry: usize, millis: u32, weight: u32): void {
  store<u32>(entry, load<u32>(entry, 16) + weight, 16);
  store<u32>(entry, min<u32>(load<u32>(entry, 20), millis), 20);
  store<u32>(entry, max<u32>(load<u32>(entry, 24), millis), 24);
}
