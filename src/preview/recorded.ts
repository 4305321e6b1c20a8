import type { LogCondition } from '../boards/board.ts';
import { type Answer, evaluate, type MemorySeries, type Moment } from '../boards/query/evaluate.ts';
import type { Query } from '../boards/query/expression.ts';
import { labelsOf, leaves, selectionsOf } from '../boards/query/shape.ts';
import type { Objective } from '../contract/model.ts';
import type { AccessRecord } from '../logs/record.ts';
import { promisesHandover } from '../objectives/indicator.ts';
import { sideOf } from '../signals/request.ts';
import { type SeriesId, seriesOf } from '../signals/series.ts';
import type { Heat, Line, PreviewData } from './data.ts';
import { Derived, grainMs, type Identity } from './derive.ts';
import { RecordedObjective } from './objective.ts';

const steps = [1, 3, 6, 12, 30, 60, 90, 180, 360, 720, 1440, 8640].map((n) => n * grainMs);
/** More points than this are not told apart in a panel. */
const most = 300;
/** Failing records that a panel of logs may show. */
const kept = 5000;

/** Takes the records of a log one by one, and then answers boards' queries from them by the reference evaluator. */
export class RecordedLog {
  private readonly derived: Derived;
  private readonly identity: Identity;
  private readonly objectives: readonly Objective[];
  private readonly failing: AccessRecord[] = [];
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;

  constructor(identity: Identity, objectives: readonly Objective[] = []) {
    this.derived = new Derived(identity, { measuresHandover: objectives.some(promisesHandover) });
    this.identity = identity;
    this.objectives = objectives;
  }

  take(record: AccessRecord): void {
    this.derived.take(record);
    if (typeof record.time !== 'number') return;
    this.first = Math.min(this.first, record.time);
    this.last = Math.max(this.last, record.time);
    if (sideOf(record) === 'none') return;
    this.failing.push(record);
    if (this.failing.length > 2 * kept) {
      this.failing.sort(newest);
      this.failing.length = kept;
    }
  }

  /** undefined when no record had a time. */
  data(files: readonly string[], source = files.join(', ')): PreviewData | undefined {
    if (this.first > this.last) return undefined;
    const step = steps.find((s) => (this.last - this.first) / s <= most) ?? (steps.at(-1) as number);
    const begin = Math.floor(this.first / step) * step;
    const n = Math.floor((this.last - begin) / step) + 1;
    const times = Array.from({ length: n }, (_, i) => begin + (i + 1) * step);
    const all = this.derived.series(times, step);
    const { environment } = this.identity;
    const objectives = new Map(
      this.objectives.map((o) => [o.name, new RecordedObjective(o, environment, all, times)] as const),
    );
    return new Recorded(all, {
      files,
      source,
      from: begin,
      times,
      step,
      objectives,
      failing: this.failing.sort(newest),
    });
  }
}

const newest = (a: AccessRecord, b: AccessRecord): number => (b.time ?? 0) - (a.time ?? 0);

interface Parts {
  readonly files: readonly string[];
  readonly source: string;
  readonly from: number;
  readonly times: readonly number[];
  readonly step: number;
  readonly objectives: ReadonlyMap<string, RecordedObjective>;
  readonly failing: readonly AccessRecord[];
}

class Recorded implements PreviewData {
  readonly files: readonly string[];
  readonly source: string;
  readonly from: number;
  readonly to: number;
  readonly times: readonly number[];
  private readonly parts: Parts;
  /** What a query over one step sees: the points at its two ends, of every series that is there by then. */
  private readonly slices: readonly (readonly MemorySeries[])[];
  private readonly whole: readonly MemorySeries[];

  constructor(all: readonly MemorySeries[], parts: Parts) {
    const { files, source, from, times, step } = parts;
    this.parts = parts;
    this.files = files;
    this.source = source;
    this.from = from;
    this.to = times.at(-1) ?? from;
    this.times = times;
    const at = all.map((s) => new Map(s.points.map((p) => [p.at, p])));
    this.slices = times.map((time) =>
      all.flatMap((s, i) => {
        const points = [time - step, time].flatMap((t) => at[i]?.get(t) ?? []);
        return points.at(-1)?.at === time ? [{ ...s, points }] : [];
      }),
    );
    this.whole = all.map((s) => ({ ...s, points: s.points.slice(-1) }));
  }

