import type { Entries } from './json.ts';

/**
 * The log records of one OTLP JSON document (`{"resourceLogs": [...]}`), as the Collector's file exporter writes one a line.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding (64-bit numbers are strings, values are tagged).
 */
export function otlpEntries(document: object): Entries[] {
  const found: Entries[] = [];
  for (const resourceLogs of list(get(document, 'resourceLogs'))) {
    const resource = keyValues(get(get(resourceLogs, 'resource'), 'attributes'));
    for (const scopeLogs of list(get(resourceLogs, 'scopeLogs'))) {
      for (const log of list(get(scopeLogs, 'logRecords'))) {
        const entries: [string, unknown][] = [
          ...keyValues(get(log, 'attributes')),
          ['timeUnixNano', get(log, 'timeUnixNano')],
          ['trace_id', get(log, 'traceId') ?? null],
          ...resource,
        ];
        found.push(entries);
      }
    }
  }
  return found;
}

function keyValues(value: unknown, prefix = ''): [string, unknown][] {
  return list(value).flatMap((pair): [string, unknown][] => {
    const key = get(pair, 'key');
    if (typeof key !== 'string') return [];
    const any = get(pair, 'value');
    const nested = get(get(any, 'kvlistValue'), 'values');
    return nested === undefined ? [[prefix + key, scalar(any)]] : keyValues(nested, `${prefix + key}.`);
  });
}

function scalar(any: unknown): unknown {
  const array = get(get(any, 'arrayValue'), 'values');
  if (array !== undefined) return list(array).map(scalar);
  for (const kind of ['stringValue', 'intValue', 'doubleValue', 'boolValue']) {
    const value = get(any, kind);
    if (value !== undefined) return value;
  }
  return null;
}

const get = (value: unknown, key: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
