import { backendKeepAlives, backendLimits } from '../../envoy/timeouts.ts';
import { kubectlTarget } from '../backend-name.ts';
import { type Cause, high, low, medium, type Step } from '../cause.ts';
import { type Facts, flagSays, resetAfter, resetBefore } from '../facts.ts';
import { type Group, most } from '../group.ts';
import { duration, range } from '../words.ts';

/**
 * `503 UC`: the connection ended with the request in flight. Three owners look alike but for the age of the connection and the time it took.
 * A reset of a connection that Envoy took idle from its pool arrives within a round trip; real work takes longer.
 */
const terminated = (f: Facts): boolean =>
  resetBefore(f, 'connection_termination') ||
  (f.flag === 'UC' && !resetAfter(f) && (f.name === undefined || f.name === '') && f.status >= 500);

/** Reused, not fresh: shorter keep-alives than a second are not seen in the wild (gunicorn's 2 s is the shortest). */
const reusedMs = 950;
/** A reset within this of the request's start was on its way already, or answered its first packet. */
const atOnceMs = 10;
const soonMs = 100;

const fixedLimit = (f: Facts) => backendLimits.find((limit) => f.within(limit.ms * 0.975, limit.ms * 1.05));

const backendTimeLimit: Cause = {
  code: 'backend-time-limit',
  title: 'The backend cut the request at a time limit of its own',
  side: 'backend',
  match(f, p) {
    if (!terminated(f)) return undefined;
    const spike = p.spike(f.s);
    if (spike && spike.ms >= 500)
      return medium(
        `UC after ${duration(spike.ms)}, as ${spike.count} of ${spike.of} such requests: a fixed limit, not a race`,
      );
    const limit = fixedLimit(f);
    return limit ? medium(`UC after ${duration(f.s.durationMax)}: ${limit.whose}`) : undefined;
  },
  next: (g) => [
    {
      do: `Find the limit of ${range(g.durationMin, g.durationMax)} in the backend (worker, request or server timeout) and either raise it above the slowest honest request or make that request faster.`,
    },
    {
      do: 'Set the route timeout just below it, so that the gateway answers 504 with a reason instead of 503.',
      yaml: `# HTTPRoute, in the rule\ntimeouts: {request: ${Math.max(1, Math.floor(((g.durationMin ?? 30_000) * 0.9) / 1000))}s}`,
    },
  ],
};

const keepAliveRace: Cause = {
  code: 'upstream-keepalive-race',
  title: 'Keep-alive race: the backend closed an idle connection just as Envoy reused it',
  side: 'between',
  match(f) {
    if (!terminated(f) || f.age === undefined || f.age < reusedMs) return undefined;
    if (f.within(0, atOnceMs + 1))
      return high(
        `reset ${range(f.s.durationMin, f.s.durationMax)} after reusing a connection ${range(f.s.ageMin, f.s.ageMax)} old`,
      );
    return f.within(0, soonMs + 1)
      ? medium(
          `reset ${range(f.s.durationMin, f.s.durationMax)} after reusing a connection ${range(f.s.ageMin, f.s.ageMax)} old`,
        )
      : undefined;
  },
  evidence(g) {
    const lines: string[] = [];
    const gaps = [...g.idleGaps].sort((a, b) => a - b);
    const shortest = gaps[0];
    if (shortest !== undefined)
      lines.push(
        `the connections had been idle ${range(shortest, gaps.at(-1))} before (${gaps.length} looked up): the backend's keep-alive is at most that`,
      );
    const age = g.ageMin;
    const server = age === undefined ? undefined : [...backendKeepAlives].reverse().find((k) => age >= k.ms * 0.9);
    // The youngest of a few is chance; of many it is the backend's setting.
    if (server && g.count >= 5) lines.push(`no connection younger than ${duration(age)} was hit: fits ${server.whose}`);
    return lines;
  },
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    const bound = g.idleGaps.length > 0 ? Math.min(...g.idleGaps) : g.ageMin;
    const idle = Math.max(1, Math.floor(((bound ?? 5000) * 0.8) / 1000));
    return [
      {
        do: `Let Envoy close idle connections first: an upstream idle timeout below the backend's keep-alive (Envoy's default is 1 h).`,
        yaml: `apiVersion: gateway.kgateway.dev/v1alpha1\nkind: BackendConfigPolicy\nmetadata: {name: ${svc}, namespace: ${ns}}\nspec:\n  targetRefs: [{group: "", kind: Service, name: ${svc}}]\n  commonHttpProtocolOptions: {idleTimeout: ${idle}s}`,
      },
      {
        do: 'Or raise the keep-alive of the backend above that idle timeout (Node.js server.keepAliveTimeout, uvicorn --timeout-keep-alive, gunicorn --keep-alive).',
      },
      {
        // reset-before-request would not help: the headers are on the wire when the reset arrives.
        do: 'Meanwhile retry on reset, on routes where repeating a request does no harm: the backend may have seen a POST.',
        yaml: '# TrafficPolicy on the route\nspec: {retry: {attempts: 1, retryOn: [reset, connect-failure]}}',
      },
      { do: 'Other backends have the same coming: which ones?', run: 'vigia align --from-cluster' },
    ];
  },
};

