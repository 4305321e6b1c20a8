import { UNSET_NUMBER } from './buckets';
import { CELLS, CELL_LIST, CELL_SIZE, CELL_SLOTS } from './layout';

// Failing requests of one kind, bucket of durations and of ages, host and time bucket only add to numbers, in any order, and need not be events. A
// cell: kind, host, bits of the two buckets, count, least and greatest duration and age.

/** Half of the slots, so that probes stay short. */
const MAX_CELLS: u32 = CELL_SLOTS / 2;
export let cellCount: u32 = 0;
/** As many may there be: each may become a signature of the caller's. */
let most: u32 = 0;
/** The time bucket that cells are of, milliseconds since 1970; empty when nothing may be counted here. */
let from: f64 = Infinity;
let past: f64 = -Infinity;

/** Begins afresh: requests of that time bucket may be counted here, in so many cells. */
export function beginCells(begin: f64, end: f64, cells: u32): void {
  if (cellCount > 0) memory.fill(CELLS, 0, CELL_SIZE * <usize>CELL_SLOTS);
  cellCount = 0;
  most = min<u32>(cells, MAX_CELLS);
  from = begin;
  past = end;
}

/** Requests are counted here at all. */
// @ts-ignore: decorator
@inline
export function counting(): bool {
  return from < past;
}

/**
 * Counts a request towards its cell; false when there is no room for a new one or it is of another time, and it must be an event.
 */
export function countCell(kind: u32, host: u32, parts: u32, time: f64, took: u32, aged: u32): bool {
  if (!(time >= from && time < past)) return false;
  const h = (((<u64>kind << 32) | <u64>host) ^ (<u64>parts * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd;
  let slot = <u32>(h >> 40) & (CELL_SLOTS - 1);
  while (true) {
    const cell = CELLS + <usize>slot * CELL_SIZE;
    const mark = load<u32>(cell, 8);
    if (mark == 0) {
      if (cellCount >= most) return false;
      store<u32>(CELL_LIST + (<usize>cellCount << 2), <u32>cell);
      cellCount++;
      store<u32>(cell, kind);
      store<u32>(cell, host, 4);
      // Not 0, whatever the buckets are.
      store<u32>(cell, parts | 0x10000, 8);
      store<u32>(cell, 0xffffffff, 16);
      store<u32>(cell, 0xffffffff, 24);
    } else if (mark != (parts | 0x10000) || load<u32>(cell) != kind || load<u32>(cell, 4) != host) {
      slot = (slot + 1) & (CELL_SLOTS - 1);
      continue;
    }
    store<u32>(cell, load<u32>(cell, 12) + 1, 12);
    if (took < UNSET_NUMBER) widen(cell + 16, took);
    if (aged < UNSET_NUMBER) widen(cell + 24, aged);
    return true;
  }
}

// @ts-ignore: decorator
@inline
function widen(at: usize, value: u32): void {
  store<u32>(at, min<u32>(load<u32>(at), value));
  store<u32>(at, max<u32>(load<u32>(at, 4), value), 4);
}
