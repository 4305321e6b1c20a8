import { type FieldId, fileKey } from '../src/envoy/fields.ts';
import { type Request, routes } from './traffic.ts';

const backend = (r: Request): string => `kube_team-${r.route % 40}_app-${r.route}_8080`;
const routeName = (r: Request): string =>
  `httproute/team-${r.route % 40}/app-${r.route}/rule/0/match/0/app-${r.route}_example_com`;
const authority = (r: Request): string => `app-${r.route}.example.com`;
const unset = (value: string): string | null => (value === '-' ? null : value);

/** The fields of the JSON layout: 24 and about 1 KB a line, as in the format that vigia writes for a gateway. */
function values(r: Request): Partial<Record<FieldId, unknown>> {
  const connected = r.serviceTime !== '-' || r.flags.includes('UC') || r.flags === 'UT';
  return {
    time: r.time,
    method: r.method,
    path: r.path,
    protocol: 'HTTP/2',
    authority: authority(r),
    status: r.status,
    flags: r.flags,
    details: r.details,
    transportFailure: unset(r.transportFailure),
    duration: r.duration,
    responseDuration: r.serviceTime === '-' ? null : r.duration,
    connectionAge: connected ? r.connectionAge : null,
    serviceTime: unset(r.serviceTime),
    attempts: r.attempts,
    upstreamHost: r.flags === 'NR' || r.flags === 'UH' ? null : r.host,
    cluster: r.flags === 'NR' ? null : backend(r),
    localAddress: connected ? '10.0.3.17:41234' : null,
    route: r.flags === 'NR' ? null : routeName(r),
    grpcStatus: unset(r.grpc),
    bytesReceived: r.bytesIn,
    bytesSent: r.bytesOut,
    downstreamAddress: r.client,
    userAgent: r.agent,
    requestId: r.id,
  };
}

const sorted = (Object.keys(values(sample())) as FieldId[]).sort((a, b) => (fileKey(a) < fileKey(b) ? -1 : 1));

/** Envoy's JSON formatter: keys sorted, no spaces. */
export function jsonLine(r: Request): string {
  const all = values(r);
  return `{${sorted.map((id) => `"${fileKey(id)}":${JSON.stringify(all[id])}`).join(',')}}\n`;
}

/** Istio's text layout: https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format */
export function istioLine(r: Request): string {
  const none = r.flags === 'NR' || r.flags === 'UH';
  return (
    `[${r.time}] "${r.method} ${r.path} HTTP/2" ${r.status} ${r.flags} ${r.details} - "${r.transportFailure}" ` +
    `${r.bytesIn} ${r.bytesOut} ${r.duration} ${r.serviceTime} "${r.client}" "${r.agent}" "${r.id}" "${authority(r)}" ` +
    `"${none ? '-' : r.host}" outbound|8080||app-${r.route}.team-${r.route % 40}.svc.cluster.local 10.0.3.17:41234 ` +
    `10.0.3.17:8443 ${r.client}:51812 ${authority(r)} ${r.flags === 'NR' ? '-' : routeName(r)}\n`
  );
}

function sample(): Request {
  return {
    time: '',
    route: routes,
    method: '',
    path: '',
    status: 0,
    flags: '',
    details: '',
    transportFailure: '',
    grpc: '',
    attempts: 0,
    duration: 0,
    serviceTime: '',
    host: '',
    client: '',
    agent: '',
    connectionAge: 0,
    id: '----',
    bytesIn: 0,
    bytesOut: 0,
  };
}
