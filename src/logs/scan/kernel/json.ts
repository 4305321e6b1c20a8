import { compare, notCompared } from './alike';
import { cursor, moveTo } from './bits';
import { NONE, count, probes } from './count';
import { leading, nibbles, pastDigits, value } from './digits';
import {
  ABSENT, AGENT, ATTEMPTS, DONE, DURATION, FLAGS, GRPC, HEAD_SIZE, KEY_LENGTH, KEY_SIZE, LOG_TYPE, NEW_SHAPE, NO_KEY,
  ROUTE, SLOW, STATUS, TEMPLATES, TEMPLATE_SIZE, TIME, WEIGHT,
} from './layout';
import { isKey, isLongKey, templateCount } from './templates';
import { NULL, from, integer, lengthOf, says, unset } from './values';

const TRUE: u32 = 0x65757274;
const ALSE: u32 = 0x65736c61;

/** The template whose shape the last line has, its values in the keys' entries; -1 when it has none. */
export let matched: i32 = -1;
let recent: u32 = 0;

export function clearJson(): void {
  recent = 0;
  store<u32>(ABSENT, NULL);
  setAbsent(NO_KEY);
}

/** The last line was no JSON. */
// @ts-ignore: decorator
@inline
export function noShape(): void {
  matched = -1;
}

/** Counts the JSON line at p, the caller's `line`th, if it is a flat object in the shape of a template and its request is plain or known. */
export function json(p: usize, line: u32): i32 {
  matched = -1;
  notCompared();
  if (templateCount == 0) return NEW_SHAPE;
  const first = recent < templateCount ? recent : 0;
  let result = shaped(p, first);
  for (let t: u32 = 0; result == NEW_SHAPE && t < templateCount; t++) {
    if (t == first) continue;
    recent = t;
    result = shaped(p, t);
  }
  if (result != DONE) return result;
  const template = TEMPLATES + <usize>matched * TEMPLATE_SIZE;
  result = plain(template);
  if (result != SLOW) return result;
  const name = keyOf(template, ROUTE);
  const quoted = load<u8>(from(name)) == 0x22;
  const at = quoted ? from(name) + 1 : load<u32>(from(name)) == NULL ? from(name) : 0;
  return compare(template, p, <usize>load<u32>(cursor), line, false, at, quoted ? lengthOf(name) - 2 : 0);
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
  // The places of the next key's quotes, and then of its value's or of what follows that.
  let place = cursor;
  while (true) {
    p++;
    // What nearly every key and value is, so that nothing is jumped over: a jump costs as much as ten other instructions.
    while (key < end) {
      if (isKey(key, p)) {
        const start = p + load<u32>(key, KEY_LENGTH);
        const c = load<u8>(start);
        if (c == 0x22) {
          const past = <usize>load<u32>(place, 12);
          if (load<u16>(past) == 0x2c22) {
            says(key, start, past + 1);
            p = past + 2;
            place += 16;
            key += KEY_SIZE;
            continue;
          }
        } else {
          const past = <usize>load<u32>(place, 8) - 1;
          if (isShortWord(start, past, c) & <u32>(load<u8>(past) == 0x2c)) {
            says(key, start, past);
            p = past + 1;
            place += 8;
            key += KEY_SIZE;
            continue;
          }
        }
      }
      break;
    }
    if (key >= end) return NEW_SHAPE;
    while (!isKey(key, p) && !isLongKey(key, p)) {
      // A line may lack this key: formats that omit empty values do.
      setAbsent(key);
      key += KEY_SIZE;
      if (key >= end) return NEW_SHAPE;
    }
    const start = p + load<u32>(key, KEY_LENGTH);
    if (load<u8>(start) == 0x22) {
      p = <usize>load<u32>(place, 12);
      if (load<u8>(p) != 0x22) return SLOW;
      p++;
      place += 16;
    } else {
      // The next key begins there, or the line ends.
      p = <usize>load<u32>(place, 8) - 1;
      if (!isWord(start, p)) return SLOW;
      place += 8;
    }
    says(key, start, p);
    key += KEY_SIZE;
    const separator = load<u8>(p);
    if (separator == 0x2c) {
      if (key < end) continue;
      return NEW_SHAPE;
    }
    if (separator != 0x7d) return SLOW;
    while (key < end) {
      setAbsent(key);
      key += KEY_SIZE;
    }
    p++;
    if (load<u8>(p) == 0x0d) {
      p++;
      place += 4;
    }
    // What is written down may end before the newline, just behind the last quote.
    if (load<u8>(p) != 0x0a || load<u32>(place) != <u32>p) return SLOW;
    matched = <i32>number;
    moveTo(place);
    return DONE;
  }
  return SLOW;
}

