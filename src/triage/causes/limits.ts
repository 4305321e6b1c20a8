import { kubectlTarget } from '../backend-name.ts';
import { type Cause, high, low, medium } from '../cause.ts';
import { bare, named, resetBefore } from '../facts.ts';
import { most } from '../group.ts';
import { range } from '../words.ts';

/** `UO` three ways: the details tell whether anything was refused at all. */
const overflow: Cause = {
  code: 'circuit-breaker-overflow',
  title: 'A circuit breaker was open: Envoy refused to send more to this backend',
  side: 'gateway',
  match: (f) =>
    resetBefore(f, 'overflow') || named(f, 'overflow')
      ? high('details overflow: refused before it was sent')
      : undefined,
  evidence(g) {
    const hops = new Set(g.signatures.map((s) => s.hop));
    if (hops.size === 1 && hops.has('cluster')) return ['no host was picked: max_connections or max_pending_requests'];
    return hops.size === 1 && (hops.has('host') || hops.has('picked')) ? ['a host was picked: max_requests'] : [];
  },
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: "Is the backend slower than before? In-flight requests are rate x latency (Little's law), so a slow backend opens the breaker.",
      },
      {
        do: "If the load is honest, raise the limits (Envoy's defaults are 1024 each, for all workers together).",
        yaml: `apiVersion: gateway.kgateway.dev/v1alpha1\nkind: BackendConfigPolicy\nmetadata: {name: ${svc}, namespace: ${ns}}\nspec:\n  targetRefs: [{group: "", kind: Service, name: ${svc}}]\n  circuitBreakers: {maxConnections: 2048, maxPendingRequests: 2048, maxRequests: 2048}`,
      },
      {
        do: 'Which breaker: pending, connections or requests.',
        run: 'kubectl -n GATEWAY_NAMESPACE port-forward deploy/GATEWAY 19000 & curl -s "http://127.0.0.1:19000/stats?filter=overflow"',
      },
    ];
  },
};

const retryBreaker: Cause = {
  code: 'retry-breaker-overflow',
  title: 'The backend failed, and the retry that would have followed was refused by the retry breaker',
  side: 'backend',
  match: (f) =>
    named(f, 'via_upstream') && f.flags.includes('UO') && f.status >= 500
      ? high("UO with via_upstream: the status is the backend's, only the retry was refused")
      : undefined,
  next: () => [
    { do: "The first failure is the backend's: look at its own log." },
    {
      do: 'Envoy allows 3 retries at a time for a whole cluster by default; raise it, or use fewer retries.',
      yaml: 'spec: {circuitBreakers: {maxRetries: 20}}  # BackendConfigPolicy',
    },
  ],
};

const maintenance: Cause = {
  code: 'maintenance-mode',
  title: 'The cluster is in maintenance mode',
  side: 'policy',
  match: (f) => (named(f, 'maintenance_mode') ? high('details maintenance_mode') : undefined),
  next: () => [
    {
      do: 'Somebody set the runtime key upstream.maintenance_mode for this cluster; take it back when done.',
      run: 'curl -s "http://127.0.0.1:19000/runtime"',
    },
  ],
};

const concurrency: Cause = {
  code: 'concurrency-limit',
  title: 'Adaptive concurrency or admission control shed the request',
  side: 'policy',
  match: (f) =>
    named(f, 'reached_concurrency_limit', 'denied_by_admission_control') ? high(`details ${f.name}`) : undefined,
  next: () => [{ do: "It sheds because the backend got slower: look at the backend's latency first." }],
};

const overflowUndecided: Cause = {
  code: 'overflow-undecided',
  title: 'Overflow, but whether the request or only its retry was refused is not in this log',
  side: 'unknown',
  match(f) {
    if (!bare(f, 'UO')) return undefined;
    const hint =
      f.s.replySize === 81 || f.s.replySize === 104
        ? " (the body has the size of Envoy's overflow text)"
        : f.s.replySize === 16
          ? " (the body has the size of Envoy's maintenance text)"
          : '';
    return low(`UO${hint}`, {
      cannotTell:
        "an open circuit breaker from a refused retry of a backend's own error or maintenance mode: log %RESPONSE_CODE_DETAILS% to know",
    });
  },
  next: () => [
    {
      do: 'Log the response code details; look at the breakers meanwhile.',
      run: 'kubectl -n GATEWAY_NAMESPACE port-forward deploy/GATEWAY 19000 & curl -s "http://127.0.0.1:19000/stats?filter=overflow"',
    },
  ],
};

