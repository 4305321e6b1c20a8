import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';

/**
 * One message of an AWS event stream (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html has the encoding): lengths,
 * headers that are all strings, the payload, and a checksum of each part.
 */
export function eventMessage(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const [n, v] = [Buffer.from(name), Buffer.from(value)];
      const length = Buffer.alloc(3);
      length.writeUInt8(7);
      length.writeUInt16BE(v.length, 1);
      return Buffer.concat([Buffer.from([n.length]), n, length, v]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + body.length);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(Buffer.concat([prelude, head, body])));
  return Buffer.concat([prelude, head, body, sum]);
}

export interface LiveEvent {
  readonly timestamp: number;
  readonly message: string;
  readonly logStreamName: string;
  readonly logGroupIdentifier: string;
}

/** A Live Tail session of the emulator: it says what it is, then gives what arrives and matches, at most 500 of one update, the rest sampled away. */
export class LiveSession {
  readonly #response: ServerResponse;
  readonly #matches: (message: string) => boolean;
  readonly arns: readonly string[];

  constructor(response: ServerResponse, arns: readonly string[], pattern: string | undefined) {
    this.#response = response;
    this.arns = arns;
    this.#matches = matcher(pattern);
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    this.#send('initial-response', {});
    this.#send('sessionStart', { sessionId: 'session', logGroupIdentifiers: arns });
    this.update([]);
  }

  update(events: readonly LiveEvent[]): void {
    const matching = events.filter((e) => this.arns.includes(e.logGroupIdentifier) && this.#matches(e.message));
    this.#send('sessionUpdate', {
      sessionMetadata: { sampled: matching.length > 500 },
      sessionResults: matching.slice(0, 500),
    });
  }

  /** As after three hours, or when something fails there. */
  end(exception?: 'SessionTimeoutException' | 'SessionStreamingException'): void {
    if (exception === undefined) {
      this.#response.destroy();
      return;
    }
    const headers = { ':message-type': 'exception', ':exception-type': exception, ':content-type': 'application/json' };
    this.#response.end(eventMessage(headers, { message: 'the session has ended' }));
  }

  #send(type: string, payload: object): void {
    const headers = { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' };
    this.#response.write(eventMessage(headers, payload));
  }
}

/** What AWS documents of an expression that stands alone: these characters, no more. Anything else our source does not write. */
const expression = /^%[A-Za-z0-9_#=@/;,^$?[\]{}|\\*+.-]+%$/;

function matcher(pattern: string | undefined): (message: string) => boolean {
  if (pattern === undefined) return () => true;
  if (pattern.length > 1024 || !expression.test(pattern)) throw new Error(`no pattern of Live Tail: ${pattern}`);
  const compiled = new RegExp(pattern.slice(1, -1));
  return (message) => compiled.test(message);
}
