import { Readable, type Transform } from 'node:stream';
import type { BlockReader } from '../../scan/blocks.ts';
import { SourceError } from '../source.ts';

/** How much compressed input is handed over at once. */
export const inputSize = 256 * 1024;

export function brokenData(name: string, cause: Error): SourceError {
  return new SourceError(`${name}: broken compressed data (${cause.message})`, 'what came before it was read', {
    cause,
  });
}

/** Decompresses what `from` gives. When the data breaks off, everything before the break is handed out first: an iterator would drop it. */
export function streamed(from: BlockReader, decoder: Transform, name: string): BlockReader {
  const queue: Uint8Array[] = [];
  let ended = false;
  let failed: Error | undefined;
  let wake = () => {};
  decoder.on('data', (chunk: Uint8Array) => {
    queue.push(chunk);
    if (queue.length >= 4) decoder.pause();
    wake();
  });
  decoder.on('end', () => {
    ended = true;
    wake();
  });
  const fail = (error: Error) => {
    failed ??= error;
    wake();
  };
  decoder.on('error', fail);
  Readable.from(chunks(from)).on('error', fail).pipe(decoder);
  return {
    async read(into) {
      while (queue.length === 0) {
        if (failed instanceof SourceError) throw failed;
        if (failed) throw brokenData(name, failed);
        if (ended) return 0;
        await new Promise<void>((resolve) => {
          wake = resolve;
          decoder.resume();
        });
      }
      const [chunk = into] = queue;
      const part = chunk.subarray(0, into.length);
      into.set(part);
      if (part.length === chunk.length) queue.shift();
      else queue[0] = chunk.subarray(part.length);
      return part.length;
    },
  };
}

async function* chunks(from: BlockReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    // A fresh buffer each time: zlib reads it on another thread after this generator has moved on.
    const chunk = Buffer.allocUnsafe(inputSize);
    const size = await from.read(chunk);
    if (size === 0) return;
    yield chunk.subarray(0, size);
  }
}
