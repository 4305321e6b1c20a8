import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { Helper } from '../kit.ts';
import { serve } from './server.ts';

/** `cut` drops every connection without a word: sessions do not let anyone touch their sockets, so those are kept here. */
type OnStream = (stream: ServerHttp2Stream, cut: () => void) => void;

/** A cleartext HTTP/2 server (prior knowledge); what happens on a stream is the scenario's. */
export function http2Backend(onStream: OnStream): Promise<Helper> {
  const server = createServer();
  const sockets: Socket[] = [];
  const cut = (): void => {
    for (const socket of sockets.splice(0)) socket.destroy();
  };
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    onStream(stream, cut);
  });
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('sessionError', () => undefined);
  return serve(server as unknown as Server);
}

/** A gRPC service that ends every call with this status; `message` is sent before it, as a frame. */
export function grpcBackend(status: number, message?: Buffer): Promise<Helper> {
  return http2Backend((stream) => {
    stream.resume();
    const trailers = {
      'grpc-status': String(status),
      ...(status === 0 ? {} : { 'grpc-message': 'the application said so' }),
    };
    if (!message) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailers }, { endStream: true });
      return;
    }
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end(grpcFrame(message));
  });
}

/** A gRPC message on the wire: a flag, a length, the bytes. */
export function grpcFrame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
