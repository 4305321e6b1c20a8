import { type IncomingHttpHeaders, request } from 'node:http';

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Closes the connection when no complete answer has come by then. */
  readonly patienceMs?: number;
}

/** How a request ended for the client; status 0 = no answer. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One HTTP/1.1 request on a connection of its own. Never throws: a failed request is what the lab is for. */
export function ask(port: number, options: Ask = {}): Promise<Reply> {
  const { method = 'GET', path = '/orders/42?page=2&token=example', headers = {}, body, patienceMs = 15_000 } = options;
  return new Promise((resolve) => {
    let status = 0;
    let replyHeaders: IncomingHttpHeaders = {};
    let text = '';
    const done = (): void => resolve({ status, headers: replyHeaders, body: text });
    const outgoing = request({
      ...{ host: '127.0.0.1', port, method, path, agent: false },
      headers: {
        host: 'shop.example.com',
        'user-agent': 'lab/1.0',
        'x-forwarded-for': '198.51.100.7',
        'x-amzn-trace-id': 'Root=1-691e5f00-0123456789abcdef01234567',
        ...headers,
      },
    });
    const patience = setTimeout(() => outgoing.destroy(), patienceMs);
    outgoing.on('response', (response) => {
      status = response.statusCode ?? 0;
      replyHeaders = response.headers;
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', done);
      response.on('close', done);
    });
    outgoing.on('error', done);
    outgoing.on('close', () => {
      clearTimeout(patience);
      done();
    });
    outgoing.end(body);
  });
}

/** n requests one after the other. */
export const times =
  (n: number, options: Ask = {}) =>
  async (port: number): Promise<void> => {
    for (let i = 0; i < n; i++) await ask(port, options);
  };

/** n requests at once. */
export const together =
  (n: number, options: Ask = {}) =>
  async (port: number): Promise<void> => {
    await Promise.all(Array.from({ length: n }, () => ask(port, options)));
  };