  lacks(query: Query): string | undefined {
    const longest = Math.max(0, ...leaves(query).map((q) => (q.node === 'objective' ? q.window : 0)));
    if (longest > this.to - this.from) return `${words(longest)} of requests`;
    const selections = selectionsOf(query);
    const other = selections.map((s) => seriesOf(s.series).origin).find((origin) => origin !== 'access-log');
    if (other !== undefined) return whose[other];
    const labels = [...labelsOf(query), ...selections.flatMap((s) => s.where.map((f) => f.label))];
    return labels.some((l) => l.startsWith('custom:')) ? "the contract's own labels" : undefined;
  }

  lines(query: Query): Promise<readonly Line[]> {
    // The greatest of the whole view, not of each point.
    const [inner, limit] = query.node === 'top' ? [query.of, query.limit] : [query, Number.POSITIVE_INFINITY];
    const by = labelsOf(inner);
    const found = new Map<string, { labels: Answer['labels']; values: (number | null)[] }>();
    const data = this.of(inner);
    for (const [i, at] of this.times.entries())
      for (const answer of evaluate(inner, data(i), this.moment(at))) {
        const key = by.map((l) => answer.labels[l] ?? '').join('\u0000');
        const line = found.get(key) ?? { labels: answer.labels, values: this.times.map(() => null) };
        line.values[i] = answer.value;
        found.set(key, line);
      }
    const lines = [...found.values()];
    if (lines.length <= limit) return Promise.resolve(lines);
    const size = (l: Line): number => l.values.reduce((sum: number, v) => sum + (v ?? 0), 0);
    return Promise.resolve(lines.sort((a, b) => size(b) - size(a)).slice(0, limit));
  }

  now(query: Query): Promise<readonly Answer[]> {
    const last = this.times.length - 1;
    return Promise.resolve(
      evaluate(query, windowOf(query) === 'view' ? this.whole : (this.slices[last] ?? []), this.moment(this.to)),
    );
  }

  heat(query: Query): Promise<Heat> {
    const data = this.of(query);
    const columns = this.times.map((at, i) => {
      const answers = [...evaluate(query, data(i), this.moment(at))].sort((a, b) => (a.le ?? 0) - (b.le ?? 0));
      return {
        edges: answers.map((a) => a.le ?? 0),
        counts: answers.map((a, n) => a.value - (answers[n - 1]?.value ?? 0)),
      };
    });
    const edges = columns.find((c) => c.edges.length > 0)?.edges ?? [];
    return Promise.resolve({ edges, columns: columns.map((c) => c.counts) });
  }

  records(condition: LogCondition, limit: number): Promise<readonly AccessRecord[]> {
    return Promise.resolve(this.parts.failing.filter((r) => meetsCondition(condition, r)).slice(0, limit));
  }

  private of(query: Query): (i: number) => readonly MemorySeries[] {
    const asked = new Set<SeriesId>(selectionsOf(query).map((s) => s.series));
    return (i) => (this.slices[i] ?? []).filter((s) => asked.has(s.series));
  }

  private moment(at: number): Moment {
    const { step, objectives } = this.parts;
    const index = this.times.indexOf(at);
    return {
      at,
      interval: step,
      view: this.to - this.from,
      objective: (query) =>
        (objectives.get(query.objective)?.at(query, index, Math.max(1, Math.round(query.window / step))) ?? []).map(
          ({ gateway, value }) => ({ labels: { gateway }, value }),
        ),
    };
  }
}

const whose = {
  envoy: "Envoy's own statistics",
  kgateway: "the control plane's own metrics",
  collector: "the Collector's own telemetry",
} as const;

const words = (ms: number): string => (ms < 172_800_000 ? `${ms / 3_600_000} hours` : `${ms / 86_400_000} days`);

/** Windows of one query are alike on boards: the whole view, or the interval. */
const windowOf = (query: Query): unknown =>
  (selectionsOf(query) as readonly { window?: unknown }[]).map((s) => s.window).find((w) => w !== undefined);

function meetsCondition({ status, side, flag }: LogCondition, r: AccessRecord): boolean {
  const code = String(r.status ?? 0);
  if (status !== undefined && !(status.endsWith('xx') ? code.length === 3 && code[0] === status[0] : code === status))
    return false;
  if (side && !side.includes(sideOf(r))) return false;
  return !flag || flag.some((f) => (f === '-' ? (r.flags ?? []).length === 0 : r.flags?.includes(f)));
}
