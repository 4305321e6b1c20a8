import { fullBacklog } from '../backends/full-backlog.ts';
import { answering, http1Backend } from '../backends/http1.ts';
import { rawListener } from '../backends/raw.ts';
import { times } from '../clients/http1.ts';
import { type JsonObject, typed } from '../json.ts';
import type { Kit } from '../kit.ts';
import type { Expectation, Scenario, Verdict } from '../scenario.ts';

/** Nothing listens on tcpmux on any machine this runs on, and it is outside the range of ephemeral ports. */
export const closedPort = 1;

const failed = (reason: string): RegExp => new RegExp(`^upstream_reset_before_response_started\\{${reason}\\}$`);
const expect = (reason: string, lines = 2) => ({ status: 503, flags: ['UF'], details: failed(reason), lines });

/** TLS towards the backend; with `authority` its certificate is verified against that file. */
export function tlsTo(authority?: string, version?: 'TLSv1_2' | 'TLSv1_3'): JsonObject {
  const params = version
    ? { tls_params: { tls_minimum_protocol_version: version, tls_maximum_protocol_version: version } }
    : {};
  const validation = authority === undefined ? {} : { validation_context: { trusted_ca: { filename: authority } } };
  const context = typed('transport_sockets.tls.v3.UpstreamTlsContext', {
    common_tls_context: { ...validation, ...params },
  });
  return { transport_socket: { name: 'envoy.transport_sockets.tls', typed_config: context } };
}
const trustedBy = (kit: Kit): string => `${kit.dir}/trusted.pem`;

const clientCertificate = (
  name: string,
  title: string,
  version: 'TLSv1_2' | 'TLSv1_3',
  verdict: Verdict,
  expected: Expectation,
): Scenario => ({
  ...{ name, title, ...verdict, expect: expected },
  prepare: async (kit) => {
    const { port } = await kit.use(
      http1Backend((_, response) => response.end(), { ...kit.trusted, requestCert: true }),
    );
    return { endpoints: [port], cluster: tlsTo(trustedBy(kit), version), run: times(2) };
  },
});

