import { ENTRY_SIZE, HEAP, MASKS, SLOT_SIZE } from './layout';

// Tables of byte strings. A slot holds an entry's address and its name's hash; an entry lies on the heap and has what is known of the name, its
// length first, and then the name itself, so that both are near each other. A table has twice as many slots as entries, a power of two.

let heap: usize = HEAP;

export function clearHeap(): void {
  heap = HEAP;
  memory.fill(MASKS, 0xff, 16);
  memory.fill(MASKS + 16, 0, 16);
}

/** How far the memory must reach before `bytes` are taken. */
export function reachOf(bytes: usize): usize {
  return heap + bytes + 64;
}

/** Takes bytes of the heap; the caller has grown the memory. */
export function take(bytes: usize): usize {
  const at = heap;
  heap += (bytes + 63) & ~63;
  return at;
}

/** The first `bytes` (0..15) of the 16 at p, the rest zero. */
// @ts-ignore: decorator
@inline
function rest(p: usize, bytes: u32): v128 {
  return v128.and(v128.load(p), v128.load(MASKS + 16 - bytes));
}

/** Two lanes of 8 bytes, so that their multiplications overlap. */
// @ts-ignore: decorator
@inline
export function hash(p: usize, length: u32): u32 {
  let a: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let b: u64 = 0xc4ceb9fe1a85ec53;
  let left = length;
  while (left >= 16) {
    a = (a ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    b = (b ^ load<u64>(p, 8)) * 0x9fb21c651e98df25;
    p += 16;
    left -= 16;
  }
  const last = rest(p, left);
  a = (a ^ i64x2.extract_lane(last, 0)) * 0xff51afd7ed558ccd;
  b = (b ^ i64x2.extract_lane(last, 1)) * 0x9fb21c651e98df25;
  a = (a ^ (a >> 32) ^ (b >> 17)) * 0xc4ceb9fe1a85ec53;
  return <u32>(a >> 32) ^ <u32>(b >> 32);
}

// @ts-ignore: decorator
@inline
function same(a: usize, b: usize, length: u32): bool {
  let difference = v128.xor(rest(a + (length & ~15), length & 15), rest(b + (length & ~15), length & 15));
  while (length >= 16) {
    length -= 16;
    difference = v128.or(difference, v128.xor(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  return !v128.any_true(difference);
}

/** The entry of a name, or 0. */
// @ts-ignore: decorator
@inline
export function find(table: usize, slots: u32, name: usize, length: u32): usize {
  const h = hash(name, length);
  let slot = h & (slots - 1);
  while (true) {
    const at = table + <usize>slot * SLOT_SIZE;
    const entry = <usize>load<u32>(at);
    if (entry == 0) return 0;
    if (load<u32>(at, 4) == h && load<u32>(entry) == length && same(entry + ENTRY_SIZE, name, length)) return entry;
    slot = (slot + 1) & (slots - 1);
  }
}

/** The entry of a name that is not in the table yet, all of it 0 but the length; the memory reaches far enough. */
export function enter(table: usize, slots: u32, name: usize, length: u32): usize {
  const h = hash(name, length);
  let slot = h & (slots - 1);
  while (load<u32>(table + <usize>slot * SLOT_SIZE) != 0) slot = (slot + 1) & (slots - 1);
  const entry = take(ENTRY_SIZE + length);
  store<u32>(table + <usize>slot * SLOT_SIZE, <u32>entry);
  store<u32>(table + <usize>slot * SLOT_SIZE, h, 4);
  memory.fill(entry, 0, ENTRY_SIZE);
  memory.copy(entry + ENTRY_SIZE, name, length);
  store<u32>(entry, length);
  return entry;
}