const maxStreamDuration: Cause = {
  code: 'max-stream-duration',
  title: 'The configured maximum stream duration was reached',
  side: 'policy',
  match: (f) =>
    named(f, 'upstream_max_stream_duration_reached', 'max_duration_timeout') || bare(f, 'UMSDR')
      ? high(`ended after ${range(f.s.durationMin, f.s.durationMax)} by max_stream_duration`)
      : undefined,
  next: () => [
    {
      do: 'If such long requests are meant to be, raise commonHttpProtocolOptions.maxStreamDuration in the BackendConfigPolicy (upstream_max_stream_duration_reached; the downstream limit has no kgateway field); if not, it did its job.',
    },
  ],
};

const connectionDuration: Cause = {
  code: 'connection-duration',
  title: "The connection's maximum duration was reached",
  side: 'policy',
  match: (f) => (named(f, 'duration_timeout') || bare(f, 'DT') ? high('details or flag say so') : undefined),
  next: () => [
    { do: 'Connection rotation as configured; long streams need max_connection_duration above their length.' },
  ],
};

/** `SI`: which side fell silent is in the status. */
const streamIdle: Cause = {
  code: 'stream-idle-timeout',
  title: 'Nothing moved on the stream for the idle timeout',
  side: 'unknown',
  match(f) {
    if (!named(f, 'stream_idle_timeout') && !bare(f, 'SI')) return undefined;
    if (f.status === 408) return high("408: the request's body stopped coming", { side: 'client' });
    if (f.status === 504) return medium('504: the backend stayed silent', { side: 'backend' });
    return low(`status ${f.status} had been sent, then nothing moved`, {
      cannotTell:
        "a backend that stalled from a client that stopped reading or a quiet stream (WebSocket, SSE): %RESPONSE_TX_DURATION% and the backend's log say more",
    });
  },
  next: () => [
    {
      do: "Quiet by design (SSE, WebSocket, long polls)? Then raise the route's idle timeout or send heartbeats.",
      yaml: 'spec: {timeouts: {streamIdle: 1h}}  # TrafficPolicy',
    },
    { do: 'Otherwise the side named above stopped talking: 408 the client, 504 the backend.' },
  ],
};

const slowRequest: Cause = {
  code: 'slow-request',
  title: 'The request arrived too slowly',
  side: 'client',
  match: (f) =>
    named(f, 'request_overall_timeout', 'request_header_timeout', 'downstream_header_timeout')
      ? high(`details ${f.name}`)
      : undefined,
  next: () => [
    {
      do: 'Slow uploads over bad links are normal: raise request_timeout if they should pass (no kgateway field sets it); a flood of them from few addresses is a slow-loris attack.',
    },
  ],
};

const requestTooLarge: Cause = {
  code: 'request-too-large',
  title: "The request's body is larger than a buffering limit",
  side: 'client',
  match: (f) => (named(f, 'request_payload_too_large') ? medium('details request_payload_too_large') : undefined),
  next: () => [
    {
      do: 'If such bodies are meant to be, raise what buffers them: TrafficPolicy buffer.maxRequestSize, GatewayExtension extAuth.withRequestBody.maxRequestBytes, or the listener setting perConnectionBufferLimitBytes.',
    },
  ],
};

const responseTooLarge: Cause = {
  code: 'response-too-large',
  title: 'The response is larger than the buffer that a filter needs it in',
  side: 'backend',
  match: (f) => (named(f, 'response_payload_too_large') ? medium('details response_payload_too_large') : undefined),
  next: () => [
    {
      do: 'A filter buffers whole responses on this route (transformation, ext_proc): raise ListenerPolicy perConnectionBufferLimitBytes, or stream.',
    },
  ],
};

const retryBuffer: Cause = {
  code: 'retry-buffer-exceeded',
  title: 'The body did not fit the retry buffer',
  side: 'gateway',
  match: (f) => (named(f, 'request_payload_exceeded_retry_buffer_limit') ? high('details say so') : undefined),
  next: () => [
    {
      do: 'Retries (or mirroring) keep the whole body: no retries on upload routes, or a larger ListenerPolicy perConnectionBufferLimitBytes.',
    },
  ],
};

export const limits: readonly Cause[] = [
  overflow,
  retryBreaker,
  maintenance,
  concurrency,
  maxStreamDuration,
  connectionDuration,
  streamIdle,
  slowRequest,
  requestTooLarge,
  responseTooLarge,
  retryBuffer,
  overflowUndecided,
];
