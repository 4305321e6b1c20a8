import type { Label } from '../contract/model.ts';
import { type SignalId, signals, signalsMade } from '../signals/catalogue.ts';
import { identityLabels } from '../signals/labels.ts';
import { seriesOf } from '../signals/series.ts';
import { seriesLabelName, seriesName } from '../signals/spelling.ts';
import type { BoardLabel } from './board.ts';
import type { Selection } from './query/expression.ts';
import { duration } from './query/promql-text.ts';

/**
 * What boards ask for without route and backend is a sum over every route and backend: with hundreds of namespaces, hundreds of thousands of
 * series for each line of each graph. So it is added up once a minute, and boards add up the rest (docs/decisions/0008-dashboards-and-alerts.md).
 */
const heavy: readonly BoardLabel[] = ['route', 'backend'];

/** The rules' own interval: each point counts for that long. */
export const recordedIntervalMs = 60_000;
const windowMs = 300_000;

/** What boards ask themselves; a signal of demand is asked by its objectives alone, which have rules of their own. */
const recordable = signalsMade({ handoverGateways: [] });

export interface RecordedRule {
  /** `level:metric:operations`, as Prometheus' own advice has it. */
  readonly record: string;
  readonly expr: string;
}

/** From how many routes on the sums are worth rules of their own. Below, a board asks the series themselves, and needs no rule to be there. */
const routesFrom = 100;

/** Whether an environment records: the contract tells how many routes and backends there are. */
export const isRecorded = (model: {
  readonly routes: readonly unknown[];
  readonly backends: readonly unknown[];
}): boolean => model.routes.length >= routesFrom || model.backends.length >= routesFrom;

/** The rules, for a group that is evaluated every `recordedIntervalMs`. Labels are those of the environment's metrics. */
export function recordedRules(context: { readonly labels: readonly Label[] }): readonly RecordedRule[] {
  return recordable.flatMap((id) =>
    parts(id).map((part) => {
      const name = `${seriesName(seriesOf(id), 'scrape')}${part}`;
      const by = [
        ...kept(id).map((l) => seriesLabelName(seriesOf(id).labels[l as never] ?? l, 'scrape')),
        ...context.labels.filter((l) => l.on.metrics).map((l) => seriesLabelName(l.name, 'scrape')),
        ...(part === '_bucket' ? ['le'] : []),
      ];
      return {
        record: recordName(id, part),
        expr: `sum by (${by.join(', ')}) (rate(${name}[${duration(windowMs)}]))`,
      };
    }),
  );
}

/** The recorded series that answers a selection: one of a signal that is neither by route or backend nor filtered by them. */
export function recordedFor(
  q: Selection,
  part: string,
  { scope }: { readonly scope: readonly BoardLabel[] },
): string | undefined {
  const id = recordable.find((s) => s === q.series);
  if (id === undefined) return undefined;
  const asked: readonly BoardLabel[] = [...q.by, ...q.where.map((f) => f.label), ...scope];
  const carried = seriesOf(id).labels;
  const needs = heavy.some((l) => asked.includes(l) && Object.hasOwn(carried, l));
  return needs ? undefined : recordName(id, part);
}

/** `gateway:http_server_request_duration_seconds_bucket:rate5m`; a rate is no total. */
const recordName = (id: SignalId, part: string): string =>
  `gateway:${seriesName(seriesOf(id), 'scrape').replace(/_total$/, '')}${part}:rate${duration(windowMs)}`;

const parts = (id: SignalId): readonly string[] =>
  signals[id].type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];

const kept = (id: SignalId): readonly BoardLabel[] =>
  [...identityLabels, ...signals[id].labels]
    .map((l): BoardLabel => (l === 'nthFlag' ? 'flag' : l))
    .filter((l) => !heavy.includes(l));
