import { connect as connectHttp2 } from 'node:http2';
import { logsRequest, type Shape } from './otlp.ts';

/** One gRPC connection that sends access logs as Envoy does. */
export interface Sender {
  /** How many records the Collector accepted; one request after the other, as one worker of Envoy sends. */
  send(what: { readonly requests: number } & Shape): Promise<number>;
  close(): void;
}

/** OTLP/gRPC without a gRPC library: HTTP/2, five bytes of framing, and a status in the trailers. */
export async function connect(port: number): Promise<Sender> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  await new Promise<void>((resolve, reject) => {
    session.once('connect', () => resolve());
    session.once('error', reject);
  });
  const call = (message: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      let status: unknown;
      stream.on('response', (headers) => {
        status = headers['grpc-status'] ?? status;
      });
      stream.on('trailers', (trailers) => {
        status = trailers['grpc-status'];
      });
      stream.on('error', reject);
      stream.on('close', () =>
        status === '0' ? resolve() : reject(new Error(`the Collector answered ${String(status)}`)),
      );
      stream.resume();
      const frame = Buffer.alloc(5);
      frame.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([frame, message]));
    });
  return {
    async send({ requests, ...shape }) {
      const message = logsRequest(shape);
      for (let i = 0; i < requests; i++) await call(message);
      return requests * shape.records;
    },
    close: () => session.close(),
  };
}
