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

/** The contents of every length-delimited `field` in a message; fields of other kinds are stepped over. */
export function* contents(message: Buffer, field: number): Generator<Buffer> {
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
    const kind = key % 8;
    if (kind === 0) number();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) {
      const length = number();
      if (Math.floor(key / 8) === field) yield message.subarray(at, at + length);
      at += length;
    } else throw new Error(`wire type ${kind} at byte ${at} is none that OTLP has`);
  }
}
