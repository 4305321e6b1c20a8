import { HEAP, HISTOGRAM, MAX_NAME, MAX_ROUTES, ROUTES, ROUTE_SIZE, ROUTE_SLOTS, ROUTE_TABLE } from './layout';

/** The names requests are grouped by. Only the caller adds one, after it has counted a request of that name itself. */
export let routeCount: u32 = 0;
let heap: usize = HEAP;

// An entry: name, length, hash, requests, histogram.

// @ts-ignore: decorator
@inline
function rest(p: usize, bytes: u32): u64 {
  return load<u64>(p) & ((<u64>1 << (<u64>bytes << 3)) - 1);
}

function hash(p: usize, length: u32): u32 {
  let h: u64 = <u64>length * 0x9e3779b97f4a7c15;
  while (length >= 8) {
    h = (h ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    h ^= h >> 32;
    p += 8;
    length -= 8;
  }
  h = (h ^ rest(p, length)) * 0xc4ceb9fe1a85ec53;
  return <u32>(h >> 32);
}

// @ts-ignore: decorator
@inline
function same(a: usize, b: usize, length: u32): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  return rest(a, length) == rest(b, length);
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

export function addRoute(name: usize, length: u32): void {
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
  heap += HISTOGRAM + ((length + 63) & ~63);
}

export function clearRoutes(): void {
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
export function countRoute(entry: usize): void {
  store<u32>(entry, load<u32>(entry, 12) + 1, 12);
}

// @ts-ignore: decorator
@inline
export function countLatency(entry: usize, ms: u32): void {
  const at = <usize>load<u32>(entry, 16) + (<usize>bucket(ms) << 2);
  store<u32>(at, load<u32>(at) + 1);
}
