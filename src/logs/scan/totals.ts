import { latencyBuckets } from '../buckets.ts';
import type { Kernel } from './kernel.ts';
import type { Tally } from './tally.ts';

/** Adds everything the kernel has counted to the tally. */
export function takeCounts(kernel: Kernel, tally: Tally): void {
  const { wasm, bytes, words } = kernel;
  wasm.settle();
  for (let i = 0; i < wasm.routeCount.value; i++) {
    const entry = bytes.readUInt32LE(wasm.ROUTES.value + i * 4);
    const requests = bytes.readUInt32LE(entry + 4);
    if (requests === 0) continue;
    const name = entry + wasm.ENTRY_SIZE.value;
    // Decoded alone it is what it was within its line: the quotes or blanks around it are ASCII, where every decoder starts afresh.
    const route = bytes.toString('utf8', name, name + bytes.readUInt32LE(entry));
    const histogram = bytes.readUInt32LE(entry + 8) >> 2;
    tally.totals.addRoute(route === '' ? '-' : route, requests, words.subarray(histogram, histogram + latencyBuckets));
  }
  takeMinutes(kernel, tally);
  tally.leftOut += wasm.leftOut.value;
  tally.outsideWindow += wasm.outside.value;
  tally.weighted += wasm.weighted.value;
}

/** Adds the minutes' counts alone. */
export function takeMinutes(kernel: Kernel, tally: Tally): void {
  const { wasm, words, floats } = kernel;
  const size = wasm.MINUTE_SIZE.value;
  const past = wasm.MINUTES.value + wasm.MINUTE_SLOTS.value * size;
  for (let entry = wasm.MINUTES.value; entry < past; entry += size) {
    const at = entry >> 2;
    const requests = words[at + 4] as number;
    if (requests === 0) continue;
    const start = floats[(entry + 32) >> 3] as number;
    tally.totals.addMinute(start, requests, start + (words[at + 5] as number), start + (words[at + 6] as number));
  }
}
