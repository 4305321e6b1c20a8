import { createServer, type Server } from 'node:net';

// Below what Linux (32768 and up) and macOS (49152 and up) give to connections that go out: of those, any may take a port between the moment
// that it is found free and the moment that a tool listens on it, and with hundreds of connections in a test run one did.
const lowest = 10_000;
const highest = 29_999;

/**
 * Ports that nobody listens on, all different because all are held at once; for tools that must be told one. What asks at the same time is told
 * others with near certainty, for they are drawn from 20,000.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: { readonly port: number; readonly server: Server }[] = [];
  try {
    for (let tries = 0; held.length < count; tries++) {
      if (tries > 1000) throw new Error(`${count} free ports between ${lowest} and ${highest} were not to be found`);
      const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
      const server = await hold(port);
      if (server) held.push({ port, server });
    }
  } finally {
    await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  }
  return held.map(({ port }) => port);
}

/** Listens on every address, because a tool may; undefined where somebody does already. */
function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(port, () => resolve(server));
  });
}