/** AWS: an NLB forgets a flow after 350 s of silence and answers the next packet with RST; a NAT gateway does the same. */
const flowTimeoutMs = 345_000;

const idleDrop: Cause = {
  code: 'upstream-idle-drop',
  title: 'Something on the way had forgotten the idle connection: a load balancer or NAT between Envoy and the backend',
  side: 'between',
  match(f, p) {
    if (!terminated(f) || f.age === undefined || f.age < flowTimeoutMs || !f.within(0, soonMs + 1)) return undefined;
    const youngest = p.youngest(f.s);
    const all = youngest !== undefined && youngest.count >= 3 && youngest.age >= flowTimeoutMs;
    return all
      ? medium(
          `reset at once on a connection ${range(f.s.ageMin, f.s.ageMax)} old, and none of ${youngest.count} was younger than ${duration(youngest.age)}`,
        )
      : undefined;
  },
  next: (g) => {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'Keep the flow alive, or let Envoy close it first: TCP keepalive or an idle timeout below 350 s on the upstream connection.',
        yaml: `apiVersion: gateway.kgateway.dev/v1alpha1\nkind: BackendConfigPolicy\nmetadata: {name: ${svc}, namespace: ${ns}}\nspec:\n  targetRefs: [{group: "", kind: Service, name: ${svc}}]\n  tcpKeepalive: {keepAliveProbes: 3, keepAliveTime: 60s, keepAliveInterval: 10s}\n  commonHttpProtocolOptions: {idleTimeout: 300s}`,
      },
      {
        do: 'If nothing stands between Envoy and the pods, it is a keep-alive race with a backend that keeps connections for more than 5 min.',
      },
    ];
  },
};

const connectionClosed: Cause = {
  code: 'backend-connection-closed',
  title: 'The backend closed the connection instead of answering',
  side: 'backend',
  match(f) {
    if (!terminated(f)) return undefined;
    if (f.age !== undefined && f.age < reusedMs) {
      const because = `closed on a connection ${range(f.s.ageMin, f.s.ageMax)} old, too fresh for a keep-alive race`;
      // A port that wants TLS, or a client certificate under TLS 1.3, hangs up on the first packet just so.
      return f.within(0, atOnceMs + 1)
        ? medium(because, {
            cannotTell:
              'a backend that closes at once from a port that wants TLS or a client certificate: does any request to it succeed?',
          })
        : medium(because);
    }
    if (f.age !== undefined)
      return medium(`closed after ${range(f.s.durationMin, f.s.durationMax)} of work, too late for a keep-alive race`);
    if (f.s.durationMin >= 1000)
      return medium(
        `closed after ${range(f.s.durationMin, f.s.durationMax)}: a keep-alive race shows within milliseconds`,
      );
    return f.s.durationMin > soonMs
      ? low(`closed after ${range(f.s.durationMin, f.s.durationMax)}, rather late for a keep-alive race`)
      : undefined;
  },
  next(g) {
    const { ns } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'Look for restarts and out-of-memory kills at that time.',
        run: `kubectl -n ${ns} get pods -o wide && kubectl -n ${ns} get events --sort-by=.lastTimestamp | grep -Ei 'oom|kill|unhealthy|back-off'`,
      },
      {
        do: 'Read the log of the container that died, for a pod with restarts.',
        run: `kubectl -n ${ns} logs --previous POD`,
      },
      { do: 'If every request fails so, the port may not speak plain HTTP at all (TLS port, another protocol).' },
    ];
  },
};

