import { fields } from '../../../src/envoy/fields.ts';

/** What is in one request to the Collector. */
export interface Shape {
  readonly records: number;
  /** The share that went well; the rest is `503 UF`. */
  readonly healthy: number;
  /** Different routes; 20 without it. */
  readonly routes?: number;
}

/**
 * An OTLP logs request in protobuf, made by hand because it is four messages deep and no more
 * (https://github.com/open-telemetry/opentelemetry-proto: ExportLogsServiceRequest). Records look as Envoy sends them: strings only.
 */
export function logsRequest(shape: Shape): Buffer {
  const resource = nested(1, attribute('service.name', 'edge.lab'), attribute('node_name', 'edge-0.lab'));
  const records = Array.from({ length: shape.records }, (_, i) => nested(2, ...record(i, shape)));
  return nested(1, resource, nested(2, ...records));
}

function record(i: number, { records, healthy, routes = 20 }: Shape): readonly Buffer[] {
  const good = i < records * healthy;
  const route = (i * 7919) % routes;
  const values: Readonly<Record<string, string>> = {
    [fields.method.name]: 'GET',
    [fields.path.name]: `/orders/${route}/items`,
    [fields.protocol.name]: 'HTTP/1.1',
    [fields.authority.name]: 'shop.example.com',
    [fields.status.name]: good ? '200' : '503',
    [fields.flags.name]: good ? '-' : 'URX,UF',
    [fields.details.name]: good
      ? 'via_upstream'
      : 'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}',
    [fields.transportFailure.name]: good ? '-' : 'delayed_connect_error:_Connection_refused',
    [fields.duration.name]: String(3 + ((i * 37) % 400)),
    [fields.responseDuration.name]: '9',
    [fields.connectionAge.name]: good ? '5321' : '-',
    [fields.serviceTime.name]: good ? '8' : '-',
    [fields.attempts.name]: good ? '1' : '3',
    [fields.upstreamHost.name]: '10.1.2.3:8080',
    [fields.cluster.name]: `kube_shop_orders-${route % 10}_8080`,
    [fields.localAddress.name]: good ? '10.0.0.1:43210' : '-',
    [fields.route.name]: `httproute-orders-${route}-shop-0-0`,
    [fields.grpcStatus.name]: '-',
    [fields.bytesReceived.name]: '0',
    [fields.bytesSent.name]: '1234',
    [fields.userAgent.name]: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    [fields.requestId.name]: `5f0c9a4e-1b2c-4d3e-8f90-${String(i).padStart(12, '0')}`,
  };
  const time = Buffer.alloc(9);
  time[0] = (1 << 3) | 1;
  time.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n, 1);
  const body = nested(5, text(1, `GET /orders ${good ? 200 : 503}`));
  return [
    time,
    body,
    ...Object.entries(values).map(([key, value]) => nested(6, text(1, key), nested(2, text(1, value)))),
  ];
}

const attribute = (key: string, value: string): Buffer => nested(1, text(1, key), nested(2, text(1, value)));

const text = (field: number, value: string): Buffer => nested(field, Buffer.from(value));

/** A field of type "length-delimited". */
function nested(field: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}
