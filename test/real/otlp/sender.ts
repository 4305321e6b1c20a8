import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';

const logsPath = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
export const tracesPath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/**
 * Sends export requests to a Collector over gRPC, shared among connections that each have a few under way, as fast as they are taken. Throws at
 * the first that is not accepted, so what it returns from was all acknowledged; `taken` is told of each that was.
 */
export async function send(
  ports: readonly number[],
  requests: Iterable<Buffer> | AsyncIterable<Buffer>,
  {
    connections = 8,
    underWay = 2,
    path = logsPath,
    taken = () => undefined,
  }: {
    readonly connections?: number;
    readonly underWay?: number;
    readonly path?: string;
    readonly taken?: (request: Buffer) => void;
  } = {},
): Promise<void> {
  const next = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
  const sessions = Array.from({ length: connections }, (_, i) =>
    connect(`http://127.0.0.1:${ports[i % ports.length]}`),
  );
  // A call that the end of its connection breaks says so itself.
  for (const session of sessions) session.on('error', () => undefined);
  const worker = async (session: ClientHttp2Session): Promise<void> => {
    for (let item = await next.next(); !item.done; item = await next.next()) {
      await call(session, path, item.value);
      taken(item.value);
    }
  };
  try {
    await Promise.all(sessions.flatMap((session) => Array.from({ length: underWay }, () => worker(session))));
  } finally {
    for (const session of sessions) session.destroy();
  }
}

/** One unary call (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): five bytes of frame, and the status in the trailers. */
async function call(session: ClientHttp2Session, path: string, message: Buffer): Promise<void> {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let status: string | undefined;
  let said = '';
  const read = (headers: Readonly<Record<string, unknown>>): void => {
    status = (headers['grpc-status'] as string | undefined) ?? status;
    said = (headers['grpc-message'] as string | undefined) ?? said;
  };
  stream.on('response', read);
  stream.on('trailers', read);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  stream.write(frame);
  stream.end(message);
  stream.resume();
  await once(stream, 'close');
  if (status !== '0') throw new Error(`the Collector did not take a request: gRPC status ${status} ${said}`);
}
