import { BLANKS, BLOCK, SPECIALS } from './layout';

/** One bit a byte for 64 bytes, from four comparisons' results. */
// @ts-ignore: decorator
@inline
function join(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    (<u64>(<u32>i8x16.bitmask(a)) | (<u64>(<u32>i8x16.bitmask(b)) << 16)) |
    ((<u64>(<u32>i8x16.bitmask(c)) << 32) | (<u64>(<u32>i8x16.bitmask(d)) << 48))
  );
}

/** Quotes, backslashes and control bytes: nothing else ends or breaks a JSON string. */
// @ts-ignore: decorator
@inline
function special(v: v128): v128 {
  return v128.or(
    v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
    i8x16.eq(i8x16.max_u(v, i8x16.splat(0x1f)), i8x16.splat(0x1f)),
  );
}

/** Blanks, control bytes, and (being negative) every byte above ASCII. */
// @ts-ignore: decorator
@inline
function blank(v: v128): v128 {
  return i8x16.lt_s(v, i8x16.splat(0x21));
}

/** Fills the bit maps for the block's bytes from `from` to `to`; text lines need the blanks too. */
export function index(from: usize, to: usize, blanks: bool): void {
  for (let p = from & ~63; p < to; p += 64) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    const at = (p - BLOCK) >> 3;
    store<u64>(SPECIALS + at, join(special(a), special(b), special(c), special(d)));
    if (blanks) store<u64>(BLANKS + at, join(blank(a), blank(b), blank(c), blank(d)));
  }
  // A search that starts behind the last newline ends here.
  const past = ((to + 63) & ~63) - BLOCK;
  store<u64>(SPECIALS + (past >> 3), -1);
  store<u64>(BLANKS + (past >> 3), -1);
}

// A map lies so that the bits of address p are at byte p / 8 past one of these: constants that the load instruction adds by itself.
const SPECIALS_OF: usize = SPECIALS - (BLOCK >> 3);
const BLANKS_OF: usize = BLANKS - (BLOCK >> 3);

/** The first quote, backslash or control byte at or after p. */
// @ts-ignore: decorator
@inline
export function nextSpecial(p: usize): usize {
  const word = load<u64>(p >> 3, SPECIALS_OF) >> (p & 7);
  return word != 0 ? p + <usize>ctz(word) : far(SPECIALS_OF, p);
}

/** The first byte at or after p that is a blank, a control byte or above ASCII. */
// @ts-ignore: decorator
@inline
export function nextBlank(p: usize): usize {
  const word = load<u64>(p >> 3, BLANKS_OF) >> (p & 7);
  return word != 0 ? p + <usize>ctz(word) : far(BLANKS_OF, p);
}

/** The same when it is more than 57 bytes away. */
function far(map: usize, p: usize): usize {
  let at = p >> 3;
  let word: u64 = 0;
  do {
    at += 7;
    word = load<u64>(map + at);
  } while (word == 0);
  return (at << 3) + <usize>ctz(word);
}

/** The newline at or after p. */
export function newline(p: usize): usize {
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0x0a)));
    if (found != 0) return p + <usize>ctz(found);
    p += 16;
  }
}
