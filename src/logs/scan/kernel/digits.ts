/** Eight bytes, each 0..9 where it was a digit. */
// @ts-ignore: decorator
@inline
export function nibbles(p: usize): u64 {
  return load<u64>(p) ^ 0x3030303030303030;
}

/** How many of the eight bytes are digits before the first that is none. Bytes above that one may be judged wrongly; nobody looks. */
// @ts-ignore: decorator
@inline
export function leading(eight: u64): u32 {
  const none = ((eight + 0x7676767676767676) | eight) & 0x8080808080808080;
  return <u32>(ctz(none) >> 3);
}

/** The number in the first `count` (1..8) of eight digits. */
// @ts-ignore: decorator
@inline
export function value(eight: u64, count: u32): u32 {
  let n = eight << <u64>((8 - count) << 3);
  n = (n * 2561) >> 8 & 0x00ff00ff00ff00ff;
  n = (n * 6553601) >> 16 & 0x0000ffff0000ffff;
  return <u32>((n * 42949672960001) >> 32);
}

/** Past the last digit of a run that starts at p. */
export function pastDigits(p: usize): usize {
  while (true) {
    const count = leading(nibbles(p));
    p += count;
    if (count < 8) return p;
  }
}