export const connectScenarios: readonly Scenario[] = [
  {
    ...{ name: 'connect-refused', title: 'nothing listens on the port', side: 'backend', cause: 'connect-refused' },
    expect: expect('remote_connection_failure\\|delayed_connect_error:_Connection_refused', 3),
    prepare: () => ({ endpoints: [closedPort], run: times(3) }),
  },
  {
    ...{ name: 'connect-timeout', title: 'the SYN is never answered', side: 'between', cause: 'connect-timeout' },
    expect: expect('connection_timeout', 1),
    prepare: async (kit) => {
      const { port } = await kit.use(fullBacklog());
      return { endpoints: [port], cluster: { connect_timeout: '0.4s' }, run: times(1) };
    },
  },
  {
    ...{
      name: 'tls-handshake-timeout',
      title: 'the TLS handshake never ends',
      side: 'between',
      cause: 'connect-timeout',
    },
    expect: expect('connection_timeout', 2),
    prepare: async (kit) => {
      const { port } = await kit.use(rawListener((socket) => socket.resume()));
      return { endpoints: [port], cluster: { connect_timeout: '0.4s', ...tlsTo() }, run: times(2) };
    },
  },
  {
    ...{ name: 'network-unreachable', title: 'no route to the host', side: 'between', cause: 'network-unreachable' },
    // The kernel refuses to open TCP to a multicast address at once; no packet leaves.
    expect: expect('remote_connection_failure\\|immediate_connect_error:_Network_is_unreachable.*', 2),
    prepare: () => ({ endpoints: [{ address: '224.0.0.1', port: 8080 }], run: times(2) }),
  },
  {
    ...{ name: 'connect-reset', title: 'the TLS handshake is reset', side: 'between', cause: 'connect-reset' },
    expect: expect('remote_connection_failure\\|TLS_error:.*Connection_reset_by_peer.*', 2),
    prepare: async (kit) => {
      const { port } = await kit.use(rawListener((socket) => socket.once('data', () => socket.resetAndDestroy())));
      return { endpoints: [port], cluster: tlsTo(), run: times(2) };
    },
  },
  {
    ...{
      name: 'tls-handshake-closed',
      title: 'the TLS handshake is closed by the peer',
      side: 'between',
      cause: 'tls-handshake-closed',
    },
    expect: expect('remote_connection_failure', 2),
    prepare: async (kit) => {
      const { port } = await kit.use(rawListener((socket) => socket.once('data', () => socket.end())));
      return { endpoints: [port], cluster: tlsTo(), run: times(2) };
    },
  },
  {
    ...{
      name: 'tls-to-plaintext',
      title: 'TLS to a port that speaks plain HTTP',
      side: 'gateway',
      cause: 'tls-to-plaintext',
    },
    expect: expect('remote_connection_failure\\|TLS_error:.*WRONG_VERSION_NUMBER.*'),
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      return { endpoints: [port], cluster: tlsTo(), run: times(2) };
    },
  },
  {
    ...{
      name: 'tls-verify-failed',
      title: "the backend's certificate is a stranger's",
      side: 'between',
      cause: 'tls-verify-failed',
    },
    expect: expect('remote_connection_failure\\|TLS_error:.*CERTIFICATE_VERIFY_FAILED.*'),
    prepare: async (kit) => {
      const { port } = await kit.use(http1Backend((_, response) => response.end(), kit.stranger));
      return { endpoints: [port], cluster: tlsTo(trustedBy(kit)), run: times(2) };
    },
  },
  clientCertificate(
    'tls-client-certificate',
    'the backend demands a client certificate, TLS 1.2: it says so with an alert',
    'TLSv1_2',
    { side: 'between', cause: 'tls-error' },
    expect('remote_connection_failure\\|TLS_error:.*SSLV3_ALERT_HANDSHAKE_FAILURE.*'),
  ),
  clientCertificate(
    'tls13-client-certificate',
    'the same with TLS 1.3: for Envoy the handshake is over when the refusal comes',
    'TLSv1_3',
    { side: 'unknown', cause: 'connection-terminated' },
    {
      ...{ status: 503, flags: ['UC'], lines: 2 },
      details: 'upstream_reset_before_response_started{connection_termination}',
    },
  ),
  {
    ...{ name: 'tls-healthy', title: 'TLS to the backend that goes well', side: 'none', cause: null },
    expect: { status: 200, flags: [], details: 'via_upstream', lines: 2 },
    prepare: async (kit) => {
      const { port } = await kit.use(http1Backend((_, response) => response.end('ok\n'), kit.trusted));
      return { endpoints: [port], cluster: tlsTo(trustedBy(kit)), run: times(2) };
    },
  },
  {
    ...{ name: 'tls-secret-missing', title: 'the control plane never sent the certificate' },
    ...{ side: 'gateway', cause: 'tls-secret-missing' },
    expect: expect('.*Secret_is_not_supplied_by_SDS.*'),
    prepare: async (kit) => {
      const { port } = await kit.use(http1Backend((_, response) => response.end('ok\n'), kit.trusted));
      const source: JsonObject = {
        initial_fetch_timeout: '0.1s',
        resource_api_version: 'V3',
        api_config_source: {
          ...{ api_type: 'GRPC', transport_api_version: 'V3' },
          grpc_services: [{ envoy_grpc: { cluster_name: 'cluster_connect_refused' } }],
        },
      };
      const context = typed('transport_sockets.tls.v3.UpstreamTlsContext', {
        common_tls_context: { validation_context_sds_secret_config: { name: 'ca', sds_config: source } },
      });
      const socket = { transport_socket: { name: 'envoy.transport_sockets.tls', typed_config: context } };
      return { endpoints: [port], cluster: socket, run: times(2) };
    },
  },
  {
    ...{ name: 'plaintext-to-tls', title: 'plain HTTP to a TLS port', side: 'unknown', cause: 'connection-terminated' },
    expect: {
      ...{ status: 503, flags: ['UC'], lines: 2 },
      details: 'upstream_reset_before_response_started{connection_termination}',
    },
    prepare: async (kit) => {
      const { port } = await kit.use(http1Backend((_, response) => response.end(), kit.trusted));
      return { endpoints: [port], run: times(2) };
    },
  },
  {
    ...{ name: 'local-connection-failure', title: 'Envoy cannot bind its source address' },
    ...{ side: 'gateway', cause: 'local-connection-failure' },
    expect: expect('.*', 2),
    prepare: async (kit) => {
      const { port } = await kit.use(answering());
      const bind = { upstream_bind_config: { source_address: { address: '192.0.2.1', port_value: 0 } } };
      return { endpoints: [port], cluster: bind, run: times(2) };
    },
  },
];
