import { createGunzip, createZstdDecompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { BlockReader } from '../src/logs/scan/blocks.ts';
import { codecOf, decompressed } from '../src/logs/sources/file/decompress.ts';
import { streamed } from '../src/logs/sources/file/decompress-stream.ts';
import { readerOf } from './scan/both.ts';

const text = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `line ${i} of ${i * 7919}\n`).join(''));
const zip = gzipSync(text);
const zst = zstdCompressSync(text);

/** What is handed out in pieces of at most `size`, and how it ends. */
async function all(reader: BlockReader, size: number): Promise<{ bytes: Buffer; error: string | undefined }> {
  const parts: Buffer[] = [];
  const into = Buffer.alloc(size);
  try {
    for (;;) {
      const got = await reader.read(into);
      if (got === 0) return { bytes: Buffer.concat(parts), error: undefined };
      parts.push(Buffer.from(into.subarray(0, got)));
    }
  } catch (error) {
    return { bytes: Buffer.concat(parts), error: (error as Error).message };
  }
}

describe.each([
  ['gzip', zip, true],
  ['gzip of two members', Buffer.concat([zip, gzipSync(text)]), true],
  ['gzip of nothing', gzipSync(''), true],
  ['gzip padded with zeros, as tapes and block devices leave it', Buffer.concat([zip, Buffer.alloc(5000)]), true],
  ['gzip cut in the middle', zip.subarray(0, zip.length >> 1), false],
  ['gzip cut in its check sum', zip.subarray(0, -3), false],
  ['zstd', zst, true],
  ['zstd cut in the middle, which its decoder does not tell', zst.subarray(0, zst.length >> 1), true],
] as const)('%s', (_, data, whole) => {
  const codec = () => {
    const found = codecOf(data);
    if (!found) throw new Error('neither gzip nor zstd');
    return found;
  };
  test.each([64, 4096, 1 << 20])("into buffers of %d bytes as Node's own stream reads it", async (size) => {
    const decoder = data[0] === 0x1f ? createGunzip() : createZstdDecompress();
    const expected = await all(streamed(readerOf(data), decoder, 'a.log'), size);
    const direct = await all(decompressed(readerOf(data, [1000, 1]), codec(), 'a.log'), size);
    expect(direct.error).toBe(expected.error);
    expect(direct.error === undefined).toBe(whole);
    // The stream drops what it had decoded when it met the break.
    expect(direct.bytes.subarray(0, expected.bytes.length).equals(expected.bytes)).toBe(true);
    expect(whole ? direct.bytes.length === expected.bytes.length : text.includes(direct.bytes)).toBe(true);
  });
});
