import { envoyDefaults } from '../../envoy/timeouts.ts';
import { kubectlTarget } from '../backend-name.ts';
import { type Cause, high, medium, type Step } from '../cause.ts';
import { bare, named, resetBefore } from '../facts.ts';
import { type Group, most } from '../group.ts';
import { count, range } from '../words.ts';

const noHealthyUpstream: Cause = {
  code: 'no-healthy-upstream',
  title: 'No healthy host: the backend has no endpoint that Envoy may pick',
  side: 'backend',
  match: (f) =>
    named(f, 'no_healthy_upstream') || bare(f, 'UH') ? high('Envoy had a cluster and no host to send to') : undefined,
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'Are there ready endpoints?',
        run: `kubectl -n ${ns} get endpointslices -l kubernetes.io/service-name=${svc} -o wide`,
      },
      {
        do: 'A rollout that takes the last ready pod away needs maxUnavailable: 0 and a readiness probe that waits for the port.',
        run: `kubectl -n ${ns} rollout history deployment/${svc} && kubectl -n ${ns} get events --sort-by=.lastTimestamp | tail -20`,
      },
      {
        do: 'With pods ready all the time it is outlier ejection, an active health check on a wrong path, or a selector that matches nothing; a host name that no longer resolves looks the same.',
      },
    ];
  },
};

const protocolError: Cause = {
  code: 'upstream-protocol-error',
  title: "The backend's answer broke HTTP's rules",
  side: 'backend',
  match: (f) =>
    resetBefore(f, 'protocol_error') || (bare(f, 'UPE') && f.status >= 500)
      ? high('Envoy could not parse the answer')
      : undefined,
  next: () => [
    {
      do: 'Does that port speak HTTP, and the version Envoy expects (appProtocol: kubernetes.io/h2c for HTTP/2)?',
      run: 'curl -sv --http1.1 http://POD_IP:PORT/ -o /dev/null',
    },
    {
      do: "Too many or too large headers, or a wrong Content-Length, show in Envoy's debug log (set it back to info afterwards).",
      run: 'curl -X POST "http://127.0.0.1:19000/logging?paths=http:debug,upstream:debug"',
    },
  ],
};

const refusedStream: Cause = {
  code: 'upstream-refused-stream',
  title: 'The backend refused the stream; it was never processed',
  side: 'backend',
  match: (f) => (resetBefore(f, 'remote_refused_stream_reset') ? high('REFUSED_STREAM') : undefined),
  next: () => [
    {
      do: 'Its stream limit is reached (SETTINGS_MAX_CONCURRENT_STREAMS) or it is shutting down. Safe to retry, for every method.',
      yaml: 'spec: {retry: {attempts: 1, retryOn: [refused-stream]}}  # TrafficPolicy',
    },
  ],
};

const remoteReset: Cause = {
  code: 'upstream-reset',
  title: 'The backend reset the stream',
  side: 'backend',
  match: (f) =>
    resetBefore(f, 'remote_reset') ||
    resetBefore(f, 'connect_error') ||
    (bare(f, 'UR') && (f.status >= 500 || f.grpc !== undefined))
      ? high('RST_STREAM from the backend')
      : undefined,
  next: (g) => logsOf(g, "The backend ended the stream on purpose: its own log or its gRPC server's limits say why."),
};

const uploadCut: Cause = {
  code: 'upload-cut-by-backend',
  title: 'The backend closed before it had taken the whole body',
  side: 'backend',
  match: (f) =>
    f.reason === 'http1_premature_upstream_half_close'
      ? medium('half-closed while the request was being sent')
      : undefined,
  next: (g) => logsOf(g, 'A body limit or an early error: the backend should answer (413) before it closes.'),
};

const localReset: Cause = {
  code: 'local-reset',
  title: 'Envoy reset the stream itself',
  side: 'gateway',
  match(f) {
    if (resetBefore(f, 'local_reset') || resetBefore(f, 'local_refused_stream_reset'))
      return medium('details local_reset');
    return bare(f, 'LR')
      ? medium('flag LR', {
          cannotTell:
            'a backend that closed during the upload from a reset by a filter: log %RESPONSE_CODE_DETAILS% to know',
        })
      : undefined;
  },
  next: () => [
    {
      do: "A filter or a buffer limit ended it: Envoy's debug log names it (set it back to info afterwards).",
      run: 'curl -X POST "http://127.0.0.1:19000/logging?paths=http:debug,router:debug"',
    },
  ],
};

