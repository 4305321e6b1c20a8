import { leading, nibbles } from './digits';
import { VALUE_FROM, VALUE_PAST } from './layout';

// A key's value in the line at hand, as its template's entry has it.

export const NULL: u32 = 0x6c6c756e;

// @ts-ignore: decorator
@inline
export function says(key: usize, from: usize, past: usize): void {
  store<u32>(key, <u32>from, VALUE_FROM);
  store<u32>(key, <u32>past, VALUE_PAST);
}

// @ts-ignore: decorator
@inline
export function from(key: usize): usize {
  return <usize>load<u32>(key, VALUE_FROM);
}

// @ts-ignore: decorator
@inline
export function lengthOf(key: usize): u32 {
  return load<u32>(key, VALUE_PAST) - load<u32>(key, VALUE_FROM);
}

/** The digits of a number, quoted or not, as position and count: 0 when it is anything else or longer than 8 digits. */
// @ts-ignore: decorator
@inline
export function integer(key: usize): u64 {
  let at = from(key);
  let length = lengthOf(key);
  if (load<u8>(at) == 0x22) {
    at++;
    length -= 2;
  }
  return length - 1 < 8 && leading(nibbles(at)) >= length ? <u64>at | (<u64>length << 32) : 0;
}

/** Nothing was logged: null, `""` or `"-"`. */
// @ts-ignore: decorator
@inline
export function unset(key: usize): bool {
  const word = load<u32>(from(key));
  const length = lengthOf(key);
  return word == NULL || (length == 2 && (word & 0xffff) == 0x2222) || (length == 3 && (word & 0xffffff) == 0x222d22);
}
