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
  /** Of the upstream connection, ms. */
  readonly connectionAge: number;
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

/** What fails, how often relative to each other, on how many routes, and how Envoy logs it. */
interface Failure {
  readonly weight: number;
  /** Most of it happens here: a failure has a reason, and the reason a place. */
  readonly routes: number;
  readonly status: number;
  readonly flags: string;
  readonly details: string;
  readonly duration: number;
}

const before = 'upstream_reset_before_response_started';
const failures: readonly Failure[] = [
  { weight: 30, routes: 6, status: 503, flags: 'UC', details: `${before}{connection_termination}`, duration: 2 },
  {
    weight: 20,
    routes: 3,
    status: 503,
    flags: 'UF',
    details: `${before}{remote_connection_failure|delayed_connect_error:_111}`,
    duration: 1,
  },
  { weight: 12, routes: 2, status: 503, flags: 'URX,UF', details: `${before}{connection_timeout}`, duration: 5000 },
  { weight: 10, routes: 3, status: 503, flags: 'UH', details: 'no_healthy_upstream', duration: 0 },
  { weight: 6, routes: 2, status: 503, flags: 'UO', details: `${before}{overflow}`, duration: 0 },
  { weight: 4, routes: 2, status: 503, flags: 'NC', details: 'cluster_not_found', duration: 0 },
  { weight: 8, routes: 4, status: 504, flags: 'UT', details: 'response_timeout', duration: 15000 },
  { weight: 3, routes: 3, status: 504, flags: 'SI', details: 'stream_idle_timeout', duration: 300000 },
  { weight: 10, routes: 8, status: 503, flags: '-', details: 'via_upstream', duration: 40 },
  { weight: 14, routes: 12, status: 500, flags: '-', details: 'via_upstream', duration: 60 },
  { weight: 4, routes: 2, status: 502, flags: 'UPE', details: `${before}{protocol_error}`, duration: 12 },
  { weight: 3, routes: 4, status: 429, flags: 'RL', details: 'rate_limited', duration: 0 },
  { weight: 8, routes: 1, status: 404, flags: 'NR', details: 'route_not_found', duration: 0 },
  { weight: 6, routes: 20, status: 0, flags: 'DC', details: 'downstream_remote_disconnect', duration: 30000 },
];
/** The rest of each kind happens anywhere. */
const scattered = 0.05;
/** Backends' keep-alives: a connection that closes under a request is about that old. */
const keepAlives = [5_000, 60_000, 65_000, 75_000];
const weight = failures.reduce((sum, f) => sum + f.weight, 0);

/** Realistic traffic without end: the same seed gives the same requests. `share` of them fail; a few more are hidden failures and retries. */
export function* traffic(seed: number, share: number): Generator<Request> {
  const random = new Random(seed);
  for (let i = 0; ; i++) {
    // Some routes are busier than others.
    const failed = random.chance(share) ? failure(random) : undefined;
    // Some routes are busier than others.
    const busy = Math.floor(routes * random.next() ** 2);
    const route = failed && !random.chance(scattered) ? routeOf(failed, random) : busy;
    const time = new Date(start + Math.floor((i * 1000) / rate)).toISOString();
    const backendTime = Math.floor(-25 * Math.log(1 - random.next()) * (1 + (route % 7)));
    const hidden = !failed && random.chance(0.001);
    const retried = !failed && random.chance(0.002);
    const duration = failed ? failed.duration + (failed.duration > 0 ? random.int(3) : 0) : backendTime + 1;
    const answered = !failed || failed.details === 'via_upstream';
    yield {
      time,
      route,
      method: random.pick(['GET', 'GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE']),
      path: `/api/v${1 + (route % 3)}/app-${route}/orders/${random.int(1e9)}/items`,
      status: failed ? failed.status : hidden ? 200 : random.pick([200, 200, 200, 200, 200, 201, 204, 304]),
      flags: failed ? failed.flags : hidden && random.chance(0.5) ? 'UC' : '-',
      details: failed ? failed.details : 'via_upstream',
      transportFailure: failed?.details.includes('_111') ? 'delayed connect error: Connection refused' : '-',
      grpc: hidden ? 'Unavailable' : '-',
      attempts: retried || failed?.flags.startsWith('URX') ? 2 + random.int(2) : failed?.flags === 'NR' ? 0 : 1,
      duration,
      connectionAge:
        failed?.flags === 'UC' ? (keepAlives[route % keepAlives.length] ?? 0) + random.int(40) : random.int(60_000),
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

/** Always the same few for each kind, and among them some more than others. */
const routeOf = (f: Failure, random: Random): number =>
  (failures.indexOf(f) * 37 + Math.floor(f.routes * random.next() ** 2) * 11) % routes;

function failure(random: Random): Failure | undefined {
  let at = random.int(weight);
  return failures.find((f) => {
    at -= f.weight;
    return at < 0;
  });
}
