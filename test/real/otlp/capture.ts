import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { fields } from '../../../src/envoy/fields.ts';
import { contents } from './protobuf.ts';

/** A stand-in for a log store that takes OTLP over HTTP. It can go away and come back on the same port. */
export interface Capture {
  readonly port: number;
  /** How often each request id arrived in a request that was answered with 200. */
  readonly ids: ReadonlyMap<string, number>;
  /** Refuses connections, as a store does that is down. */
  away(): Promise<void>;
  /** Takes everything again, each request after `delayMs`. */
  back(delayMs?: number): Promise<void>;
}

/** One request as it arrived: its body as it was sent, and without its compression. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly message: Buffer;
}

/** Starts one on a free port; whatever arrives is shown to `seen` too. */
export async function startCapture(seen: (request: Arrived) => void = () => undefined): Promise<Capture> {
  const ids = new Map<string, number>();
  let server: Server | undefined;
  let port = 0;
  const away = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    closing.close();
    closing.closeAllConnections();
    await once(closing, 'close');
  };
  const back = async (delayMs = 0): Promise<void> => {
    await away();
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      try {
        for await (const part of request) parts.push(part as Buffer);
      } catch {
        // The sender was killed in the middle; what did not arrive whole was not delivered.
        return;
      }
      await sleep(delayMs);
      const body = Buffer.concat(parts);
      const message = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const { method = '', url: path = '', headers } = request;
      seen({ method, path, headers, body, message });
      for (const id of headers['content-type'] === 'application/x-protobuf' && path.endsWith('/v1/logs')
        ? requestIds(message)
        : [])
        ids.set(id, (ids.get(id) ?? 0) + 1);
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') port = address.port;
  };
  await back();
  return {
    get port() {
      return port;
    },
    ids,
    away,
    back,
  };
}

/** Of every record in an export request: resource_logs (1), scope_logs (2), log_records (2), attributes (6), key (1), value (2), string (1). */
function* requestIds(message: Buffer): Generator<string> {
  for (const resource of contents(message, 1))
    for (const scope of contents(resource, 2))
      for (const record of contents(scope, 2))
        for (const attribute of contents(record, 6)) {
          const [key] = contents(attribute, 1);
          if (key?.toString() !== fields.requestId.name) continue;
          for (const value of contents(attribute, 2)) for (const text of contents(value, 1)) yield text.toString();
        }
}
