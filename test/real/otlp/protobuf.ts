/** As much of Protocol Buffers' wire format as OTLP's logs need (https://protobuf.dev/programming-guides/encoding/). */

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A field that holds a text, bytes or another message. */
export function lengthDelimited(field: number, content: string | Uint8Array): Buffer {
  const data = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([varint(field * 8 + 2), varint(data.length), data]);
}

/** A field of eight bytes, such as a time in nanoseconds. */
export function fixed64(field: number, value: bigint): Buffer {
  const data = Buffer.alloc(9);
  data[0] = field * 8 + 1;
  data.writeBigUInt64LE(value, 1);
  return data;
}

/** One field of a message: bytes of a text or message, or a number. */
export type Member = readonly [field: number, content: Buffer | number];

/** Every field of a message in order. Numbers are right up to 2^53, which is enough for what the tests count. */
export function* members(message: Buffer): Generator<Member> {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error(`the message ends inside a number, at byte ${at - 1}`);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = number();
    const [kind, field] = [key % 8, Math.floor(key / 8)];
    const length = kind === 1 ? 8 : kind === 5 ? 4 : kind === 2 ? number() : 0;
    if (kind === 0) yield [field, number()];
    else if (kind === 1 || kind === 2 || kind === 5) yield [field, message.subarray(at, at + length)];
    else throw new Error(`wire type ${kind} at byte ${at} is none that OTLP has`);
    at += length;
  }
}

/** The contents of every `field` that holds a text, bytes or a message. */
export function* contents(message: Buffer, field: number): Generator<Buffer> {
  for (const [f, content] of members(message)) if (f === field && typeof content !== 'number') yield content;
}