/** A plain integer of up to 8 digits, or null; `c` is the first byte. */
// @ts-ignore: decorator
@inline
function isShortWord(start: usize, past: usize, c: u32): u32 {
  const length = <u32>(past - start);
  return leading(nibbles(start)) >= length
    ? (<u32>(c != 0x30) | <u32>(length == 1)) & <u32>(length != 0)
    : <u32>(load<u32>(start) == NULL) & <u32>(length == 4);
}

/** Whether the bytes are a number, null, true or false as JSON has them; of numbers the plain integers. */
// @ts-ignore: decorator
@inline
function isWord(start: usize, past: usize): bool {
  const length = past - start;
  const c = load<u8>(start);
  if (<u32>c - 0x30 <= 9) {
    if (c == 0x30 && length != 1) return false;
    return length <= 8 ? leading(nibbles(start)) >= <u32>length : pastDigits(start) == past;
  }
  const word = load<u32>(start);
  return length == 4 ? word == NULL || word == TRUE : length == 5 && c == 0x66 && load<u32>(start, 1) == ALSE;
}

// @ts-ignore: decorator
@inline
function setAbsent(key: usize): void {
  says(key, ABSENT, ABSENT + 4);
}

// @ts-ignore: decorator
@inline
function keyOf(template: usize, role: u32): usize {
  return <usize>load<u32>(template + (<usize>role << 2));
}

/** `"OK"`, `"Ok"`, `"0"` or 0. */
function isOk(key: usize): bool {
  const word = load<u32>(from(key));
  const length = lengthOf(key);
  return length == 4
    ? word == 0x224b4f22 || word == 0x226b4f22
    : (length == 3 && (word & 0xffffff) == 0x223022) || (length == 1 && (word & 0xff) == 0x30);
}

/** Whether the request is done: `"NotSet"`, or a type that ends in `End`. */
function isFinal(key: usize): bool {
  const at = from(key);
  const length = lengthOf(key);
  return (
    load<u8>(at) == 0x22 &&
    ((length >= 5 && load<u32>(at + length - 4) == 0x22646e45) || (length == 8 && load<u64>(at) == 0x22746553746f4e22))
  );
}

/** Counts the line whose values were found when signature.ts's isPlain would say so of it. */
function plain(template: usize): i32 {
  const status = integer(keyOf(template, STATUS));
  // 100..399: three digits, the first of them 1, 2 or 3.
  if (status >> 32 != 3 || <u32>load<u8>(<usize>(status & 0xffffffff)) - 0x31 > 2) return SLOW;
  if (!unset(keyOf(template, FLAGS))) return SLOW;
  const attempts = keyOf(template, ATTEMPTS);
  if (!unset(attempts)) {
    const digits = integer(attempts);
    if (digits >> 32 != 1 || load<u8>(<usize>(digits & 0xffffffff)) > 0x31) return SLOW;
  }
  const grpc = keyOf(template, GRPC);
  if (!unset(grpc) && !isOk(grpc)) return SLOW;
  const type = keyOf(template, LOG_TYPE);
  if (!unset(type) && !isFinal(type)) return SLOW;
  if (probes(from(keyOf(template, AGENT)) + 1)) return SLOW;

  let duration: u32 = NONE;
  const took = keyOf(template, DURATION);
  if (!unset(took)) {
    const digits = integer(took);
    if (digits == 0) return SLOW;
    duration = value(nibbles(<usize>(digits & 0xffffffff)), <u32>(digits >> 32));
  }

  let weight: u32 = 1;
  const stands = keyOf(template, WEIGHT);
  if (!unset(stands)) {
    // Up to 100, so that a counter holds 40 million such lines. Fractions are the caller's.
    const digits = integer(stands);
    if (digits == 0) return SLOW;
    weight = value(nibbles(<usize>(digits & 0xffffffff)), <u32>(digits >> 32));
    if (weight - 1 > 99) return SLOW;
  }

  let time: usize = 0;
  const started = keyOf(template, TIME);
  if (!unset(started)) {
    time = from(started) + 1;
    if (load<u8>(time - 1) != 0x22 || lengthOf(started) != 26) return SLOW;
  }

  const name = keyOf(template, ROUTE);
  const at = from(name);
  if (load<u8>(at) == 0x22) return count(at + 1, lengthOf(name) - 2, time, duration, weight);
  return load<u32>(at) == NULL ? count(at, 0, time, duration, weight) : SLOW;
}