const undecided: Cause = {
  code: 'connection-terminated',
  title: 'The connection ended with the request in flight; a race and a crash look the same here',
  side: 'unknown',
  match(f) {
    if (!terminated(f)) return undefined;
    const hint =
      f.s.replySize === 95 || f.s.replySize === 118
        ? ` (the ${f.s.replySize}-byte body is Envoy's own text for a closed connection)`
        : '';
    return low(`UC${hint}`, {
      cannotTell:
        'a keep-alive race from a crash of the backend: log %COMMON_DURATION(US_CX_END:US_TX_BEG:ms)% (age of the upstream connection) to know',
    });
  },
  next: (g) => raceOrCrash(g),
};

function raceOrCrash(g: Group): readonly Step[] {
  const { ns } = kubectlTarget(most(g.backends));
  return [
    {
      do: "Log the upstream connection's age and the response code details; the next such line then decides by itself.",
      yaml: '# add to accessLog[].fileSink.jsonFormat\nenvoy_upstream_connection_age_ms: "%COMMON_DURATION(US_CX_END:US_TX_BEG:ms)%"\nenvoy_response_code_details: "%RESPONSE_CODE_DETAILS%"',
    },
    {
      do: 'Restarts at the same minutes speak for a crash; quiet routes and few milliseconds for the race.',
      run: `kubectl -n ${ns} get pods -o wide`,
    },
  ];
}

const responseCut: Cause = {
  code: 'response-cut',
  title: 'The response was cut off after it had begun; the client saw its status and half a body',
  side: 'backend',
  match(f) {
    // A WebSocket ends when either side closes it: that is no failure of the request that opened it.
    if (f.status === 101 || f.reason === 'http1_premature_upstream_half_close') return undefined;
    if (resetAfter(f))
      return f.reason === 'local_reset' || f.reason === 'overload_manager'
        ? medium(`details ${f.s.details}`, { side: 'gateway' })
        : high(`status ${f.status} was sent, then ${f.reason || 'the upstream'} ended it`);
    const cut =
      f.status < 400 &&
      f.status > 0 &&
      ['UC', 'UR', 'UPE', 'LR'].some((flag) => flagSays(f, flag)) &&
      f.grpc === undefined;
    return cut
      ? medium(`${f.flag} with status ${f.status}: the status was sent before the upstream broke off`)
      : undefined;
  },
  next(g) {
    const { ns, svc } = kubectlTarget(most(g.backends));
    return [
      {
        do: 'Look at what the backend did while it was writing: a crash, a kill, a write timeout, a wrong Content-Length.',
        run: `kubectl -n ${ns} logs -l app.kubernetes.io/name=${svc} --since=2h --tail=-1 | grep -iE 'panic|fatal|timeout|broken pipe'`,
      },
      { do: 'These are HTTP 200 in every status-code metric: alert on the flags or the details instead.' },
    ];
  },
};

export const termination: readonly Cause[] = [
  responseCut,
  backendTimeLimit,
  idleDrop,
  keepAliveRace,
  connectionClosed,
  undecided,
];
