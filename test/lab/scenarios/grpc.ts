import { constants } from 'node:http2';
import { grpcBackend, http2Backend } from '../backends/http2.ts';
import { rawListener } from '../backends/raw.ts';
import { grpc } from '../clients/http2.ts';
import type { Scenario, Side } from '../scenario.ts';
import { closedPort } from './connect.ts';

const twice = async (port: number): Promise<void> => {
  await grpc()(port);
  await grpc()(port);
};
const local = (flag: string, details: string | RegExp) => ({ status: 200, flags: [flag], details, lines: 2 });

/** An application that ends its calls with a status of its own; HTTP says 200. */
const own = (status: number, word: string, side: Side, cause: string): Scenario => ({
  ...{ name: `grpc-${word}`, title: `the application's own gRPC status ${status}`, side, cause },
  expect: { status: 200, flags: [], details: 'via_upstream', lines: 2 },
  prepare: async (kit) => {
    const { port } = await kit.use(grpcBackend(status));
    return { endpoints: [port], http2: true, run: twice };
  },
});

export const grpcScenarios: readonly Scenario[] = [
  own(14, 'unavailable', 'backend', 'grpc-backend-error'),
  own(13, 'internal', 'backend', 'grpc-backend-error'),
  own(5, 'not-found', 'client', 'grpc-client-error'),
  own(16, 'unauthenticated', 'client', 'grpc-client-error'),
  {
    ...{
      name: 'grpc-no-host',
      title: 'gRPC without an endpoint: HTTP 200',
      side: 'backend',
      cause: 'no-healthy-upstream',
    },
    expect: local('UH', 'no_healthy_upstream'),
    prepare: () => ({ endpoints: [], http2: true, run: twice }),
  },
  {
    ...{ name: 'grpc-refused', title: 'gRPC, refused: HTTP 200', side: 'backend', cause: 'connect-refused' },
    expect: local('UF', /Connection_refused\}$/),
    prepare: () => ({ endpoints: [closedPort], http2: true, run: twice }),
  },
  {
    ...{ name: 'grpc-timeout', title: 'gRPC, route timeout: HTTP 200', side: 'backend', cause: 'route-timeout' },
    expect: local('UT', 'response_timeout'),
    prepare: async (kit) => {
      const { port } = await kit.use(http2Backend((stream) => stream.resume()));
      return { endpoints: [port], http2: true, action: { timeout: '0.4s' }, run: twice };
    },
  },
  {
    ...{
      name: 'grpc-reset',
      title: 'gRPC, the backend resets the stream: HTTP 200',
      side: 'backend',
      cause: 'upstream-reset',
    },
    expect: local('UR', /remote_reset\}$/),
    prepare: async (kit) => {
      const { port } = await kit.use(http2Backend((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)));
      return { endpoints: [port], http2: true, run: twice };
    },
  },
  {
    ...{
      name: 'grpc-closed',
      title: 'gRPC, the backend closes the connection: HTTP 200',
      side: 'backend',
      cause: 'backend-connection-closed',
    },
    expect: local('UC', /connection_termination\}$/),
    prepare: async (kit) => {
      const { port } = await kit.use(
        rawListener((socket) => void socket.once('data', () => setTimeout(() => socket.destroy(), 40))),
      );
      return { endpoints: [port], http2: true, run: twice };
    },
  },
];
