import { kubectlTarget } from '../backend-name.ts';
import { type Cause, high, low, medium } from '../cause.ts';
import { type Facts, resetBefore } from '../facts.ts';
import { most } from '../group.ts';
import { range } from '../words.ts';

/** `503 UF`: no connection could be made. What the transport said tells who. Older Envoys wrote `connection_failure` for all of it. */
const failed = (f: Facts): boolean =>
  resetBefore(f, 'remote_connection_failure') ||
  resetBefore(f, 'connection_failure') ||
  (f.flag === 'UF' && (f.name === undefined || f.name === ''));

const says = (f: Facts, text: RegExp): boolean => failed(f) && f.transport !== undefined && text.test(f.transport);

const bySaying =
  (text: RegExp): Cause['match'] =>
  (f) =>
    says(f, text) ? high(`the transport said ${shorten(f.transport)}`) : undefined;

const shorten = (text: string | undefined): string =>
  text && text.length > 90 ? `${text.slice(0, 89)}…` : (text ?? '');

const refused: Cause = {
  code: 'connect-refused',
  title: 'Connection refused: nothing listens on the port',
  side: 'backend',
  match: bySaying(/connection_refused/i),
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: "Compare the Service's targetPort with the port the process listens on.",
        run: `kubectl -n ${ns} get service ${svc} -o jsonpath='{.spec.ports}' && kubectl -n ${ns} get endpointslices -l kubernetes.io/service-name=${svc}`,
      },
      {
        do: 'Pods that are ready before they listen, or that stop listening before they are out of the endpoints, need a readiness probe and a preStop sleep.',
        run: `kubectl -n ${ns} get pods -o wide`,
      },
    ];
  },
};

const unreachable: Cause = {
  code: 'network-unreachable',
  title: "The backend's address can't be reached: no route",
  side: 'between',
  match: bySaying(/no_route_to_host|network_is_unreachable|host_is_down/i),
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'A dead node or a stale endpoint: are the addresses still those of running pods?',
        run: `kubectl -n ${ns} get endpointslices -l kubernetes.io/service-name=${svc} -o wide && kubectl get nodes`,
      },
      {
        do: 'Then the network: NetworkPolicies, security groups, the CNI of that node.',
        run: `kubectl -n ${ns} get networkpolicies`,
      },
    ];
  },
};

const reset: Cause = {
  code: 'connect-reset',
  title: 'The connection attempt was reset: a load balancer, firewall or proxy refused it',
  side: 'between',
  match: bySaying(/connection_reset_by_peer|broken_pipe/i),
  next: () => [
    {
      do: 'Find what stands between Envoy and the pod (sidecar, security group, load balancer) and read its log for that time.',
    },
  ],
};

const plaintext: Cause = {
  code: 'tls-to-plaintext',
  title: 'Envoy speaks TLS to a port that does not',
  side: 'gateway',
  match: bySaying(/WRONG_VERSION_NUMBER|HTTP_REQUEST|UNKNOWN_PROTOCOL/),
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'Remove the TLS settings for that port (BackendTLSPolicy or BackendConfigPolicy.tls), or point the route at the TLS port.',
        run: `kubectl -n ${ns} get backendtlspolicies,backendconfigpolicies -o yaml | grep -n -B3 -A12 ${svc}`,
      },
    ];
  },
};

const verify: Cause = {
  code: 'tls-verify-failed',
  title: "The backend's certificate was not accepted",
  side: 'between',
  match: bySaying(/CERTIFICATE_VERIFY_FAILED|verify_cert_failed/),
  next: (g) => [
    {
      do: `Read the reason in the details (${shorten(g.details[0]?.name.match(/verify_cert_failed:_([^:]+)/)?.[1]) || 'unknown issuer, wrong name, expired'}) and compare the CA and hostname in the BackendTLSPolicy with what the pod serves.`,
    },
    {
      do: 'Look at the certificate itself.',
      run: 'openssl s_client -connect POD_IP:PORT -servername HOST </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
    },
  ],
};

const secret: Cause = {
  code: 'tls-secret-missing',
  title: 'The control plane did not deliver the certificate for this connection',
  side: 'gateway',
  match: bySaying(/Secret_is_not_supplied_by_SDS/i),
  next: () => [
    {
      do: 'The Secret that the TLS settings name: does it exist, in that namespace, with the right keys, and may the gateway read it?',
      run: 'kubectl -n kgateway-system logs deploy/kgateway --since=1h | grep -iE "secret|sds"',
    },
  ],
};

