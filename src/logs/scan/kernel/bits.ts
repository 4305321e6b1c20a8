import { BLANKS, BLOCK, BYTES, PLACES } from './layout';

/** One bit a byte for 64 bytes, from four comparisons' results. */
// @ts-ignore: decorator
@inline
function join(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    (<u64>(<u32>i8x16.bitmask(a)) | (<u64>(<u32>i8x16.bitmask(b)) << 16)) |
    ((<u64>(<u32>i8x16.bitmask(c)) << 32) | (<u64>(<u32>i8x16.bitmask(d)) << 48))
  );
}

/**
 * Quotes, backslashes and control bytes: nothing else ends or breaks a JSON string. 0x82 moves the quote behind the control bytes, and both
 * to the lowest signed numbers.
 */
// @ts-ignore: decorator
@inline
function special(v: v128, flip: v128, past: v128, backslash: v128): v128 {
  return v128.or(i8x16.lt_s(v128.xor(v, flip), past), i8x16.eq(v, backslash));
}

/** Where the next of the block's specials that was not looked at is written down. */
export let cursor: usize = PLACES;
/** How far the block is indexed. */
export let indexed: usize = 0;

// @ts-ignore: decorator
@inline
export function moveTo(place: usize): void {
  cursor = place;
}

/** The block has new bytes. */
export function forget(): void {
  indexed = 0;
}

/** As much as is indexed at once: what is written down of it is still near when it is read. */
const STRIDE: usize = 32 * 1024;

/**
 * Writes down where the specials are from `from` on, in a stride or twice what a longer line had, but not beyond `to`: then where the next value lies is read,
 * and need not wait for the end of the one before it. For text lines the map of blanks too.
 */
export function index(from: usize, to: usize, blanks: bool): void {
  const stride = indexed > from ? max(STRIDE, 2 * (indexed - from)) : STRIDE;
  const end = (min(to, from + stride) + 63) & ~63;
  // From memory, because a constant of 16 bytes is made anew wherever it is used.
  memory.fill(BYTES, 0x82, 16);
  memory.fill(BYTES + 16, 0xa1, 16);
  memory.fill(BYTES + 32, 0x5c, 16);
  memory.fill(BYTES + 48, 0x21, 16);
  const flip = v128.load(BYTES);
  const past = v128.load(BYTES, 16);
  const backslash = v128.load(BYTES, 32);
  const printable = v128.load(BYTES, 48);
  let place = PLACES;
  for (let p = from & ~63; p < end; p += 64) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    let word = join(
      special(a, flip, past, backslash),
      special(b, flip, past, backslash),
      special(c, flip, past, backslash),
      special(d, flip, past, backslash),
    );
    const next = place + (<usize>popcnt(word) << 2);
    // Eight at once, found or not: what is too many is overwritten, and there is no branch to guess wrongly.
    word = write(place, p, word);
    word = write(place + 4, p, word);
    word = write(place + 8, p, word);
    word = write(place + 12, p, word);
    word = write(place + 16, p, word);
    word = write(place + 20, p, word);
    word = write(place + 24, p, word);
    word = write(place + 28, p, word);
    for (place += 32; place < next; place += 4) word = write(place, p, word);
    place = next;
    if (blanks) {
      // Blanks, control bytes, and (being negative) every byte above ASCII.
      const map = join(
        i8x16.lt_s(a, printable),
        i8x16.lt_s(b, printable),
        i8x16.lt_s(c, printable),
        i8x16.lt_s(d, printable),
      );
      store<u64>(BLANKS_OF + (p >> 3), map);
    }
  }
  // Whoever looks for more than is indexed finds `end`, and so that the line is not all there.
  for (let i: usize = 0; i < 16; i++) store<u32>(place + (i << 2), <u32>end);
  store<u64>(BLANKS_OF + (end >> 3), -1);
  indexed = end;
  cursor = PLACES;
  while (load<u32>(cursor) < <u32>from) cursor += 4;
}

// @ts-ignore: decorator
@inline
function write(place: usize, p: usize, word: u64): u64 {
  store<u32>(place, <u32>p + <u32>ctz(word));
  return word & (word - 1);
}

// The map lies so that the bits of address p are at byte p / 8 past this: a constant that the load instruction adds by itself.
const BLANKS_OF: usize = BLANKS - (BLOCK >> 3);

/** The first byte at or after p that is a blank, a control byte or above ASCII. */
// @ts-ignore: decorator
@inline
export function nextBlank(p: usize): usize {
  const word = load<u64>(p >> 3, BLANKS_OF) >> (p & 7);
  return word != 0 ? p + <usize>ctz(word) : far(BLANKS_OF, p);
}

/** The same for a run that is often just as long as one look reaches, which no branch could guess. */
// @ts-ignore: decorator
@inline
export function nextBlankOf(p: usize): usize {
  const word = load<u64>(p >> 3, BLANKS_OF) >> (p & 7);
  const more = load<u64>(p >> 3, BLANKS_OF + 7);
  if (more == 0) return nextBlank(p);
  return select<usize>(p + <usize>ctz(word), ((p >> 3) << 3) + 56 + <usize>ctz(more), word != 0);
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

/** Moves past the newline at the cursor, and says where the next line begins. */
// @ts-ignore: decorator
@inline
export function pastLine(): usize {
  const newline = <usize>load<u32>(cursor);
  cursor += 4;
  return newline + 1;
}

/** Moves past the first newline among the specials that were not looked at, and says where it is; 0 when what is indexed ends before it. */
export function newline(): usize {
  while (true) {
    const p = <usize>load<u32>(cursor);
    if (p >= indexed) return 0;
    cursor += 4;
    if (load<u8>(p) == 0x0a) return p;
  }
}
