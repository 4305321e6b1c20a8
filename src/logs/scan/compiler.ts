import { setFlagsFromString } from 'node:v8';

/** Lines until V8's slowest compiler wins more than it costs: less than a second's work without it. */
const worthIt = 20_000;
let read = 0;

/**
 * Lines that JavaScript has read in full. bin.ts starts a triage without that compiler, because most of a log is the kernel's, and what is left is
 * over before the compiler is. Where all is left, it is wanted back. Where it was never taken away this changes nothing.
 */
export function readInFull(lines: number): void {
  const before = read;
  read += lines;
  if (before < worthIt && read >= worthIt) setFlagsFromString('--opt');
}
