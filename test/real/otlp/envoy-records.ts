import { type Request, traffic } from '../../../bench/traffic.ts';
import type { Model } from '../../../src/contract/model.ts';
import { type FieldId, fields, fileKey } from '../../../src/envoy/fields.ts';
import { logAttributes, logResource, type Named } from '../../../src/generate/logged.ts';
import { clusterOf } from '../pipeline/contract.ts';
import { fixed64, lengthDelimited } from './protobuf.ts';

/** What Envoy's OTLP access logger would have written for a request: every value a string, an absent one `-`. */
export function sentValues(r: Request): Partial<Record<FieldId, string>> {
  return {
    method: r.method,
    path: r.path,
    protocol: 'HTTP/1.1',
    authority: 'shop.example.com',
    status: String(r.status),
    flags: r.flags,
    details: r.details,
    transportFailure: r.transportFailure,
    duration: String(r.duration),
    connectionAge: String(r.connectionAge),
    serviceTime: r.serviceTime,
    attempts: String(r.attempts),
    upstreamHost: r.host,
    cluster: `app-${r.route}.shop`,
    route: `route-${r.route}`,
    grpcStatus: r.grpc,
    bytesReceived: String(r.bytesIn),
    bytesSent: String(r.bytesOut),
    downstreamAddress: r.client,
    userAgent: r.agent,
    requestId: r.id,
  };
}

/**
 * Makes export requests of Envoy's kind out of requests: the attributes of the model's first gateway, all records under one resource with
 * Envoy's built-in labels; `more` says what else the n-th of an export request has (opentelemetry/proto/collector/logs/v1/logs_service.proto; field numbers from logs.proto and common.proto).
 */
export function exporter(
  model: Model,
  more: (index: number) => Partial<Record<FieldId, string>> = () => ({}),
): (requests: readonly Request[]) => Buffer {
  const cluster = clusterOf(model);
  const [gateway] = cluster.gateways;
  if (gateway === undefined) throw new Error('the contract has no gateway');
  const builtIn: readonly Named[] = [
    { name: 'log_name', value: 'access' },
    { name: 'zone_name', value: 'zone-a' },
    { name: 'cluster_name', value: gateway.id },
    { name: 'node_name', value: `edge-0.${gateway.namespace}` },
  ];
  const resource = lengthDelimited(
    1,
    Buffer.concat([...builtIn, ...logResource(gateway, cluster)].map(({ name, value }) => keyValue(1, name, value))),
  );
  const ids = new Map(Object.entries(fields).map(([id, { name }]) => [name as string, id as FieldId]));
  const attributes = logAttributes(gateway, model.kgateway).map(({ name }) => ({ name, id: ids.get(name) }));
  const record = (request: Request, index: number): Buffer => {
    const values = { ...sentValues(request), ...more(index) };
    const content = [
      fixed64(1, BigInt(Date.parse(request.time)) * 1_000_000n),
      ...attributes.map(({ name, id }) => keyValue(6, name, (id && values[id]) ?? '-')),
      lengthDelimited(9, Buffer.from(request.id.replaceAll('-', ''), 'hex')),
    ];
    return lengthDelimited(2, Buffer.concat(content));
  };
  return (requests) =>
    lengthDelimited(1, Buffer.concat([resource, lengthDelimited(2, Buffer.concat(requests.map(record)))]));
}

const keyValue = (field: number, key: string, value: string): Buffer =>
  lengthDelimited(field, Buffer.concat([lengthDelimited(1, key), lengthDelimited(2, lengthDelimited(1, value))]));

/** The same request as a line of an access log in JSON, which is what the pipeline's truth is read from. */
export function fileLine(request: Request): string {
  const values = Object.entries(sentValues(request)).map(([id, value]) => {
    const field = fields[id as FieldId];
    const plain = field.type === 'number' ? Number(value) : value;
    return [fileKey(id as FieldId), value === '-' ? null : plain];
  });
  return JSON.stringify(Object.fromEntries(values));
}

/** Cuts a list into requests of as many records as Envoy sends at once: 16, with its buffer of 16 KiB. */
export function sixteens<T>(list: readonly T[], size = 16): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/** Realistic requests, a share of which fail. */
export function someRequests(count: number, seed: number, failures: number): readonly Request[] {
  const endless = traffic(seed, failures);
  return Array.from({ length: count }, (): Request => endless.next().value);
}
