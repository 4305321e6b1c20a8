import { createServer, type RequestListener } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { Certificate } from '../certificate.ts';
import type { Helper } from '../kit.ts';
import { serve } from './server.ts';

/** A well-behaved HTTP/1.1 server with a long keep-alive; what it answers is the scenario's. */
export function http1Backend(
  handler: RequestListener,
  tls?: Certificate & { readonly requestCert?: boolean },
): Promise<Helper> {
  const server = tls
    ? createTls(
        { key: tls.key, cert: tls.cert, ...(tls.requestCert ? { requestCert: true, rejectUnauthorized: true } : {}) },
        handler,
      )
    : createServer(handler);
  server.keepAliveTimeout = 60_000;
  return serve(server);
}

/** Answers every request alike, after reading its body. */
export function answering(
  status = 200,
  body = 'ok\n',
  headers: Record<string, string> = {},
  afterMs = 0,
): Promise<Helper> {
  return http1Backend((request, response) => {
    request.resume().on('end', () => {
      setTimeout(() => {
        const bare = status === 204 || status === 304;
        response.writeHead(status, { 'content-type': 'text/plain', ...headers });
        response.end(bare ? undefined : body);
      }, afterMs);
    });
  });
}