const tlsOther: Cause = {
  code: 'tls-error',
  title: 'The TLS handshake with the backend failed',
  side: 'between',
  match: bySaying(/TLS_error/i),
  next: () => [
    {
      do: "Try the handshake by hand with the same versions and names; the code in the details is BoringSSL's.",
      run: 'openssl s_client -connect POD_IP:PORT -servername HOST </dev/null',
    },
  ],
};

const handshakeClosed: Cause = {
  code: 'tls-handshake-closed',
  title: 'The peer closed the connection while it was being set up',
  side: 'between',
  match(f) {
    const nothing = resetBefore(f, 'remote_connection_failure') && f.transport === undefined;
    return nothing
      ? medium(
          'remote_connection_failure with nothing behind it: a backend that demands a client certificate looks like this',
        )
      : undefined;
  },
  next: () => [
    {
      do: 'Does the backend demand a client certificate (mTLS)? Then give Envoy one (BackendConfigPolicy tls.secretRef). If not, a proxy in front of it closes connections as they open.',
    },
  ],
};

const timeout: Cause = {
  code: 'connect-timeout',
  title: 'No connection within the connect timeout',
  side: 'between',
  match(f) {
    if (
      !resetBefore(f, 'connection_timeout') &&
      !says(f, /^(connection_timed_out|connect_timeout)|connect_error:_connection_timed_out/i)
    )
      return undefined;
    return medium(
      `gave up after ${range(f.s.durationMin, f.s.durationMax)}; an unanswered SYN and a TLS handshake that never finished look the same`,
    );
  },
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'Packets are dropped on the way, or the listen queue is full: NetworkPolicy, security group, a node that died, a process that no longer accepts.',
        run: `kubectl -n ${ns} get endpointslices -l kubernetes.io/service-name=${svc} -o wide && kubectl -n ${ns} get networkpolicies`,
      },
      { do: 'With TLS to the backend, the same line means a handshake that hangs.' },
      {
        do: 'A connect timeout below 1 s loses a connection to a single lost packet (the SYN is sent again after 1 s).',
      },
    ];
  },
};

const local: Cause = {
  code: 'local-connection-failure',
  title: 'Envoy itself gave up connecting',
  side: 'gateway',
  match: (f) => (resetBefore(f, 'local_connection_failure') ? high('details local_connection_failure') : undefined),
  next: () => [
    {
      do: 'Local ports or file descriptors used up, or Envoy was draining: look at the gateway pod.',
      run: 'curl -s "http://127.0.0.1:19000/stats?filter=upstream_cx_active|total_connections"',
    },
  ],
};

const undecided: Cause = {
  code: 'connect-failed',
  title: 'No connection to the backend; refused, unreachable or TLS is not in this log',
  side: 'unknown',
  match(f) {
    if (!failed(f)) return undefined;
    const hint =
      f.s.replySize === 91 || f.s.replySize === 114
        ? " (the body has the size of Envoy's text for a connect timeout)"
        : f.s.replySize === 98 || f.s.replySize === 121
          ? " (the body has the size of Envoy's text for a refused or TLS-failed connection)"
          : '';
    return low(`UF after ${range(f.s.durationMin, f.s.durationMax)}${hint}`, {
      cannotTell:
        'a backend that refuses from a network that drops: log %UPSTREAM_TRANSPORT_FAILURE_REASON% or %RESPONSE_CODE_DETAILS% to know',
    });
  },
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'Log the transport failure reason; the next such line then decides by itself.',
        yaml: '# add to accessLog[].fileSink.jsonFormat\nenvoy_upstream_transport_failure_reason: "%UPSTREAM_TRANSPORT_FAILURE_REASON%"',
      },
      {
        do: 'Are there ready endpoints, and does something listen?',
        run: `kubectl -n ${ns} get endpointslices -l kubernetes.io/service-name=${svc}`,
      },
    ];
  },
};

export const connect: readonly Cause[] = [
  refused,
  unreachable,
  reset,
  plaintext,
  verify,
  secret,
  tlsOther,
  timeout,
  handshakeClosed,
  local,
  undecided,
];
