import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type FieldId, fieldIds, fields } from '../../src/envoy/fields.ts';
import { ageEdges, durationEdges } from '../../src/logs/buckets.ts';
import { LineParser } from '../../src/logs/read/line-parser.ts';
import type { AccessRecord } from '../../src/logs/record.ts';
import { traitsOf } from '../../src/logs/signature.ts';
import { derived } from '../../src/signals/labels.ts';
import { sideOf } from '../../src/signals/request.ts';
import { signatureParts } from '../../src/signals/signature.ts';

export const incidentLog = fileURLToPath(new URL('../../examples/incident/access.log.gz', import.meta.url));

/** A recorded line and what it says. */
export interface Recorded {
  readonly time: number;
  readonly line: string;
  readonly record: AccessRecord;
}

/** The recorded incident's access-log lines in [from, to), oldest first: what a real Envoy wrote. */
export function recorded(from: number, to: number): readonly Recorded[] {
  const parser = new LineParser('json');
  const lines = gunzipSync(readFileSync(incidentLog)).toString('utf8').split('\n');
  parser.learn(lines.slice(0, 500));
  return lines
    .flatMap((line): Recorded[] => {
      const parsed = parser.parse(line);
      const record = 'records' in parsed ? parsed.records[0] : undefined;
      return typeof record?.time === 'number' && record.time >= from && record.time < to
        ? [{ time: record.time, line, record }]
        : [];
    })
    .sort((a, b) => a.time - b.time);
}

type Attributes = Record<string, string | number>;

/**
 * The record as the generated Collector stores it: OTLP names, numbers as numbers, an absent number left out and an absent text `-`, and on
 * failing records what the Collector computes. test/real/pipeline.test.ts holds the real Collector to the same derived values.
 */
export function storedAttributes(record: AccessRecord): Attributes {
  const attributes: Attributes = {};
  for (const id of fieldIds) {
    const { name, type, otlp }: { name: string; type: string; otlp?: string } = fields[id];
    if (otlp !== undefined) continue;
    const value = record[id];
    if (id === 'flags') attributes[name] = record.flags?.length ? record.flags.join(',') : '-';
    else if (value === undefined || value === null) {
      if (type !== 'number' && value === null) attributes[name] = '-';
    } else attributes[name] = value as string | number;
  }
  const flags = record.flags ?? [];
  const side = sideOf(record);
  return side === 'none' && flags.length === 0
    ? attributes
    : { ...attributes, ...derivedAttributes(record, attributes) };
}

function derivedAttributes(record: AccessRecord, attributes: Attributes): Attributes {
  const traits = traitsOf(record);
  const edge = (edges: readonly number[], value: number | null | undefined): Attributes[string] | undefined =>
    typeof value === 'number' ? Math.ceil(edges.findLast((e) => Math.ceil(e) <= value) ?? 0) : undefined;
  const duration = edge(durationEdges, record.duration);
  const age = edge(ageEdges, record.connectionAge);
  const made: Attributes = {
    [derived.hop]: traits.hop,
    ...(record.details ? { [derived.details]: traits.details ?? '' } : {}),
    ...(duration === undefined ? {} : { [derived.durationBucket]: duration }),
    ...(age === undefined ? {} : { [derived.ageBucket]: age }),
  };
  const whole = { ...attributes, ...made };
  return { ...made, [derived.signature]: signatureParts.map((p) => whole[p] ?? '-').join(' ') };
}

const resource = (record: AccessRecord) => ({
  'service.name': record.gateway ?? 'edge.gateways',
  'k8s.pod.name': record.pod ?? '-',
});
const body = ({ method, path, status, flags }: AccessRecord): string =>
  [method ?? '-', path ?? '-', status, flags?.join(',') || '-'].join(' ');

/** Ways in which the same request stands in a store; `map` is what a user then says by --map. */
export interface Shape {
  readonly name: string;
  readonly message: (r: Recorded) => string;
  readonly map?: Readonly<Partial<Record<FieldId, string>>>;
  /** Fields that this shape does not carry. */
  readonly lacks?: readonly FieldId[];
}

export const shapes: readonly Shape[] = [
  {
    name: 'nested, by awscloudwatchlogs',
    message: ({ record }) =>
      JSON.stringify({
        body: body(record),
        severity_text: 'INFO',
        attributes: storedAttributes(record),
        resource: resource(record),
      }),
  },
  {
    name: 'flat, by awscloudwatchlogs with raw_log',
    message: ({ record }) => JSON.stringify(storedAttributes(record)),
  },
  {
    name: "nested, by CloudWatch's OTLP endpoint",
    message: ({ record, time }) =>
      JSON.stringify({
        resource: { attributes: resource(record) },
        scope: {},
        timeUnixNano: time * 1e6,
        severityText: 'INFO',
        body: body(record),
        attributes: storedAttributes(record),
      }),
  },
  { name: "Envoy's own JSON file, shipped as it is", message: ({ line }) => line },
  {
    name: "users' own JSON, by --map",
    message: ({ line }) =>
      JSON.stringify(
        Object.fromEntries(Object.entries(JSON.parse(line) as object).map(([key, value]) => [own(key), value])),
      ),
    map: Object.fromEntries(fieldIds.map((id) => [id, own(fields[id].name.replace(/[^A-Za-z0-9]+/g, '_'))])),
  },
];

/** A name that no alias knows; with a dash, so that the language must quote it. */
function own(key: string): string {
  return `x-${key.replaceAll('_', '').split('').reverse().join('')}`;
}