const routeTimeout: Cause = {
  code: 'route-timeout',
  title: 'The backend took longer than the route timeout',
  side: 'backend',
  match(f) {
    if (!named(f, 'response_timeout') && !bare(f, 'UT')) return undefined;
    const isDefault = f.within(envoyDefaults.routeTimeout * 0.975, envoyDefaults.routeTimeout * 1.05);
    return medium(
      `no answer within ${range(f.s.durationMin, f.s.durationMax)}${isDefault ? ", Envoy's default of 15 s" : ''}`,
      bare(f, 'UT')
        ? { cannotTell: 'a route timeout from a per-try timeout: log %RESPONSE_CODE_DETAILS% to know' }
        : {},
    );
  },
  evidence: (g) =>
    g.durationMin !== undefined && g.durationMax !== undefined && g.durationMax - g.durationMin < g.durationMax * 0.03
      ? [`all at ${range(g.durationMin, g.durationMax)}: that is the configured limit`]
      : [],
  next: (g) => [
    {
      do: 'Why is the backend slow then? Compare its own latency at that time; the work goes on after the 504, so look for doubled work.',
    },
    {
      do: 'If the request is honestly slow, give its route a longer timeout, and keep every hop before it above that (ALB: 60 s).',
      yaml: `spec: {rules: [{timeouts: {request: ${Math.ceil(((g.durationMax ?? 15_000) * 2) / 1000)}s}}]}  # HTTPRoute`,
    },
  ],
};

const perTry: Cause = {
  code: 'per-try-timeout',
  title: 'Each try took longer than the per-try timeout',
  side: 'backend',
  match: (f) =>
    named(f, 'upstream_per_try_timeout', 'upstream_per_try_idle_timeout')
      ? medium(`details ${f.name}${f.attempts > 1 ? `, ${f.attempts} tries` : ''}`)
      : undefined,
  next: () => [
    {
      do: 'The per-try timeout must leave room for the slowest honest answer, and tries x per-try must stay below the route timeout.',
      yaml: 'spec: {retry: {attempts: 1, retryOn: [gateway-error, connect-failure], perTryTimeout: 5s}}  # TrafficPolicy',
    },
  ],
};

const backendError: Cause = {
  code: 'backend-5xx',
  title: 'The backend itself answered with an error',
  side: 'backend',
  match(f) {
    if (f.status < 500) return undefined;
    if (named(f, 'via_upstream'))
      return high(`details via_upstream${f.flags.includes('URX') ? `, also after ${f.attempts || 'all'} tries` : ''}`);
    if (f.name !== undefined && f.name !== '') return undefined;
    if (f.flag !== '-' && f.flag !== 'URX') return undefined;
    if ((f.hop === 'connection' || f.hop === 'picked') && f.s.serviceTime === true)
      return medium('no flag, a host and its service time', {
        cannotTell: "the backend's own error from one a filter made of its answer: log %RESPONSE_CODE_DETAILS% to know",
      });
    return f.hop === 'connection' ? medium('no flag, and a connection carried it') : undefined;
  },
  evidence: (g) => g.statuses.slice(0, 4).map((s) => `${count(s.count)} x ${s.name}`),
  next: (g) => [
    ...logsOf(g, "The error is in the backend's own log; join on the request id or trace id of a sample."),
    { do: 'If this backend is another proxy (a sidecar, a second gateway), run vigia on its access log.' },
  ],
};

function logsOf(g: Group, what: string): readonly Step[] {
  const { ns, svc } = kubectlTarget(most(g.backends));
  return [{ do: what, run: `kubectl -n ${ns} logs -l app.kubernetes.io/name=${svc} --since=2h --tail=-1` }];
}

export const upstream: readonly Cause[] = [
  noHealthyUpstream,
  protocolError,
  refusedStream,
  remoteReset,
  uploadCut,
  localReset,
  routeTimeout,
  perTry,
  backendError,
];
