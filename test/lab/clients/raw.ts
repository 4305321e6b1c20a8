import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A bare connection to Envoy, for requests that no HTTP client would send. */
export interface Wire {
  readonly socket: Socket;
  /** Everything received so far. */
  received(): string;
  /** Resolves when the text has been received, the connection is closed, or the time is up. */
  until(text: string, ms?: number): Promise<void>;
  closed(ms?: number): Promise<void>;
}

/** Connects; errors are kept quiet, because resets are part of the play. */
export function wire(port: number): Promise<Wire> {
  return new Promise((resolve) => {
    let text = '';
    let ended = false;
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      ended = true;
    });
    const wait = async (ready: () => boolean, ms: number): Promise<void> => {
      for (const deadline = Date.now() + ms; !ready() && !ended && Date.now() < deadline; ) await sleep(5);
    };
    socket.once('connect', () => {
      resolve({
        socket,
        received: () => text,
        until: (wanted, ms = 5000) => wait(() => text.includes(wanted), ms),
        closed: (ms = 5000) => wait(() => false, ms),
      });
    });
    socket.once('error', () =>
      resolve({ socket, received: () => text, until: async () => {}, closed: async () => {} }),
    );
  });
}

/** The head of an ordinary request. */
export function head(method: string, path: string, ...headers: readonly string[]): string {
  const lines = ['host: shop.example.com', 'user-agent: lab/1.0', 'x-forwarded-for: 198.51.100.7', ...headers];
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** Sends bytes and waits until Envoy closes or the time is up. */
export const send =
  (bytes: string | Buffer, ms = 1000) =>
  async (port: number): Promise<void> => {
    const w = await wire(port);
    w.socket.write(bytes);
    await w.until('\r\n\r\n', ms);
    await sleep(20);
    w.socket.destroy();
  };

/** n times: announces a body, sends a piece of it, and waits for an answer. */
export const partOfUpload =
  (n: number) =>
  async (port: number): Promise<void> => {
    for (let i = 0; i < n; i++) {
      const w = await wire(port);
      w.socket.write(`${head('POST', '/upload', 'content-length: 100000')}${'0123456789'.repeat(200)}`);
      await w.until('\r\n\r\n', 2000);
      await sleep(20);
      w.socket.destroy();
    }
  };
