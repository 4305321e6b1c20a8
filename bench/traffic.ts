import { Random } from './random.ts';

/** One request of the imaginary gateway, in words of the access log. */
export interface Request {
  readonly time: string;
  readonly route: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly flags: string;
  readonly details: string;
  readonly transportFailure: string;
  readonly grpc: string;
  readonly attempts: number;
  readonly duration: number;
  readonly serviceTime: string;
  readonly host: string;
  readonly client: string;
  readonly agent: string;
  readonly id: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export const routes = 300;
const start = Date.UTC(2026, 10, 23, 6, 0, 0);
/** Requests a second: a million lines are about half an hour. */
const rate = 600;

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'okhttp/4.12.0',
  'python-requests/2.32.3',
  'grpc-go/1.75.0',
  'Go-http-client/2.0',
  'curl/8.14.1',
];

/** What fails, how often relative to each other, and how Envoy logs it. */
const failures: readonly (readonly [number, number, string, string, number])[] = [
  [30, 503, 'UC', 'upstream_reset_before_response_started{connection_termination}', 2],
  [20, 503, 'UF', 'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}', 1],
  [12, 503, 'URX,UF', 'upstream_reset_before_response_started{connection_timeout}', 5000],
  [10, 503, 'UH', 'no_healthy_upstream', 0],
  [6, 503, 'UO', 'upstream_reset_before_response_started{overflow}', 0],
  [4, 503, 'NC', 'cluster_not_found', 0],
  [8, 504, 'UT', 'response_timeout', 15000],
  [3, 504, 'SI', 'stream_idle_timeout', 300000],
  [10, 503, '-', 'via_upstream', 40],
  [14, 500, '-', 'via_upstream', 60],
  [4, 502, 'UPE', 'upstream_reset_before_response_started{protocol_error}', 12],
  [3, 429, 'RL', 'rate_limited', 0],
  [8, 404, 'NR', 'route_not_found', 0],
  [6, 0, 'DC', 'downstream_remote_disconnect', 30000],
];
const weight = failures.reduce((sum, [w]) => sum + w, 0);

/** Realistic traffic without end: the same seed gives the same requests. `share` of them fail; a few more are hidden failures and retries. */
export function* traffic(seed: number, share: number): Generator<Request> {
  const random = new Random(seed);
  for (let i = 0; ; i++) {
    // Some routes are busier than others.
    const route = Math.floor(routes * random.next() ** 2);
    const time = new Date(start + Math.floor((i * 1000) / rate)).toISOString();
    const backendTime = Math.floor(-25 * Math.log(1 - random.next()) * (1 + (route % 7)));
    const failed = random.chance(share) ? failure(random) : undefined;
    const hidden = !failed && random.chance(0.001);
    const retried = !failed && random.chance(0.002);
    const duration = failed ? failed[4] + (failed[4] > 0 ? random.int(3) : 0) : backendTime + 1;
    const answered = !failed || failed[3] === 'via_upstream';
    yield {
      time,
      route,
      method: random.pick(['GET', 'GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE']),
      path: `/api/v${1 + (route % 3)}/app-${route}/orders/${random.int(1e9)}/items`,
      status: failed ? failed[1] : hidden ? 200 : random.pick([200, 200, 200, 200, 200, 201, 204, 304]),
      flags: failed ? failed[2] : hidden && random.chance(0.5) ? 'UC' : '-',
      details: failed ? failed[3] : 'via_upstream',
      transportFailure: failed?.[3].includes('_111') ? 'delayed connect error: Connection refused' : '-',
      grpc: hidden ? 'Unavailable' : '-',
      attempts: retried || failed?.[2].startsWith('URX') ? 2 + random.int(2) : failed?.[2] === 'NR' ? 0 : 1,
      duration,
      serviceTime: answered ? String(backendTime) : '-',
      host: `10.${route % 4}.${20 + (route % 200)}.${2 + random.int(6)}:8080`,
      client: `203.0.${random.int(256)}.${random.int(256)}`,
      agent: random.pick(agents),
      id: random.uuid(),
      bytesIn: random.chance(0.3) ? random.int(4000) : 0,
      bytesOut: answered ? 200 + random.int(20_000) : 91,
    };
  }
}

function failure(random: Random): (typeof failures)[number] {
  let at = random.int(weight);
  for (const one of failures) {
    at -= one[0];
    if (at < 0) return one;
  }
  return random.pick(failures);
}
