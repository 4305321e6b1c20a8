import { nextSpecial } from './bits';
import { NONE, count, probes } from './count';
import { leading, nibbles, pastDigits, value } from './digits';
import {
  ABSENT, AGENT, ATTEMPTS, DONE, DURATION, FLAGS, GRPC, HEAD_SIZE, KEY_SIZE, LOG_TYPE, MAX_KEYS, NEW_SHAPE, ROUTE, SLOTS, SLOW,
  STATUS, TEMPLATES, TEMPLATE_SIZE, TIME,
} from './layout';
import { isKey, templateCount } from './templates';

const NULL: u32 = 0x6c6c756e;
const TRUE: u32 = 0x65757274;
const ALSE: u32 = 0x65736c61;

/** How far the last line was understood: after its newline when it was counted, else somewhere in it. */
export let jsonEnd: usize = 0;
/** The template whose shape the last line has, its values in the slots; -1 when it has none. */
export let matched: i32 = -1;
let recent: u32 = 0;

export function clearJson(): void {
  recent = 0;
  store<u32>(ABSENT, NULL);
  // The slot of every role that a template has no key for.
  store<u64>(SLOTS + (<usize>MAX_KEYS << 3), absent);
}

/** Stops at p: the rest of the line is the caller's. */
// @ts-ignore: decorator
@inline
function stop(p: usize, why: i32): i32 {
  jsonEnd = p;
  return why;
}

/** The last line was no JSON. */
// @ts-ignore: decorator
@inline
export function noShape(): void {
  matched = -1;
}

/** Counts the JSON line at p if it is a flat object in the shape of a template and its request is plain. */
export function json(p: usize): i32 {
  matched = -1;
  if (templateCount == 0) return stop(p, NEW_SHAPE);
  const first = recent < templateCount ? recent : 0;
  let result = shaped(p, first);
  for (let t: u32 = 0; result == NEW_SHAPE && t < templateCount; t++) {
    if (t == first) continue;
    recent = t;
    result = shaped(p, t);
  }
  return result;
}

/**
 * The line against one template: its keys must come in the template's order, some may be missing. Every byte is looked at, so that what is
 * accepted is valid JSON: no backslash or control byte is in it, every string ends where the next comma or brace is, numbers are plain
 * integers. What else JSON allows is left to JSON.parse.
 */
function shaped(p: usize, number: u32): i32 {
  const template = TEMPLATES + <usize>number * TEMPLATE_SIZE;
  let key = template + HEAD_SIZE;
  const end = key + <usize>load<u32>(template) * KEY_SIZE;
  let slot: usize = SLOTS;
  while (true) {
    p++;
    let length = load<u32>(key, 96);
    while (!isKey(key, length, p)) {
      // A line may lack this key: formats that omit empty values do.
      store<u64>(slot, absent);
      slot += 8;
      key += KEY_SIZE;
      if (key >= end) return stop(p, NEW_SHAPE);
      length = load<u32>(key, 96);
    }
    p += length;
    const from = p;
    const c = load<u8>(p);
    if (c == 0x22) {
      p = nextSpecial(p + 1);
      if (load<u8>(p) != 0x22) return stop(p, SLOW);
      p++;
    } else if (<u32>c - 0x30 <= 9) {
      p = pastDigits(p);
      if (c == 0x30 && p != from + 1) return stop(p, SLOW);
    } else {
      const word = load<u32>(p);
      if (word == NULL || word == TRUE) p += 4;
      else if (c == 0x66 && load<u32>(p, 1) == ALSE) p += 5;
      else return stop(p, SLOW);
    }
    store<u64>(slot, <u64>from | (<u64>p << 32));
    slot += 8;
    key += KEY_SIZE;
    const separator = load<u8>(p);
    if (separator == 0x2c) {
      if (key < end) continue;
      return stop(p, NEW_SHAPE);
    }
    if (separator != 0x7d) return stop(p, SLOW);
    while (key < end) {
      store<u64>(slot, absent);
      slot += 8;
      key += KEY_SIZE;
    }
    p++;
    if (load<u8>(p) == 0x0d) p++;
    if (load<u8>(p) != 0x0a) return stop(p, SLOW);
    matched = <i32>number;
    const result = plain(template);
    return stop(result == DONE ? p + 1 : p, result);
  }
}

