import { HISTOGRAM, MAX_NAME, MAX_ROUTES, ROUTES, ROUTE_SIZE, ROUTE_SLOTS, ROUTE_TABLE, SLOT_SIZE } from './layout';
import { enter, find, reachOf, take } from './strings';

/** The names requests are grouped by. Only the caller adds one, after it has counted a request of that name itself. */
export let routeCount: u32 = 0;

// An entry: name, length, nothing, requests, histogram, whether nobody asked for it.

/** The entry of a name, or 0. */
export function routeOf(name: usize, length: u32): usize {
  return find(ROUTE_TABLE, ROUTE_SLOTS, name, length);
}

/** How far the memory must reach for a name to be added: 0 when the table is full or the name too long. */
export function routeNeeds(length: u32): usize {
  return routeCount >= MAX_ROUTES || length > MAX_NAME ? 0 : reachOf(HISTOGRAM + length);
}

export function addRoute(name: usize, length: u32, unasked: u32): void {
  const entry = ROUTES + <usize>routeCount * ROUTE_SIZE;
  routeCount++;
  const histogram = take(HISTOGRAM + length);
  memory.fill(histogram, 0, HISTOGRAM);
  enter(ROUTE_TABLE, ROUTE_SLOTS, entry, histogram + HISTOGRAM, name, length);
  store<u32>(entry, 0, 12);
  store<u32>(entry, <u32>histogram, 16);
  store<u32>(entry, unasked, 20);
}

export function clearRoutes(): void {
  if (routeCount > 0) memory.fill(ROUTE_TABLE, 0, SLOT_SIZE * ROUTE_SLOTS);
  routeCount = 0;
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
