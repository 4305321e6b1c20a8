import { createSocket } from 'node:dgram';
import type { Helper } from '../kit.ts';

/** A name server on loopback that knows no name (NXDOMAIN), so that no query leaves the machine. */
export function emptyDns(): Promise<Helper> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const reply = Buffer.from(query);
    reply.writeUInt16BE(0x8183, 2);
    socket.send(reply, from.port, from.address);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const close = (): Promise<void> => new Promise((done) => socket.close(() => done()));
      resolve({ port: socket.address().port, close });
    });
  });
}
