import type { AddressInfo, Server, Socket } from 'node:net';
import type { Helper } from '../kit.ts';

/** Listens on a free loopback port; closing also cuts what is still connected, because a lab must never wait for its own misbehaviour. */
export function serve(server: Server, options: { readonly backlog?: number } = {}): Promise<Helper> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, ...options }, () => {
      resolve({ port: (server.address() as AddressInfo).port, close });
    });
  });
}
