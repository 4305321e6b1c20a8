#!/usr/bin/env node
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { nodeIo } from './cli/io.ts';
import { main } from './cli/main.ts';
import { tooOld } from './cli/node-version.ts';

const old = tooOld(process.versions.node);
if (old) {
  process.stderr.write(`${old}\n`);
  process.exit(3);
}

// A log makes much short-lived garbage: a nursery that stays small, and a heap that is swept before it is twice as large, keep the process a
// third smaller at no measurable cost.
setFlagsFromString('--semi-space-growth-factor=1');
if (process.versions.v8.startsWith('12.4.')) {
  // Other V8s may not know the flag, and would say so.
  setFlagsFromString('--heap-growing-percent=50');
  // Most of a file is WebAssembly's work. Unless it all is JavaScript's (logs/scan/compiler.ts) V8's slowest compiler is time and 3 MB lost.
  const [, , command, ...flags] = process.argv;
  const store = flags.some((f) => f.startsWith('--source') || f.startsWith('--cluster'));
  if (command === 'triage' && !store) setFlagsFromString('--no-opt');
}

// That a vendor's client still uses an old module of Node's is ours to mend, not the user's to read.
process.noDeprecation = true;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// A closed pipe (`vigia ... | head`) ends the program quietly, as it ends any other filter.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (e: NodeJS.ErrnoException) => process.exit(e.code === 'EPIPE' ? 0 : 3));

const { stdout, stderr, stdin, env } = process;
process.exitCode = await main(
  process.argv.slice(2),
  nodeIo({
    stdout,
    stderr,
    stdin,
    env,
    root,
    cwd: () => process.cwd(),
    once: (e, f) => process.once(e, f),
    exit: () => process.exit(),
  }),
);
