import { latencyBuckets } from '../buckets.ts';
import type { Kernel } from './kernel.ts';
import type { Tally } from './tally.ts';

/** Adds everything the kernel has counted to the tally. */
export function takeCounts(kernel: Kernel, tally: Tally): void {
  const { wasm, bytes } = kernel;
  wasm.settle();
  for (let i = 0; i < wasm.routeCount.value; i++) {
    const entry = bytes.readUInt32LE(wasm.ROUTES.value + i * 4);
    const requests = bytes.readUInt32LE(entry + 4);
    if (requests === 0) continue;
    const name = entry + wasm.ENTRY_SIZE.value;
    // Decoded alone it is what it was within its line: the quotes or blanks around it are ASCII, where every decoder starts afresh.
    const route = bytes.toString('utf8', name, name + bytes.readUInt32LE(entry));
    tally.totals.addRoute(route === '' ? '-' : route, requests, latencies(kernel.words, bytes.readUInt32LE(entry + 8)));
  }
  takeMinutes(kernel, tally);
  tally.leftOut += wasm.leftOut.value;
  tally.outsideWindow += wasm.outside.value;
  tally.weighted += wasm.weighted.value;
}

function latencies(words: Uint32Array, histogram: number): [number, number][] {
  const found: [number, number][] = [];
  for (let bucket = 0; bucket < latencyBuckets; bucket++) {
    const count = words[(histogram >> 2) + bucket] ?? 0;
    if (count > 0) found.push([bucket, count]);
  }
  return found;
}

/** Adds the minutes' counts alone. */
export function takeMinutes(kernel: Kernel, tally: Tally): void {
  const { wasm, bytes } = kernel;
  for (let slot = 0; slot < wasm.MINUTE_SLOTS.value; slot++) {
    const entry = wasm.MINUTES.value + slot * wasm.MINUTE_SIZE.value;
    const requests = bytes.readUInt32LE(entry + 16);
    if (requests === 0) continue;
    const start = bytes.readDoubleLE(entry + 32);
    tally.totals.addMinute(
      start,
      requests,
      start + bytes.readUInt32LE(entry + 20),
      start + bytes.readUInt32LE(entry + 24),
    );
  }
}
