import { HEAP, HISTOGRAM, MASKS, MAX_NAME, MAX_ROUTES, ROUTES, ROUTE_SIZE, ROUTE_SLOTS, ROUTE_TABLE } from './layout';

/** The names requests are grouped by. Only the caller adds one, after it has counted a request of that name itself. */
export let routeCount: u32 = 0;
let heap: usize = HEAP;

// An entry: name, length, hash, requests, histogram, whether nobody asked for it.

/** The first `bytes` (0..15) of the 16 at p, the rest zero. */
// @ts-ignore: decorator
@inline
function rest(p: usize, bytes: u32): v128 {
  return v128.and(v128.load(p), v128.load(MASKS + 16 - bytes));
}

/** Two lanes of 8 bytes, so that their multiplications overlap. */
function hash(p: usize, length: u32): u32 {
  let a: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let b: u64 = 0xc4ceb9fe1a85ec53;
  let left = length;
  while (left >= 16) {
    a = (a ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    b = (b ^ load<u64>(p, 8)) * 0x9fb21c651e98df25;
    a ^= a >> 32;
    b ^= b >> 32;
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
export function routeOf(name: usize, length: u32): usize {
  const h = hash(name, length);
  let slot = h & (ROUTE_SLOTS - 1);
  while (true) {
    const entry = <usize>load<u32>(ROUTE_TABLE + (<usize>slot << 2));
    if (entry == 0) return 0;
    if (load<u32>(entry, 8) == h && load<u32>(entry, 4) == length && same(<usize>load<u32>(entry), name, length))
      return entry;
    slot = (slot + 1) & (ROUTE_SLOTS - 1);
  }
}

/** How far the memory must reach for a name to be added: 0 when the table is full or the name too long. */
export function routeNeeds(length: u32): usize {
  if (routeCount >= MAX_ROUTES || length > MAX_NAME) return 0;
  return heap + HISTOGRAM + length + 64;
}

export function addRoute(name: usize, length: u32, unasked: u32): void {
  const h = hash(name, length);
  let slot = h & (ROUTE_SLOTS - 1);
  while (load<u32>(ROUTE_TABLE + (<usize>slot << 2)) != 0) slot = (slot + 1) & (ROUTE_SLOTS - 1);
  const entry = ROUTES + <usize>routeCount * ROUTE_SIZE;
  routeCount++;
  store<u32>(ROUTE_TABLE + (<usize>slot << 2), <u32>entry);
  memory.fill(heap, 0, HISTOGRAM);
  memory.copy(heap + HISTOGRAM, name, length);
  store<u32>(entry, <u32>(heap + HISTOGRAM));
  store<u32>(entry, length, 4);
  store<u32>(entry, h, 8);
  store<u32>(entry, 0, 12);
  store<u32>(entry, <u32>heap, 16);
  store<u32>(entry, unasked, 20);
  heap += HISTOGRAM + ((length + 63) & ~63);
}

export function clearRoutes(): void {
  memory.fill(MASKS, 0xff, 16);
  memory.fill(MASKS + 16, 0, 16);
  memory.fill(ROUTE_TABLE, 0, 4 * ROUTE_SLOTS);
  routeCount = 0;
  heap = HEAP;
}

/** The caller's latencyBucket (buckets.ts): exact below 64, then 32 buckets a power of two. */
// @ts-ignore: decorator
@inline
function bucket(ms: u32): u32 {
  if (ms < 64) return ms;
  const shift = 26 - <u32>clz(ms);
  return (shift << 5) + (ms >> shift);
}

// @ts-ignore: decorator
@inline
export function isUnasked(entry: usize): bool {
  return load<u32>(entry, 20) != 0;
}

// @ts-ignore: decorator
@inline
export function countRoute(entry: usize, weight: u32): void {
  store<u32>(entry, load<u32>(entry, 12) + weight, 12);
}

// @ts-ignore: decorator
@inline
export function countLatency(entry: usize, ms: u32, weight: u32): void {
  const at = <usize>load<u32>(entry, 16) + (<usize>bucket(ms) << 2);
  store<u32>(at, load<u32>(at) + weight);
}
