import { type ClientHttp2Stream, connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Call {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
  /** Resets the stream (RST_STREAM CANCEL) after this time. */
  readonly cancelAfterMs?: number;
  readonly patienceMs?: number;
}

/** One cleartext HTTP/2 request; resolves with the status however it ends. */
export function call(port: number, options: Call = {}): Promise<number> {
  return new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`);
    let status = 0;
    const finish = (): void => {
      session.destroy();
      resolve(status);
    };
    session.on('error', finish);
    const stream: ClientHttp2Stream = session.request({
      ...{ ':method': 'POST', ':path': '/orders/42?page=2&token=example', ':authority': 'shop.example.com' },
      ...{ 'user-agent': 'lab/1.0', 'x-forwarded-for': '198.51.100.7' },
      ...options.headers,
    });
    stream.on('response', (headers) => {
      status = Number(headers[':status'] ?? 0);
    });
    stream.on('error', () => undefined);
    stream.on('close', () => void sleep(30).then(finish));
    stream.resume();
    stream.end(options.body);
    if (options.cancelAfterMs !== undefined) {
      setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), options.cancelAfterMs);
    }
    setTimeout(finish, options.patienceMs ?? 10_000).unref();
  });
}

/** A gRPC call with an empty message. */
export const grpc =
  (path = '/inventory.v1.Stock/Reserve', options: Call = {}) =>
  (port: number): Promise<number> =>
    call(port, {
      body: Buffer.alloc(5),
      ...options,
      headers: { ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...options.headers },
    });
