import { fileKey } from '../../../src/envoy/fields.ts';
import type { LabRecord } from '../records.ts';
import { applicationLog } from './application-log.ts';
import { balancers, browsers, clientAddress, grpcAgents, healthAgent, scanners } from './cast.ts';
import { type Connection, Connections } from './connections.ts';
import { Pools } from './pools.ts';
import { type Random, seeded } from './random.ts';
import { type Line, parse, read, retell, timestamp } from './retell.ts';
import type { Service } from './services.ts';
import { type Event, podOf, rollout, story } from './story.ts';

/** The day of the incident, midnight UTC. */
export const day = Date.UTC(2026, 10, 20);
/** The lab's load balancer waits one second, the story's sixty. */
const balancerScale = 60;

/** One line of the file with its verdict, at the time at which Envoy would have written it. */
interface Written {
  readonly at: number;
  readonly text: string;
  readonly side: string | null;
  readonly cause: string | null;
}

export interface Incident {
  readonly text: string;
  readonly truth: Truth;
}
export interface Truth {
  readonly lines: number;
  readonly applicationLogLines: number;
  readonly sides: Readonly<Record<string, number>>;
  readonly causes: Readonly<Record<string, number>>;
}

/** A pod of the service; the third octet is its zone. Search has other pods after its rollout. */
function hostOf(service: Service, event: Event, random: Random): string {
  const moved = service.cluster.includes('search') && event.at > (rollout.from + rollout.to) / 2 ? 40 : 0;
  const n = random.int(3);
  return `10.42.${16 * (1 + n) + 1}.${service.net * 6 + n + moved}:${service.port}`;
}

// Ids are unique but counted, not random: random digits are what gzip cannot shrink, and two ids per line would be half the file.
const requestId = (n: number): string => `${n.toString(16).padStart(8, '0')}-9c1e-4b7a-a3d5-6e0f82c4b91d`;
const traceId = (n: number, at: number, balancer: string): string => {
  const node = balancer.replaceAll('.', '').padStart(8, '0');
  return `Root=1-${Math.floor(at / 1000).toString(16)}-${n.toString(16).padStart(8, '0')}a15d0c7e${node}`;
};
/** A client keeps its browser and, for the time being, its way through the load balancer. */
const stable = <T>(items: readonly T[], client: string): T => {
  const n = [...client].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % items.length;
  return items[n] ?? (items[0] as T);
};

function agentOf(event: Event, client: string): string {
  if (event.pool === 'health-check') return healthAgent;
  if (!event.service) return stable(scanners, client);
  return event.service.port === 50_051 ? stable(grpcAgents, client) : stable(browsers, client);
}

/** The lines of one event: one, or the run of lines of a connection that ends in the race. */
function* tell(event: Event, records: readonly LabRecord[], open: Connections, random: Random): Generator<Written> {
  const pod = podOf(event, random);
  const { service } = event;
  const host = service ? hostOf(service, event, random) : undefined;
  const client = clientAddress(random);
  const peer = stable(balancers, client);
  const agent = agentOf(event, client);
  const first = parse(records[0] as LabRecord);
  const origin = Date.parse(String(read(first, 'time')));
  const shared = new Map<number, Connection>();
  for (const record of records) {
    const line = parse(record);
    const n = open.count();
    const at = event.at + Date.parse(String(read(line, 'time'))) - origin;
    const scale = event.pool === 'previous-hop-timeout' ? balancerScale : 1;
    const duration = Number(read(line, 'duration')) * scale;
    const lab = Number(read(line, 'connectionId'));
    const ordinary = records.length === 1 && record.cause === null && service !== undefined && host !== undefined;
    const connection = ordinary
      ? open.use(pod, host, at, at + duration, service.keepAliveMs)
      : (shared.get(lab) ?? open.fresh(pod, at));
    shared.set(lab, connection);
    const withId = read(line, 'requestId') !== null;
    const told: Line = retell(line, {
      ...{ time: timestamp(day, at), duration, pod, downstreamPeer: peer, userAgent: agent },
      ...(service
        ? { route: service.route, cluster: service.cluster, authority: service.authority }
        : { authority: 'shop.example.com' }),
      path: event.path ?? service?.paths(random) ?? '/',
      ...(host ? { upstreamHost: host, hostsAttempted: host } : {}),
      ...{
        connectionId: connection.id,
        localAddress: `10.42.9.${17 + (pod.charCodeAt(pod.length - 1) % 40)}:${connection.localPort}`,
      },
      ...(withId ? { requestId: requestId(n) } : {}),
      amznTraceId: traceId(n, day + at, peer),
      ...(event.pool === 'health-check'
        ? { forwardedFor: undefined, downstreamAddress: peer }
        : { forwardedFor: client, downstreamAddress: read(line, 'forwardedFor') === null ? peer : client }),
    });
    // The age of a healthy line's connection is the time since its first request of the day, not of the lab.
    const aged = ordinary ? { ...told, [fileKey('connectionAge')]: at - connection.born } : told;
    const final = event.pool === 'health-check' ? { ...aged, [fileKey('forwardedFor')]: null } : aged;
    yield { at: at + duration, text: JSON.stringify(final), side: record.side, cause: record.cause };
  }
}

const counted = (values: readonly (string | null)[]): Record<string, number> => {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Builds the incident from the recorded lines and Envoy's application log. */
export function buildIncident(records: readonly LabRecord[], envoyLog: string): Incident {
  const random = seeded(20_261_120);
  const pools = new Pools(records);
  const open = new Connections(random);
  const written: Written[] = [];
  for (const event of story(random)) written.push(...tell(event, pools.take(event.pool, random), open, random));
  const said = applicationLog(envoyLog, day).map(({ at, text }): Written => ({ at, text, side: null, cause: null }));
  const all = [...written.filter((w) => w.at < 24 * 3_600_000), ...said].sort((a, b) => a.at - b.at);
  const truth: Truth = {
    lines: all.length - said.length,
    applicationLogLines: said.length,
    sides: counted(all.map((w) => w.side)),
    causes: counted(all.map((w) => w.cause)),
  };
  return { text: `${all.map((w) => w.text).join('\n')}\n`, truth };
}
