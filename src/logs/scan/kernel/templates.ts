import {
  HEAD_SIZE, KEY_BYTES, KEY_LENGTH, KEY_SIZE, KEY_TAIL, KEY_USE, NO_KEY, SCRATCH, TEMPLATES, TEMPLATE_SERIAL, TEMPLATE_SIZE,
} from './layout';

// A template holds the keys of a format in their order, each as the bytes `"key":`, so that one comparison tells whether the bytes at hand are
// that key: its first 16 bytes, its last 16, and for keys over 32 those between; then three times 16 bytes that are ones where any byte will do.

export let templateCount: u32 = 0;
let serial: u32 = 0;

export function clearTemplates(): void {
  templateCount = 0;
}

/** Starts template `t` anew; templates are numbered without gaps. */
export function beginTemplate(t: u32): void {
  const at = TEMPLATES + <usize>t * TEMPLATE_SIZE;
  memory.fill(at, 0, TEMPLATE_SIZE);
  for (let role: usize = 1; role < 12; role++) store<u32>(at + (role << 2), NO_KEY);
  // What was compared in its old form must not meet what is compared in its new one.
  store<u32>(at, ++serial, TEMPLATE_SERIAL);
  if (t >= templateCount) templateCount = t + 1;
}

/** Adds the key in the scratch space. `role` and `use` are 0 for a value that nobody looks at. */
export function addKey(t: u32, length: u32, role: u32, use: u32): void {
  const at = TEMPLATES + <usize>t * TEMPLATE_SIZE;
  const number = load<u32>(at);
  const key = at + HEAD_SIZE + <usize>number * KEY_SIZE;
  memory.copy(key + KEY_BYTES, SCRATCH, length);
  const part = min<u32>(length, 16);
  const tail = length > 16 ? length - 16 : 0;
  memory.fill(key + 48, 0xff, 48);
  memory.fill(key + 48, 0, part);
  memory.fill(key + 64, 0, part);
  memory.copy(key, SCRATCH, part);
  memory.copy(key + 16, SCRATCH + tail, part);
  if (length > 32) {
    memory.fill(key + 80, 0, 16);
    memory.copy(key + 32, SCRATCH + 16, 16);
  }
  store<u32>(key, length, KEY_LENGTH);
  store<u32>(key, tail, KEY_TAIL);
  if (length > 48) {
    // Three parts do not cover it: two that contradict each other, so that it is never found by them.
    memory.fill(key + 16, 0, 16);
    store<u32>(key, 0, KEY_TAIL);
  }
  store<u32>(key, use, KEY_USE);
  store<u32>(at, number + 1);
  if (role != 0) store<u32>(at + (<usize>role << 2), <u32>key);
}

/** Whether the bytes at p are the key, without a branch. */
// @ts-ignore: decorator
@inline
export function isKey(key: usize, p: usize): bool {
  const first = v128.or(i8x16.eq(v128.load(p), v128.load(key)), v128.load(key, 48));
  const last = v128.or(i8x16.eq(v128.load(p + load<u32>(key, KEY_TAIL)), v128.load(key, 16)), v128.load(key, 64));
  const between = v128.or(i8x16.eq(v128.load(p, 16), v128.load(key, 32)), v128.load(key, 80));
  return i8x16.bitmask(v128.and(v128.and(first, last), between)) == 0xffff;
}

/** The same for keys over 48 bytes. */
export function isLongKey(key: usize, p: usize): bool {
  const length = load<u32>(key, KEY_LENGTH);
  if (length <= 48) return false;
  for (let i: usize = 0; i < 48; i += 16)
    if (i8x16.bitmask(i8x16.eq(v128.load(p + i), v128.load(key + i, KEY_BYTES))) != 0xffff) return false;
  const tail = <usize>length - 16;
  return i8x16.bitmask(i8x16.eq(v128.load(p + tail), v128.load(key + tail, KEY_BYTES))) == 0xffff;
}
