import { fixed64, lengthDelimited } from './protobuf.ts';

/** An export request with one span of Envoy's kind, whose URL has a query (field numbers from opentelemetry/proto/trace/v1/trace.proto). */
export function span(): Buffer {
  const attribute = (field: number, key: string, value: string): Buffer =>
    lengthDelimited(field, Buffer.concat([lengthDelimited(1, key), lengthDelimited(2, lengthDelimited(1, value))]));
  const now = BigInt(Date.now()) * 1_000_000n;
  const content = Buffer.concat([
    lengthDelimited(1, Buffer.alloc(16, 7)),
    lengthDelimited(2, Buffer.alloc(8, 7)),
    lengthDelimited(5, 'ingress'),
    fixed64(7, now),
    fixed64(8, now + 1_000_000n),
    attribute(9, 'http.url', 'http://shop.example.com/shop/cart?token=hunter2'),
  ]);
  const resource = lengthDelimited(1, attribute(1, 'service.name', 'edge.gateways'));
  return lengthDelimited(1, Buffer.concat([resource, lengthDelimited(2, lengthDelimited(2, content))]));
}
