import { LineParser } from '../../read/line-parser.ts';
import type { AccessRecord } from '../../record.ts';
import type { Test } from '../../remote/expression.ts';
import type { Window } from '../../remote/from-question.ts';
import type { Line } from '../../remote/row-tally.ts';
import type { Asked } from './asked.ts';
import type { Stream } from './client.ts';
import type { LogQl, Records } from './language.ts';
import { limits } from './limits.ts';

/** A line as the parser takes it: the line itself where it is JSON, else its structured metadata as JSON. */
export const rawOf = (records: Records, labels: Stream['labels'], line: string): string =>
  records.in === 'json' ? line : JSON.stringify(labels);

/** Where a line came from, in words: its stream's pod, else its service. */
export const placeOf = (labels: Stream['labels']): string =>
  labels['k8s_pod_name'] ?? labels['pod'] ?? labels['service_name'] ?? 'loki';

/** A first and a last line of each kind of failure, of the window's first few thousand. */
export async function sampleLines(asked: Asked, logql: LogQl, failing: Test, window: Window): Promise<readonly Line[]> {
  const { client, records, overrides } = asked;
  const streams = await client.lines(logql.lines(failing), window.from, window.to, limits.samples, 'forward');
  const found = streams
    .flatMap(({ labels, values }) =>
      values.map(([ns, line]) => ({ labels, time: Number(BigInt(ns) / 1_000_000n), line })),
    )
    .sort((a, b) => a.time - b.time);
  const parser = new LineParser('auto', overrides);
  parser.learn(found.slice(0, 500).map((f) => rawOf(records, f.labels, f.line)));
  const kinds = new Map<string, Line[]>();
  for (const { labels, time, line } of found) {
    const raw = rawOf(records, labels, line);
    const parsed = parser.parse(raw);
    const [record] = 'records' in parsed ? parsed.records : [];
    if (!record) continue;
    const sample: Line = { place: { file: placeOf(labels), line: 0 }, raw, record: { ...record, time } };
    const kind = kindOf(record);
    const [first] = kinds.get(kind) ?? [];
    kinds.set(kind, first ? [first, sample] : [sample]);
  }
  return [...kinds.values()].flat();
}

const kindOf = (r: AccessRecord): string => JSON.stringify([r.route, r.cluster, r.status, r.flags, r.details]);
