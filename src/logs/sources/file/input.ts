import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type BlockReader, fill, replay } from '../../scan/blocks.ts';
import { SourceError } from '../source.ts';
import { codecOf, decompressed } from './decompress.ts';

/** One opened input: its bytes decompressed, and how far it has been read for a progress line. */
export interface Input extends BlockReader {
  /** As the user named it; `-` is standard input. */
  readonly name: string;
  /** Size on disk, bytes; undefined for a pipe. */
  readonly size: number | undefined;
  /** Bytes read from the disk or pipe so far, before decompression. */
  consumed(): number;
  /** The file descriptor of a plain file that can be read at any offset. */
  readonly seekable: number | undefined;
  close(): void;
}

/** Opens a file, FIFO or standard input; gzip and zstd are told by their first bytes, whatever the name says. */
export async function openInput(name: string): Promise<Input> {
  const fd = name === '-' ? 0 : open(name);
  let consumed = 0;
  const raw: BlockReader = {
    // A promise for each block would cost as much as all that JavaScript does with one.
    read(into) {
      const got = readSome(fd, into, name);
      if (got === undefined) return later(() => raw.read(into));
      consumed += got;
      return got;
    },
  };
  const magic = Buffer.alloc(4);
  const have = await fill(raw, magic);
  const whole = replay(magic.subarray(0, have), raw);
  const codec = codecOf(magic.subarray(0, have));
  const stat = fd === 0 ? undefined : fstatSync(fd);
  return {
    name,
    size: stat?.isFile() ? stat.size : undefined,
    seekable: stat?.isFile() && !codec ? fd : undefined,
    consumed: () => consumed,
    close: () => fd !== 0 && closeSync(fd),
    read: codec ? decompressed(whole, codec, name).read : whole.read,
  };
}

function open(name: string): number {
  try {
    return openSync(name, 'r');
  } catch (error) {
    throw new SourceError(`${name}: ${reasonOf(error)}`, undefined, { cause: error });
  }
}

/** Reads what is there; undefined when a non-blocking standard input has nothing yet. */
function readSome(fd: number, into: Uint8Array, name: string): number | undefined {
  try {
    return readSync(fd, into, 0, into.length, null);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EOF') return 0;
    if (code === 'EAGAIN') return undefined;
    throw new SourceError(`${name}: ${reasonOf(error)}`, undefined, { cause: error });
  }
}

async function later(read: () => number | Promise<number>): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return read();
}

/** Whether it can be opened and read a second time: a file, not a pipe or standard input. */
export function rereadable(name: string): boolean {
  try {
    return name !== '-' && statSync(name).isFile();
  } catch {
    return false;
  }
}

/** Bytes on disk of all the files together; undefined when one is a pipe. */
export function totalSize(names: readonly string[]): number | undefined {
  return names.every(rereadable) ? names.reduce((sum, name) => sum + statSync(name).size, 0) : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  EMFILE: 'too many open files',
  ENOTDIR: 'not a directory',
};

/** The system's error in words. */
export function reasonOf(error: unknown): string {
  const e = error as NodeJS.ErrnoException;
  return (e.code && reasons[e.code]) || e.message || String(error);
}
