import type { Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import type { BlockReader } from '../../scan/blocks.ts';
import { brokenData, inputSize, streamed } from './decompress-stream.ts';

/**
 * What Node's own zlib streams work with: one call takes input, fills a buffer and says in `state` how much of each is left. It is not
 * documented, so its absence must do no harm; npm's own unpacking relies on the same. The documented stream needs a new buffer for each
 * chunk, and collecting a gigabyte of those costs more than the decompression (bench: `npm run bench -- --only gz`).
 */
interface Direct {
  readonly handle: {
    writeSync(
      flush: number,
      input: Uint8Array | null,
      at: number,
      length: number,
      out: Uint8Array,
      outAt: number,
      outLength: number,
    ): void;
    onerror?: (message: string, errno: number, code: string) => void;
  };
  /** [space left in the output, input left] */
  readonly state: Uint32Array;
}

/** A decoder, and how it is told that its input ends. */
export interface Codec {
  readonly decoder: Transform;
  readonly finish: number;
}

/** The codec for these first bytes: gzip or zstd; undefined for anything else. */
export function codecOf(magic: Uint8Array): Codec | undefined {
  const options = { chunkSize: inputSize };
  if (magic[0] === 0x1f && magic[1] === 0x8b) return { decoder: createGunzip(options), finish: constants.Z_FINISH };
  if (magic[0] === 0x28 && magic[1] === 0xb5 && magic[2] === 0x2f && magic[3] === 0xfd)
    return { decoder: createZstdDecompress(options), finish: constants.ZSTD_e_end };
  return undefined;
}

/** Decompresses what `from` gives. When the data breaks off, everything before the break is handed out first. */
export function decompressed(from: BlockReader, codec: Codec, name: string): BlockReader {
  const direct = directOf(codec.decoder);
  return direct ? inPlace(from, direct, codec.finish, name) : streamed(from, codec.decoder, name);
}

function directOf(decoder: Transform): Direct | undefined {
  const { _handle: handle, _writeState: state } = decoder as unknown as {
    _handle?: Direct['handle'];
    _writeState?: unknown;
  };
  return typeof handle?.writeSync === 'function' && state instanceof Uint32Array ? { handle, state } : undefined;
}

/** Straight into the caller's buffer. */
function inPlace(from: BlockReader, { handle, state }: Direct, finish: number, name: string): BlockReader {
  const input = Buffer.allocUnsafe(inputSize);
  let at = 0;
  let left = 0;
  let ended = false;
  let full = false;
  let error: Error | undefined;
  handle.onerror = (message) => {
    error ??= new Error(message);
  };
  return {
    async read(into) {
      if (into.length === 0) return 0;
      for (;;) {
        if (error) throw brokenData(name, error);
        if (ended) return 0;
        let flush: number = constants.Z_NO_FLUSH;
        // A full buffer may not have been all: what the decoder still holds comes first, because an error leaves `state` as it was.
        if (left === 0 && !full) {
          at = 0;
          left = await from.read(input);
          if (left === 0) flush = finish;
        }
        handle.writeSync(flush, input, at, left, into, 0, into.length);
        if (error) continue;
        const [space = 0, rest = 0] = state;
        full = space === 0;
        // The decoder leaves input alone while it has room for output only when its data has ended: what follows is padding.
        if (space > 0 && (flush === finish || rest > 0)) ended = true;
        at += left - rest;
        left = rest;
        const got = into.length - space;
        if (got > 0) return got;
      }
    },
  };
}
