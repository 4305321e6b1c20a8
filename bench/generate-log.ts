import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { istioLine, jsonLine } from './formats.ts';
import { traffic } from './traffic.ts';

const usage = `Writes a realistic access log.
  node bench/generate-log.ts FILE [--size 1GB] [--format json|istio] [--failures 0.013] [--seed 1]
FILE may be - for standard output. The same arguments write the same bytes.`;

export interface LogOptions {
  readonly bytes: number;
  readonly format: 'json' | 'istio';
  /** The share of requests that fail; 1 is the worst case, because every failure is read in full. */
  readonly failures: number;
  readonly seed: number;
}

/** Writes at least the asked bytes, ending with a whole line; streamed, so that any size needs the same memory. */
export function writeLog(fd: number, options: LogOptions): { bytes: number; lines: number } {
  const line = options.format === 'json' ? jsonLine : istioLine;
  let bytes = 0;
  let lines = 0;
  let text = '';
  for (const request of traffic(options.seed, options.failures)) {
    text += line(request);
    lines++;
    if (text.length < 1 << 20 && bytes + text.length < options.bytes) continue;
    bytes += writeAll(fd, Buffer.from(text));
    text = '';
    if (bytes >= options.bytes) break;
  }
  return { bytes, lines };
}

function writeAll(fd: number, data: Buffer): number {
  for (let at = 0; at < data.length; ) at += writeSync(fd, data, at);
  return data.length;
}

export function bytesOf(size: string): number {
  const match = /^(\d+(?:\.\d+)?)(k|m|g)?b?$/i.exec(size);
  if (!match) throw new Error(`--size ${size}: want a number and KB, MB or GB`);
  return Number(match[1]) * { k: 1e3, m: 1e6, g: 1e9, '': 1 }[(match[2] ?? '').toLowerCase() as 'k' | 'm' | 'g' | ''];
}

if (process.argv[1]?.endsWith('generate-log.ts')) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      size: { type: 'string', default: '100MB' },
      format: { type: 'string', default: 'json' },
      failures: { type: 'string', default: '0.013' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [file] = positionals;
  if (!file || (values.format !== 'json' && values.format !== 'istio')) {
    console.error(usage);
    process.exit(2);
  }
  const fd = file === '-' ? 1 : openSync(file, 'w');
  const options = { bytes: bytesOf(values.size), failures: Number(values.failures), seed: Number(values.seed) };
  const written = writeLog(fd, { ...options, format: values.format });
  if (fd !== 1) closeSync(fd);
  console.error(`${written.lines} lines, ${written.bytes} bytes`);
}