const absent: u64 = <u64>ABSENT | (<u64>(ABSENT + 4) << 32);

// @ts-ignore: decorator
@inline
function slotOf(template: usize, role: u32): u64 {
  return load<u64>(SLOTS + (<usize>load<u32>(template + (<usize>role << 2)) << 3));
}

/** The digits of a number, quoted or not, as position and count: 0 when it is anything else or longer than 8 digits. */
// @ts-ignore: decorator
@inline
function integer(slot: u64): u64 {
  let from = <usize>(slot & 0xffffffff);
  let length = <u32>(slot >> 32) - <u32>from;
  if (load<u8>(from) == 0x22) {
    from++;
    length -= 2;
  }
  return length - 1 < 8 && leading(nibbles(from)) >= length ? <u64>from | (<u64>length << 32) : 0;
}

/** Nothing was logged: null, `""` or `"-"`. */
// @ts-ignore: decorator
@inline
function unset(slot: u64): bool {
  const word = load<u32>(<usize>(slot & 0xffffffff));
  const length = <u32>(slot >> 32) - <u32>slot;
  return word == NULL || (length == 2 && (word & 0xffff) == 0x2222) || (length == 3 && (word & 0xffffff) == 0x222d22);
}

/** `"OK"`, `"Ok"`, `"0"` or 0. */
// @ts-ignore: decorator
@inline
function isOk(slot: u64): bool {
  const word = load<u32>(<usize>(slot & 0xffffffff));
  const length = <u32>(slot >> 32) - <u32>slot;
  return length == 4
    ? word == 0x224b4f22 || word == 0x226b4f22
    : (length == 3 && (word & 0xffffff) == 0x223022) || (length == 1 && (word & 0xff) == 0x30);
}

/** Whether the request is done: `"NotSet"`, or a type that ends in `End`. */
function isFinal(slot: u64): bool {
  const from = <usize>(slot & 0xffffffff);
  const past = <usize>(slot >> 32);
  const length = past - from;
  return (
    load<u8>(from) == 0x22 &&
    ((length >= 5 && load<u32>(past - 4) == 0x22646e45) || (length == 8 && load<u64>(from) == 0x22746553746f4e22))
  );
}

/** Counts the line whose values are in the slots when signature.ts's isPlain would say so of it. */
function plain(template: usize): i32 {
  const status = integer(slotOf(template, STATUS));
  // 100..399: three digits, the first of them 1, 2 or 3.
  if (status >> 32 != 3 || <u32>load<u8>(<usize>(status & 0xffffffff)) - 0x31 > 2) return SLOW;
  if (!unset(slotOf(template, FLAGS))) return SLOW;
  const attempts = slotOf(template, ATTEMPTS);
  if (!unset(attempts)) {
    const digits = integer(attempts);
    if (digits >> 32 != 1 || load<u8>(<usize>(digits & 0xffffffff)) > 0x31) return SLOW;
  }
  const grpc = slotOf(template, GRPC);
  if (!unset(grpc) && !isOk(grpc)) return SLOW;
  const type = slotOf(template, LOG_TYPE);
  if (!unset(type) && !isFinal(type)) return SLOW;
  if (probes(<usize>(slotOf(template, AGENT) & 0xffffffff) + 1)) return SLOW;

  let duration: u32 = NONE;
  const took = slotOf(template, DURATION);
  if (!unset(took)) {
    const digits = integer(took);
    if (digits == 0) return SLOW;
    duration = value(nibbles(<usize>(digits & 0xffffffff)), <u32>(digits >> 32));
  }

  let time: usize = 0;
  const started = slotOf(template, TIME);
  if (!unset(started)) {
    time = <usize>(started & 0xffffffff) + 1;
    if (load<u8>(time - 1) != 0x22 || <u32>(started >> 32) - <u32>time != 25) return SLOW;
  }

  const name = slotOf(template, ROUTE);
  const from = <usize>(name & 0xffffffff);
  if (load<u8>(from) == 0x22) return count(from + 1, <u32>(name >> 32) - <u32>from - 2, time, duration);
  return load<u32>(from) == NULL ? count(from, 0, time, duration) : SLOW;
}
