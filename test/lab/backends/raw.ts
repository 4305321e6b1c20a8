import { createServer, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import type { Certificate } from '../certificate.ts';
import type { Helper } from '../kit.ts';
import { serve } from './server.ts';

/** One request as a backend without manners sees it: bytes on a socket. */
export interface Exchange {
  readonly socket: Socket;
  readonly head: string;
  /** 1 for the first request of this connection. */
  readonly nth: number;
  /** 1 for the first connection of this backend. */
  readonly connection: number;
}

export const okReply = 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n';

/** Calls back once per request head; bodies are not looked at, so use it with requests that have none. */
export function rawBackend(onRequest: (exchange: Exchange) => void, tls?: Certificate): Promise<Helper> {
  let connections = 0;
  const accept = (socket: Socket): void => {
    const connection = ++connections;
    let nth = 0;
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        nth += 1;
        onRequest({ socket, head, nth, connection });
      }
    });
  };
  return serve(tls ? createTls({ key: tls.key, cert: tls.cert }, accept) : createServer(accept));
}

/** Accepts and does what it is told with the bare connection: nothing at all, or a reset. */
export function rawListener(onConnection: (socket: Socket) => void): Promise<Helper> {
  return serve(createServer(onConnection));
}
