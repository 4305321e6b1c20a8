import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { learnBytes, maxLine } from '../../scan/blocks.ts';
import { SourceError } from '../source.ts';
import { codecOf } from './decompress.ts';
import { reasonOf } from './input.ts';

/** Enough of a file's start to know it again after a rename, or to see that it is another one. */
const headSize = 256;
const blockSize = 1 << 20;
const newline = 0x0a;

/** Which file it is, whatever its name is by now. */
export interface Identity {
  readonly inode: string;
  /** SHA-256 of its first `headBytes` bytes. */
  readonly head: string;
  readonly headBytes: number;
}

/** One file under a followed name, until it is rotated away or truncated: opened once, read forwards, whole lines only. */
export class GrowingFile {
  readonly path: string;
  readonly #fd: number;
  readonly #inode: string;
  #head = '';
  #headBytes = 0;
  /** Where the next line starts. */
  offset = 0;

  constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
    this.#inode = String(fstatSync(fd, { bigint: true }).ino);
    const magic = Buffer.alloc(4);
    if (codecOf(magic.subarray(0, readSync(fd, magic, 0, 4, 0))))
      throw new SourceError(`${path}: compressed, and such a file does not grow`, 'follow the log that Envoy writes');
    this.#remember();
  }

  get identity(): Identity {
    this.#remember();
    return { inode: this.#inode, head: this.#head, headBytes: this.#headBytes };
  }

  get size(): number {
    return fstatSync(this.#fd).size;
  }

  /** Of the last write, nanoseconds since 1970. */
  get modified(): bigint {
    return fstatSync(this.#fd, { bigint: true }).mtimeNs;
  }

  /** Whether the other one is this file or begins as it does. */
  isCopiedBy(other: GrowingFile): boolean {
    if (other.#inode === this.#inode) return true;
    return this.#headBytes > 0 && headOf(other.#fd, this.#headBytes) === this.#head;
  }

  /** Whether it is still the file that it was: not cut short, its start not written anew. */
  intact(): boolean {
    return this.size >= this.offset && headOf(this.#fd, this.#headBytes) === this.#head;
  }

  /** Its first lines, to learn the format from. */
  firstLines(count: number): readonly string[] {
    const start = Buffer.alloc(Math.min(learnBytes, this.size));
    const text = start.toString('utf8', 0, readSync(this.#fd, start, 0, start.length, 0));
    return text.split('\n').slice(0, -1).slice(0, count);
  }

  /**
   * Gives the next whole lines, with where each starts; `take` says false to get the same line again next time. With `last` an end without
   * a line feed is a line too: nobody writes to it any more. Returns the bytes taken.
   */
  read(take: (text: string, start: number) => boolean, last: boolean): number {
    const began = this.offset;
    let block = Buffer.alloc(blockSize);
    for (;;) {
      const size = readSync(this.#fd, block, 0, block.length, this.offset);
      let start = 0;
      for (let end = block.indexOf(newline); end >= 0 && end < size; end = block.indexOf(newline, start)) {
        if (!take(block.toString('utf8', start, end), this.offset + start)) {
          this.offset += start;
          return this.offset - began;
        }
        start = end + 1;
      }
      const ended = size < block.length;
      if (ended && last && start < size) {
        if (take(block.toString('utf8', start, size), this.offset + start)) start = size;
      } else if (start === 0 && !ended) {
        // A line longer than the block; one that is too long to be a line is stepped over in parts, which no parser takes for a record.
        if (block.length >= maxLine) start = size;
        else block = Buffer.alloc(block.length * 4);
      }
      this.offset += start;
      if (ended) return this.offset - began;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #remember(): void {
    if (this.#headBytes >= headSize) return;
    this.#headBytes = Math.min(headSize, this.size);
    this.#head = headOf(this.#fd, this.#headBytes);
  }
}

/** Opens the file of that name; undefined when there is none (yet). */
export function openGrowing(path: string): GrowingFile | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SourceError(`${path}: ${reasonOf(error)}`, undefined, { cause: error });
  }
  try {
    if (!fstatSync(fd).isFile()) throw new SourceError(`${path}: not a plain file, so it can't be followed`);
    return new GrowingFile(path, fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The inode under that name now; undefined when there is none. */
export function inodeAt(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && String(stat.ino);
}

/** The followed name and what rotations made of it (`access.log.1`, `access.log-20261120`). */
const relatives = (path: string): readonly string[] =>
  readdirSync(dirname(path))
    .filter((name) => name.startsWith(basename(path)))
    .map((name) => join(dirname(path), name));

/** The file that it was, whatever its name is now; a copy of it where a rotation copies and truncates. */
export function openAgain(path: string, { inode, head, headBytes }: Identity): GrowingFile | undefined {
  const names = relatives(path);
  const same = names.filter((name) => inodeAt(name) === inode);
  for (const name of headBytes > 0 ? [...same, ...names] : same) {
    const fd = openSync(name, 'r');
    if (fstatSync(fd).isFile() && headOf(fd, headBytes) === head) return new GrowingFile(path, fd);
    closeSync(fd);
  }
  return undefined;
}

/**
 * Files that the followed name had after the last of these and has no more, oldest first: rotated away while nobody watched. `unread` names
 * those that are compressed by now.
 */
export function openBetween(
  path: string,
  known: readonly GrowingFile[],
): { readonly files: readonly GrowingFile[]; readonly unread: readonly string[] } {
  const modified = (name: string): bigint => statSync(name, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
  const last = known.reduce((newest, f) => (f.modified > newest ? f.modified : newest), 0n);
  const files: GrowingFile[] = [];
  const unread: string[] = [];
  const names = relatives(path).filter((name) => name !== path && modified(name) > last);
  for (const name of names.sort((a, b) => (modified(a) < modified(b) ? -1 : 1))) {
    const fd = openSync(name, 'r');
    try {
      const file = new GrowingFile(path, fd);
      if (known.some((k) => k.isCopiedBy(file))) file.close();
      else files.push(file);
    } catch (error) {
      closeSync(fd);
      if (!(error instanceof SourceError)) throw error;
      unread.push(name);
    }
  }
  return { files, unread };
}

function headOf(fd: number, bytes: number): string {
  const head = Buffer.alloc(bytes);
  return createHash('sha256')
    .update(head.subarray(0, readSync(fd, head, 0, bytes, 0)))
    .digest('hex');
}
