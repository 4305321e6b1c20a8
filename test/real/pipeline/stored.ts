import { everything } from '../../../src/logs/question.ts';
import { LineParser } from '../../../src/logs/read/line-parser.ts';
import type { AccessRecord } from '../../../src/logs/record.ts';
import { Tally } from '../../../src/logs/scan/tally.ts';
import { signatureOf } from '../../../src/logs/signature.ts';
import { derived } from '../../../src/signals/labels.ts';
import { judge } from '../../../src/triage/judge.ts';
import { populationOf } from '../../../src/triage/population.ts';

type Value = string | number | undefined;

/** A record as the Collector stored it, its attributes as they are and as vigia's own reader reads them. */
export interface Stored {
  readonly body: string;
  readonly severity: string;
  readonly traceId: string;
  readonly resource: Readonly<Record<string, Value>>;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly record: AccessRecord;
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string; readonly doubleValue?: number };
}
interface LogRecord {
  readonly body?: { readonly stringValue?: string };
  readonly severityText?: string;
  readonly traceId?: string;
  readonly attributes: readonly KeyValue[];
}
interface Document {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[];
  }[];
}

/** The records in the text of a file exporter: one OTLP document a line. */
export function storedRecords(text: string): readonly Stored[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const parser = new LineParser();
  parser.learn(lines.slice(0, 500));
  return lines.flatMap((line) => {
    const parsed = parser.parse(line);
    if (!('records' in parsed)) throw new Error(`vigia can't read what its Collector stored: ${line.slice(0, 300)}`);
    const written = (JSON.parse(line) as Document).resourceLogs.flatMap(({ resource, scopeLogs }) =>
      scopeLogs.flatMap((scope) => scope.logRecords.map((log) => ({ resource: values(resource.attributes), log }))),
    );
    return written.map(({ resource, log }, i) => ({
      body: log.body?.stringValue ?? '',
      severity: log.severityText ?? '',
      traceId: log.traceId ?? '',
      resource,
      attributes: values(log.attributes),
      record: parsed.records[i] as AccessRecord,
    }));
  });
}

function values(list: readonly KeyValue[]): Record<string, Value> {
  return Object.fromEntries(
    list.map(({ key, value }) => [
      key,
      value.stringValue ?? value.doubleValue ?? (value.intValue === undefined ? undefined : Number(value.intValue)),
    ]),
  );
}

/** What triage says of each stored record among all of them, beside what the pipeline wrote on it. */
export function judged(records: readonly Stored[]): readonly { what: string; side: string; truth: string }[] {
  const tally = new Tally(everything);
  for (const [i, { record }] of records.entries()) tally.add(record, { file: 'stored', line: i + 1 }, '');
  const population = populationOf(tally.answer([]));
  return records.map(({ record, attributes }) => {
    const verdict = judge(signatureOf(record), population);
    const truth = verdict === undefined || verdict.kind === 'masked' ? 'none' : verdict.side;
    const { status, flags, details, duration } = record;
    return {
      what: `${record.route} ${status} ${flags?.join(',')} ${details} ${duration} ms: ${verdict?.cause.code}`,
      side: String(attributes[derived.side] ?? 'none'),
      truth,
    };
  });
}
