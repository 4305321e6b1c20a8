import { type FieldId, fileKey } from '../../../src/envoy/fields.ts';
import type { LabRecord } from '../records.ts';

type Value = string | number | null;

/** A real line as an object; the keys stay in the order in which Envoy wrote them. */
export type Line = Record<string, Value>;
export const parse = (record: LabRecord): Line => JSON.parse(record.line.vigia) as Line;
export const read = (line: Line, id: FieldId): Value => line[fileKey(id)] ?? null;

/**
 * Gives a line another identity. A field that Envoy left null stays null and an id of 0 stays 0, because what is missing is a part of
 * the fingerprint: a codec error has no path and no request id, a refused connection has no local address.
 */
export function retell(line: Line, changes: Partial<Record<FieldId, Value | undefined>>): Line {
  const told: Line = { ...line };
  for (const [id, value] of Object.entries(changes) as [FieldId, Value | undefined][]) {
    const key = fileKey(id);
    const before = line[key];
    if (before === null || before === undefined || before === 0 || value === undefined) continue;
    told[key] = value;
  }
  return told;
}

/** A time of the incident's day as Envoy writes it. */
export const timestamp = (day: number, at: number): string => new Date(day + at).toISOString();
