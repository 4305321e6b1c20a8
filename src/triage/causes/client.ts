import { hopBeforeTimeouts } from '../../envoy/timeouts.ts';
import { type Cause, high, low, medium, steps } from '../cause.ts';
import { bare, type Facts, flagSays, named } from '../facts.ts';
import { duration, range } from '../words.ts';

/** `DC`: the previous hop closed first. That hop may be a load balancer, so "client" is only the usual reading. */
const left = (f: Facts): boolean =>
  named(f, 'downstream_remote_disconnect') || bare(f, 'DC') || (f.flag === 'DC' && f.status < 500);

const knownHop = (f: Facts) => hopBeforeTimeouts.find((t) => f.within(t.ms * 0.985, t.ms * 1.02));

const previousHop: Cause = {
  code: 'previous-hop-timeout',
  title: 'The hop before the gateway gave up after a fixed time, while the backend still worked',
  side: 'between',
  match(f, p) {
    if (!left(f)) return undefined;
    const known = knownHop(f);
    if (f.status > 0)
      return known
        ? low(`gone after ${range(f.s.durationMin, f.s.durationMax)} with the response unfinished: ${known.whose}`)
        : undefined;
    const spike = p.spike(f.s);
    if (spike)
      return medium(
        `gone after ${duration(spike.ms)}, as ${spike.count} of ${spike.of} that left${known ? `: ${known.whose}` : ': a timeout of the hop before, or of one client'}`,
      );
    return known ? medium(`gone after ${range(f.s.durationMin, f.s.durationMax)}: ${known.whose}`) : undefined;
  },
  evidence: () => [
    'behind a load balancer that gave up, its client sees 504; Envoy has status 0 and blames the client',
  ],
  next: steps(
    {
      do: 'Line the timeouts up: backend limit <= route timeout <= idle timeout of the load balancer. The gateway should be the one that gives up, with a reason.',
      yaml: "spec: {rules: [{timeouts: {request: 55s}}]}  # HTTPRoute, below an ALB's 60 s",
    },
    {
      do: "If such long answers are honest, raise the load balancer's idle timeout (with the AWS Load Balancer Controller by its annotation load-balancer-attributes, or it takes the change back).",
      run: 'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=idle_timeout.timeout_seconds,Value=120',
    },
    { do: 'Why does the backend need that long? And which other routes may?', run: 'vigia align --from-cluster' },
  ),
};

const disconnected: Cause = {
  code: 'client-disconnected',
  title: 'The client closed the connection before it had its answer',
  side: 'client',
  match(f) {
    if (!left(f) || f.status === 101) return undefined;
    if (f.status > 0)
      return medium(
        `status ${f.status} had been sent; the client closed its connection with or before the last bytes`,
        { kind: 'aside' },
      );
    return medium(`gone after ${range(f.s.durationMin, f.s.durationMax)}, at no common time`);
  },
  next: steps(
    {
      do: 'Some of it is normal (closed tabs, mobile networks). A rise means that answers got slow: compare the latency of these routes.',
    },
    { do: '"Client" is the previous hop: many at one duration would be its timeout.' },
  ),
};

const reset: Cause = {
  code: 'client-reset',
  title: 'The client cancelled the request',
  side: 'client',
  match(f) {
    if (
      !named(f, 'http2.remote_reset', 'http2.remote_refuse') &&
      !bare(f, 'DR') &&
      !(f.flag === 'DR' && f.status < 500)
    )
      return undefined;
    return f.status > 0
      ? high('the client reset the stream after the answer had begun', { kind: 'aside' })
      : high('the client reset the stream');
  },
  next: steps({
    do: 'Cancelled by the user or by a deadline of the client (gRPC deadlines do this): compare the durations with the deadlines it sets.',
  }),
};

const protocolError: Cause = {
  code: 'client-protocol-error',
  title: "The request broke HTTP's rules",
  side: 'client',
  match: (f) =>
    /^http[123]\./.test(f.name ?? '') ||
    named(f, 'low_version', 'codec_error') ||
    f.name?.startsWith('codec_error') ||
    bare(f, 'DPE') ||
    flagSays(f, 'DPE')
      ? high(f.name ? `details ${f.s.details}` : 'flag DPE')
      : undefined,
  evidence: (g) => g.details.slice(0, 4).map((d) => `${d.count} x ${d.name}`),
  next: steps({
    do: 'Scanners and TLS sent to a plain port look like this. From a real client: headers too large (raise maxRequestHeadersKb), HTTP/1.0, a broken library.',
  }),
};

const malformed: ReadonlySet<string | undefined> = new Set([
  'missing_host_header',
  'missing_path_rejected',
  'invalid_path',
  'path_normalization_failed',
  'absolute_path_rejected',
  'request_headers_failed_strict_check',
  'upgrade_failed',
  'websocket_handshake_unsuccessful',
  'early_connect_data',
  'rejecting_because_detection_failed',
  'grpc_json_transcode_failure',
  'early_grpc_json_transcode_failure',
]);

const badRequest: Cause = {
  code: 'client-bad-request',
  title: 'The gateway refused the request as malformed or not allowed',
  side: 'client',
  match(f) {
    return malformed.has(f.name) ||
      f.name?.startsWith('grpc_base_64_decode_failed') ||
      bare(f, 'IH') ||
      flagSays(f, 'IH')
      ? high(f.name ? `details ${f.s.details}` : 'flag IH')
      : undefined;
  },
  evidence: (g) => g.details.slice(0, 4).map((d) => `${d.count} x ${d.name}`),
  next: steps({
    do: 'Tell the client; for upgrade_failed enable the upgrade on the listener if WebSockets are meant to work (ListenerPolicy httpSettings.upgradeConfig.enabledUpgrades).',
  }),
};

/** No flag, no details, no host: the gateway itself refused, and the status alone says in which manner. */
const refusedUnsplit: Cause = {
  code: 'unflagged-refusal',
  title: 'The gateway refused the request itself; which filter is not in this log',
  side: 'unknown',
  match(f) {
    if (f.name !== undefined && f.name !== '') return undefined;
    if (f.flag !== '-' || f.status < 400 || f.status >= 500 || (f.hop !== 'none' && f.hop !== 'cluster'))
      return undefined;
    const cannotTell = 'which filter refused it: log %RESPONSE_CODE_DETAILS% to know';
    if ([401, 429].includes(f.status))
      return medium(`${f.status} without a host: an access rule or limit of the gateway`, {
        side: 'policy',
        cannotTell,
      });
    if ([400, 408, 413, 414, 417, 426, 431].includes(f.status))
      return medium(`${f.status} without a host: the request was not fit to send on`, { side: 'client', cannotTell });
    return low(`${f.status} without a host`, { cannotTell });
  },
  next: steps({ do: 'Log the response code details: they name the filter.' }),
};

export const client: readonly Cause[] = [previousHop, disconnected, reset, protocolError, badRequest, refusedUnsplit];
