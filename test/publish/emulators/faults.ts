import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong on the way: `instead` of being handled, `after` it was handled (the answer is lost), or a socket that closes. */
export interface Fault {
  readonly when: (method: string, path: string) => boolean;
  readonly how: 'instead' | 'after' | 'hang up' | 'hang up after';
  readonly answer?: Answer;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A server on loopback that handles JSON requests one after the other, with faults to order. */
export abstract class Emulator {
  readonly seen: Seen[] = [];
  readonly faults: Fault[] = [];
  #server: Server | undefined;
  url = '';

  /** Runs before a request is handled: for people who save in the middle of something. */
  before: (method: string, path: string) => void = () => {};

  protected abstract handle(method: string, url: URL, request: IncomingMessage, body: unknown): Answer;

  async start(): Promise<this> {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((done) => this.#server?.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
  }

  /** Requests that were let in and changed something. */
  writes(): readonly Seen[] {
    return this.seen.filter((s) => s.method !== 'GET' && s.status < 300 && !s.path.includes('/validate'));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://emulator');
    const method = request.method ?? 'GET';
    this.before(method, url.pathname);
    const at = this.faults.findIndex((f) => f.when(method, url.pathname));
    const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
    const text = Buffer.concat(chunks).toString('utf8');
    let answer: Answer;
    if (fault?.how === 'instead' && fault.answer) answer = fault.answer;
    else if (fault?.how === 'hang up') return void response.destroy();
    else {
      try {
        answer = this.handle(method, url, request, text === '' ? undefined : JSON.parse(text));
      } catch (error) {
        answer = { status: 400, body: { message: String(error), errors: [String(error)] } };
      }
      this.seen.push({ method, path: url.pathname, status: answer.status });
      if (fault?.how === 'hang up after') return void response.destroy();
      if (fault?.how === 'after' && fault.answer) answer = fault.answer;
    }
    if (fault?.how === 'instead') this.seen.push({ method, path: url.pathname, status: answer.status });
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  }
}
