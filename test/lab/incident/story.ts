import { gatewayPod, probedPaths } from './cast.ts';
import type { Random } from './random.ts';
import { healthService, type Service, services } from './services.ts';

/** One thing that happens: a pool to take a real line (or a run of lines) from, and who it happens to. */
export interface Event {
  /** Milliseconds since midnight. */
  readonly at: number;
  readonly pool: string;
  /** Absent when the request matched no route. */
  readonly service: Service | undefined;
  readonly path?: string;
  /** Index of the gateway pod, for health checks; others are spread. */
  readonly pod?: number;
}

const minute = 60_000;
export const hour = 60 * minute;
const clock = (hours: number, minutes: number, seconds = 0): number => hours * hour + minutes * minute + seconds * 1000;

export const rollout = { from: clock(9, 12), to: clock(9, 21) } as const;
export const authOutage = { from: clock(14, 3), to: clock(14, 17) } as const;
const within = (t: number, window: { readonly from: number; readonly to: number }): boolean =>
  t >= window.from && t < window.to;

/** A shop's day: asleep at three, busy from noon, busiest in the evening. Relative to its peak. */
const busy = (t: number): number => {
  const h = t / hour;
  const curve = 0.52 - 0.42 * Math.cos(((h - 3.2) / 24) * 2 * Math.PI) + 0.18 * Math.exp(-((h - 19.5) ** 2) / 5);
  return Math.max(0.05, curve) / 1.12;
};
const someTime = (random: Random, weight: (t: number) => number): number => {
  for (;;) {
    const t = Math.floor(random.next() * 24 * hour);
    if (random.next() < weight(t)) return t;
  }
};

/** The search pods are replaced with too little overlap: for minutes none is ready; at both edges some refuse and some hang up. */
function duringRollout(t: number, random: Random): string | undefined {
  const edge = t < rollout.from + 75_000 || t > rollout.to - 75_000;
  const x = random.next();
  if (edge) return x < 0.22 ? 'connect-refused' : x < 0.32 ? 'crash-fresh' : x < 0.45 ? 'no-endpoints' : undefined;
  return x < 0.93 ? 'no-endpoints' : x < 0.97 ? 'connect-refused' : undefined;
}

function poolFor(service: Service, t: number, random: Random): string {
  if (service.auth && within(t, authOutage) && random.chance(0.96))
    return random.chance(0.6) ? 'auth-slow' : 'auth-down';
  if (service === services.search && within(t, rollout)) {
    const failed = duringRollout(t, random);
    if (failed) return failed;
  }
  // From nine to six people ask for reports that take longer than the load balancer waits.
  if (service === services.reports && t > 9 * hour && t < 18 * hour && random.chance(0.14))
    return 'previous-hop-timeout';
  const grpc = service.ordinary.includes('healthy-grpc');
  const x = random.next();
  if (grpc) return x < 0.018 ? 'grpc-not-found' : x < 0.022 ? 'grpc-unavailable' : 'healthy-grpc';
  if (service.auth && x < 0.012) return 'auth-denied';
  if (x < 0.02 && service !== services.login) return 'backend-404';
  if (x < 0.05 && service === services.login) return 'backend-401';
  if (x < 0.0205) return 'backend-500';
  if (x < 0.0235) return 'client-left';
  if (x < 0.03 && service === services.search) return 'rate-limited-globally';
  return random.pick(service.ordinary);
}

const searchFails: ReadonlySet<string> = new Set(['no-endpoints', 'connect-refused', 'crash-fresh']);

/** Everything that happens in the day, in order of time. */
export function story(random: Random): readonly Event[] {
  const events: Event[] = [];
  for (const service of Object.values<Service>(services)) {
    for (let i = 0; i < service.daily; i++) {
      const at = someTime(random, busy);
      const pool = poolFor(service, at, random);
      events.push({ at, pool, service });
      // Whoever gets a 503 for a search tries again.
      for (let again = 1; again <= 4 && searchFails.has(pool); again++) {
        const later = at + again * (900 + random.int(1500));
        events.push({ at: later, pool: poolFor(service, later, random), service });
      }
    }
  }
  // The fewer requests, the more often one meets a connection that has just been idle for as long as the backend keeps it.
  const quiet = (t: number): number => 1 - 0.6 * busy(t);
  for (let i = 0; i < 130; i++) events.push({ at: someTime(random, quiet), pool: 'race', service: services.checkout });
  for (let i = 0; i < 110; i++) events.push({ at: someTime(random, quiet), pool: 'rescued', service: services.cart });
  for (let visit = 0; visit < 45; visit++) {
    const at = someTime(random, () => 0.5);
    const probes = 4 + random.int(22);
    for (let i = 0; i < probes; i++) {
      events.push({
        at: Math.min(at + i * (200 + random.int(900)), 24 * hour - 1),
        pool: 'no-route',
        service: undefined,
        path: random.pick(probedPaths),
      });
    }
  }
  for (let i = 0; i < 160; i++) {
    const pool = random.pick([
      'tls-to-plain-port',
      'tls-to-plain-port',
      'bad-header',
      'http10',
      'two-lengths',
      'missing-host',
    ]);
    events.push({ at: someTime(random, () => 0.5), pool, service: undefined, path: '/' });
  }
  for (let at = 0; at < 24 * hour; at += minute) {
    for (const pod of [0, 1, 2])
      events.push({ at: at + pod * 7000 + random.int(400), pool: 'health-check', service: healthService, pod });
  }
  return events.sort((a, b) => a.at - b.at);
}

/** The gateway pod that takes a request: the load balancer spreads them. */
export const podOf = (event: Event, random: Random): string => gatewayPod(event.pod ?? random.int(3), event.at);
