import {
  ENTRY_SIZE, HISTOGRAM, MAX_NAME, MAX_ROUTES, MAX_WAITING, ROUTES, ROUTE_SLOTS, ROUTE_TABLE, SLOT_SIZE, WAITING, WAITING_SIZE,
} from './layout';
import { enter, find, reachOf, take } from './strings';

/** The names requests are grouped by. Only the caller adds one, after it has counted a request of that name itself. */
export let routeCount: u32 = 0;

// An entry: length, requests, histogram, whether nobody asked for it. Histograms lie sixteen at a time, so that names are near each other: looking
// one up is waiting for memory.
const SLAB: usize = 16 * HISTOGRAM;
let slab: usize = 0;
let slabEnd: usize = 0;
let waiting: usize = WAITING;

/** The entry of a name, or 0. */
export function routeOf(name: usize, length: u32): usize {
  return find(ROUTE_TABLE, ROUTE_SLOTS, name, length);
}

/** How far the memory must reach for a name to be added: 0 when the table is full or the name too long. */
export function routeNeeds(length: u32): usize {
  return routeCount >= MAX_ROUTES || length > MAX_NAME ? 0 : reachOf(SLAB + ENTRY_SIZE + length);
}

export function addRoute(name: usize, length: u32, unasked: u32): void {
  const entry = enter(ROUTE_TABLE, ROUTE_SLOTS, name, length);
  if (slab == slabEnd) {
    slab = take(SLAB);
    slabEnd = slab + SLAB;
  }
  const histogram = slab;
  slab += HISTOGRAM;
  memory.fill(histogram, 0, HISTOGRAM);
  store<u32>(entry, <u32>histogram, 8);
  store<u32>(entry, unasked, 12);
  store<u32>(ROUTES + (<usize>routeCount << 2), <u32>entry);
  routeCount++;
}

export function clearRoutes(): void {
  if (routeCount > 0) memory.fill(ROUTE_TABLE, 0, SLOT_SIZE * ROUTE_SLOTS);
  routeCount = 0;
  slab = 0;
  slabEnd = 0;
  waiting = WAITING;
}

/** The caller's latencyBucket (buckets.ts): exact below 64, then 32 buckets a power of two. */
// @ts-ignore: decorator
@inline
function bucket(ms: u32): u32 {
  // No branch: half of all latencies are on either side of 64.
  const shift = <u32>max<i32>(26 - <i32>clz(ms), 0);
  return (shift << 5) + (ms >> shift);
}

// @ts-ignore: decorator
@inline
export function isUnasked(entry: usize): bool {
  return load<u32>(entry, 12) != 0;
}

// @ts-ignore: decorator
@inline
export function countRoute(entry: usize, weight: u32): void {
  store<u32>(entry, load<u32>(entry, 4) + weight, 4);
}

// @ts-ignore: decorator
@inline
export function countLatency(entry: usize, ms: u32, weight: u32): void {
  store<u32>(waiting, load<u32>(entry, 8) + (bucket(ms) << 2));
  store<u32>(waiting, weight, 4);
  waiting += WAITING_SIZE;
  if (waiting == WAITING + WAITING_SIZE * MAX_WAITING) settle();
}

/** Adds up the latencies that wait. A count is hardly ever in a cache, and many are fetched at once when nothing else is done in between. */
export function settle(): void {
  for (let p = WAITING; p < waiting; p += WAITING_SIZE) {
    const at = <usize>load<u32>(p);
    store<u32>(at, load<u32>(at) + load<u32>(p, 4));
  }
  waiting = WAITING;
}
