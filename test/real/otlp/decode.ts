import { contents, members } from './protobuf.ts';

type Value = string | number | boolean;

/** A log record as it travelled. */
export interface Sent {
  readonly resource: Readonly<Record<string, Value>>;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly body: Value | undefined;
  readonly severity: string;
  readonly traceId: string;
}

/** The records of an export request (field numbers from opentelemetry/proto/logs/v1/logs.proto and common/v1/common.proto). */
export function logRecords(message: Buffer): readonly Sent[] {
  return [...contents(message, 1)].flatMap((group) => {
    const [described] = contents(group, 1);
    const resource = described === undefined ? {} : attributes(described, 1);
    return [...contents(group, 2)].flatMap((scope) => [...contents(scope, 2)].map((r) => ({ resource, ...record(r) })));
  });
}

function record(message: Buffer): Omit<Sent, 'resource'> {
  const [severity] = contents(message, 3);
  const [body] = contents(message, 5);
  const [traceId] = contents(message, 9);
  return {
    attributes: attributes(message, 6),
    body: body === undefined ? undefined : anyValue(body),
    severity: severity?.toString() ?? '',
    traceId: traceId?.toString('hex') ?? '',
  };
}

function attributes(message: Buffer, field: number): Record<string, Value> {
  return Object.fromEntries(
    [...contents(message, field)].map((pair) => {
      const [key] = contents(pair, 1);
      const [value] = contents(pair, 2);
      return [key?.toString() ?? '', value === undefined ? '' : anyValue(value)];
    }),
  );
}

/** string_value (1), bool_value (2), int_value (3), double_value (4); an empty one is the empty text. */
function anyValue(message: Buffer): Value {
  const [first] = members(message);
  if (first === undefined) return '';
  const [field, content] = first;
  if (typeof content === 'number') return field === 2 ? content === 1 : content;
  return field === 4 ? content.readDoubleLE() : content.toString();
}
