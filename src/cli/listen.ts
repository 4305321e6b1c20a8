import { createServer } from 'node:http';
import type { Page } from '../watch/pages.ts';
import { Failed } from './misuse.ts';

export interface Listening {
  /** `127.0.0.1:9464`, with the port that was given where 0 was asked for. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves pages over HTTP. Errors while serving are answered with 500 and told, never thrown. On loopback only requests that name this machine are
 * answered: a page of a stranger's in the user's browser can point a name of its own here (DNS rebinding), but not say another name than that.
 */
export async function listen(
  host: string,
  port: number,
  page: (method: string, path: string) => Promise<Page>,
  log: (message: string) => void,
): Promise<Listening> {
  const server = createServer((request, response) => {
    // The query is nobody's business here, and a hostile URL must not throw.
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const asked = isLoopback(host) && !namesLoopback(request.headers.host) ? misdirected : page;
    void asked(request.method ?? 'GET', path)
      .catch((error: unknown): Page => {
        log(error instanceof Error ? error.message : String(error));
        return { status: 500, contentType: 'text/plain', body: 'failed\n' };
      })
      .then(({ status, contentType, body }) => {
        response.writeHead(status, { 'content-type': contentType, 'x-content-type-options': 'nosniff' });
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Failed(
          `--listen ${host}:${port}: ${error.code === 'EADDRINUSE' ? 'something listens there already' : error.message}`,
          'another port, or --listen none',
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const given = address !== null && typeof address === 'object' ? address.port : port;
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${given}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** `localhost:8080`, `127.0.0.1`, `[::1]:9464`. */
const namesLoopback = (authority = ''): boolean =>
  isLoopback(
    authority
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1'),
  );

const misdirected = async (): Promise<Page> => ({
  status: 421,
  contentType: 'text/plain',
  body: 'ask for localhost\n',
});
