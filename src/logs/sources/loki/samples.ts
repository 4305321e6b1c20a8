import type { Test } from '../../remote/expression.ts';
import type { Window } from '../../remote/from-question.ts';
import type { Line } from '../../remote/row-tally.ts';
import { firstAndLast, type Stored } from '../../remote/take-records.ts';
import type { Asked } from './asked.ts';
import type { Stream } from './client.ts';
import type { LogQl, Records } from './language.ts';
import { limits } from './limits.ts';

/** A line as the parser takes it: the line itself where it is JSON, else its structured metadata as JSON. */
const rawOf = (records: Records, labels: Stream['labels'], line: string): string =>
  records.in === 'json' ? line : JSON.stringify(labels);

/** Where a line came from, in words: its stream's pod, else its service. */
const placeOf = (labels: Stream['labels']): string =>
  labels['k8s_pod_name'] ?? labels['pod'] ?? labels['service_name'] ?? 'loki';

/** Loki's lines, oldest first; `ns` tells two of one millisecond apart. Loki keeps one of those that are alike in time, labels and text. */
export function storedIn(
  records: Records,
  streams: readonly Stream[],
): readonly (Stored & { readonly ns: string; readonly time: number })[] {
  return streams
    .flatMap(({ labels, values }) =>
      values.map(([ns, line]) => ({
        ns,
        id: JSON.stringify([ns, Object.entries(labels).sort(), line]),
        raw: rawOf(records, labels, line),
        time: Number(BigInt(ns) / 1_000_000n),
        place: placeOf(labels),
      })),
    )
    .sort((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0));
}

/** A first and a last line of each kind of failure, of the window's first few thousand. */
export async function sampleLines(asked: Asked, logql: LogQl, failing: Test, window: Window): Promise<readonly Line[]> {
  const { client, records, overrides } = asked;
  const streams = await client.lines(logql.lines(failing), window.from, window.to, limits.samples, 'forward');
  return firstAndLast(storedIn(records, streams), overrides);
}
