import {
  HEAD_SIZE, KEY_LENGTH, KEY_SIZE, KEY_USE, NO_KEY, SCRATCH, TEMPLATES, TEMPLATE_SERIAL, TEMPLATE_SIZE,
} from './layout';

// A template holds the keys of a format in their order, each as the bytes `"key":`, so that one or two comparisons tell whether the bytes at
// hand are that key: the first 16 bytes and their mask, the last 16 and theirs, the bytes between (for keys over 32), the length.

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
  const first = min<u32>(length, 16);
  memory.copy(key, SCRATCH, first);
  memory.fill(key + 16, 0xff, first);
  if (length >= 16) {
    memory.copy(key + 32, SCRATCH + length - 16, 16);
    memory.fill(key + 48, 0xff, 16);
  }
  memory.copy(key + 64, SCRATCH + 16, 32);
  store<u32>(key, length, KEY_LENGTH);
  store<u32>(key, use, KEY_USE);
  store<u32>(at, number + 1);
  if (role != 0) store<u32>(at + (<usize>role << 2), <u32>key);
}

/** Whether the bytes at p are the key. */
// @ts-ignore: decorator
@inline
export function isKey(key: usize, length: u32, p: usize): bool {
  const difference = v128.or(
    v128.and(v128.xor(v128.load(p), v128.load(key)), v128.load(key, 16)),
    v128.and(v128.xor(v128.load(p + length - 16), v128.load(key, 32)), v128.load(key, 48)),
  );
  if (v128.any_true(difference)) return false;
  if (length <= 32) return true;
  if (v128.any_true(v128.xor(v128.load(p, 16), v128.load(key, 64)))) return false;
  return length <= 48 || !v128.any_true(v128.xor(v128.load(p, 32), v128.load(key, 80)));
}
