import { constants } from 'node:http2';
import { answering } from '../backends/http1.ts';
import { http2Backend } from '../backends/http2.ts';
import { okReply, rawBackend } from '../backends/raw.ts';
import { ask, times } from '../clients/http1.ts';
import { typed } from '../json.ts';
import { healthy, type Scenario } from '../scenario.ts';

const before = (reason: string): string => `upstream_reset_before_response_started{${reason}}`;
const after = (reason: string): string => `upstream_reset_after_response_started{${reason}}`;
const cutVerdict = { side: 'backend', cause: 'response-cut' } as const;
const protocol = { side: 'backend', cause: 'upstream-protocol-error' } as const;
const half = `HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${'a'.repeat(200)}`;
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n';

/** A backend that starts an HTTP/1 answer and leaves. */
const cutHttp1 = (name: string, title: string, start: string, how: 'end' | 'resetAndDestroy'): Scenario => ({
  ...{ name, title, ...cutVerdict },
  expect: { status: 200, flags: ['UPE'], details: after('protocol_error'), lines: 2 },
  prepare: async (kit) => {
    const { port } = await kit.use(
      rawBackend(({ socket }) => {
        socket.write(start);
        setTimeout(() => socket[how](), 50);
      }),
    );
    return { endpoints: [port], run: times(2) };
  },
});

/** A backend that answers with bytes that are no proper HTTP/1 response. */
const garbage = (name: string, title: string, reply: string, cluster = {}): Scenario => ({
  ...{ name, title, ...protocol },
  expect: { status: 502, flags: ['UPE'], details: before('protocol_error'), lines: 2 },
  prepare: async (kit) => {
    const { port } = await kit.use(rawBackend(({ socket }) => void socket.write(reply)));
    return { endpoints: [port], cluster, run: times(2) };
  },
});

export const responseScenarios: readonly Scenario[] = [
  cutHttp1('cut-http1-close', 'the body ends early with a close', half, 'end'),
  cutHttp1('cut-http1-reset', 'the body ends early with a reset', half, 'resetAndDestroy'),
  cutHttp1('cut-http1-chunked', 'the chunked body has no last chunk', chunked, 'end'),
  {
    ...{ name: 'cut-http2-connection', title: 'an HTTP/2 backend drops the connection in the body', ...cutVerdict },
    expect: { status: 200, flags: ['UC'], details: after('connection_termination'), lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(
        http2Backend((stream, cut) => {
          stream.respond({ ':status': 200 });
          stream.write('half');
          setTimeout(cut, 50);
        }),
      );
      return { endpoints: [port], http2: true, run: times(2) };
    },
  },
  {
    ...{ name: 'cut-http2-stream', title: 'an HTTP/2 backend resets the stream in the body', ...cutVerdict },
    expect: { status: 200, flags: ['UR'], details: after('remote_reset'), lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(
        http2Backend((stream) => {
          stream.respond({ ':status': 200 });
          stream.write('half');
          setTimeout(() => stream.destroy(new Error('lab')), 50);
        }),
      );
      return { endpoints: [port], http2: true, run: times(2) };
    },
  },
  {
    ...{
      name: 'upstream-reset',
      title: 'an HTTP/2 backend resets the stream',
      side: 'backend',
      cause: 'upstream-reset',
    },
    expect: { status: 503, flags: ['UR'], details: before('remote_reset'), lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(http2Backend((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)));
      return { endpoints: [port], http2: true, run: times(2) };
    },
  },
  {
    ...{ name: 'upstream-refused-stream', title: 'an HTTP/2 backend refuses the stream' },
    ...{ side: 'backend', cause: 'upstream-refused-stream' },
    expect: { status: 503, flags: ['UR'], details: before('remote_refused_stream_reset'), lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(http2Backend((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)));
      return { endpoints: [port], http2: true, run: times(2) };
    },
  },
  garbage('upstream-garbage', 'the port does not speak HTTP', '220 mail.example.com ESMTP ready\r\n'),
  garbage(
    'upstream-headers-too-large',
    "the answer's headers are too large",
    `HTTP/1.1 200 OK\r\nset-cookie: ${'c'.repeat(200_000)}\r\ncontent-length: 0\r\n\r\n`,
  ),
  garbage(
    'upstream-both-lengths',
    'the answer has two lengths',
    'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  ),
  {
    ...{ name: 'http2-to-http1', title: 'HTTP/2 to a backend that only speaks HTTP/1', ...protocol },
    expect: { status: 502, flags: ['UPE'], details: before('protocol_error'), lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(
        rawBackend(({ socket }) => void socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')),
      );
      return { endpoints: [port], http2: true, run: times(2) };
    },
  },
  {
    ...{ name: 'http1-to-http2', title: 'HTTP/1 to a backend that only speaks HTTP/2', ...protocol },
    expect: { status: 502, flags: ['UPE'], details: before('protocol_error'), lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(http2Backend((stream) => stream.respond({ ':status': 200 }, { endStream: true })));
      return { endpoints: [port], run: times(2) };
    },
  },
  {
    ...{ name: 'response-too-large', title: 'the answer does not fit the buffer of a filter that wants all of it' },
    ...{ side: 'backend', cause: 'response-too-large' },
    expect: { status: 500, flags: [], details: 'response_payload_too_large', lines: 1 },
    prepare: async (kit) => {
      const { port } = await kit.use(answering(200, 'b'.repeat(200_000)));
      const code = 'function envoy_on_response(handle) handle:body() end';
      const lua = {
        name: 'lua',
        typed_config: typed('filters.http.lua.v3.Lua', { default_source_code: { inline_string: code } }),
      };
      return {
        endpoints: [port],
        filters: [lua],
        listener: { per_connection_buffer_limit_bytes: 1024 },
        run: times(1),
      };
    },
  },
  {
    ...{ name: 'cut-http1-reused', title: 'the body ends early on a connection that had served before', ...cutVerdict },
    expect: { status: 200, flags: ['UPE'], details: after('protocol_error'), lines: 1 },
    also: [healthy(1)],
    prepare: async (kit) => {
      const { port } = await kit.use(
        rawBackend(({ socket, nth }) => {
          socket.write(nth === 1 ? okReply : half);
          if (nth > 1) setTimeout(() => socket.end(), 50);
        }),
      );
      const run = async (p: number): Promise<void> => {
        await ask(p);
        await ask(p);
      };
      return { endpoints: [port], run };
    },
  },
];
