/** Bytes of one input, pulled: fills `into` from its start and says how many; 0 is the end. */
export interface BlockReader {
  read(into: Uint8Array): number | Promise<number>;
}

/** A line longer than this is rejected and skipped, so that memory stays flat: the Collector's largest OTLP batches are below it. */
export const maxLine = 32 * 1024 * 1024;

/** How much of an input is looked at to learn its format. */
export const learnBytes = 256 * 1024;

/** Reads until the buffer is full or the input ends. */
export async function fill(reader: BlockReader, into: Uint8Array): Promise<number> {
  let have = 0;
  while (have < into.length) {
    const got = await reader.read(into.subarray(have));
    if (got === 0) break;
    have += got;
  }
  return have;
}

/** The same bytes again, then the rest: for an input that can't be rewound. */
export function replay(first: Uint8Array, rest: BlockReader): BlockReader {
  let at = 0;
  return {
    read(into) {
      if (at >= first.length) return rest.read(into);
      const part = first.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
}
