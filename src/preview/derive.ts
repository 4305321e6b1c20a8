import type { BoardLabel } from '../boards/board.ts';
import type { Histogram, MemorySeries } from '../boards/query/evaluate.ts';
import { durationBuckets } from '../contract/duration-buckets.ts';
import { responseFlags } from '../envoy/response-flags.ts';
import type { AccessRecord } from '../logs/record.ts';
import type { SignalId } from '../signals/catalogue.ts';
import { edgesOf } from '../signals/edges.ts';
import { handoverOf, labelsOf } from '../signals/request.ts';

/** Grains of time that points are kept in, ms: a chart's steps are multiples of it. */
export const grainMs = 10_000;

/** What happened in one grain: how much, or a histogram's count, sum and buckets (not cumulative). */
type Grain = number | Float64Array;

interface Made {
  readonly series: SignalId;
  readonly labels: MemorySeries['labels'];
  readonly grains: Map<number, Grain>;
}

/** Labels that no line of the log says, because all of the log is one gateway's. */
export type Identity = Readonly<Record<'gateway' | 'environment' | 'cluster', string>>;

/**
 * The signals of an access log, derived as the Collector does (src/signals/catalogue.ts) from records instead of OTLP: what boards would show of
 * exactly these requests. The contract's own labels are not in it: a record's normal form does not keep them.
 */
export class Derived {
  private readonly made = new Map<string, Made>();
  private readonly identity: Identity;
  private readonly measuresHandover: boolean;

  constructor(identity: Identity, { measuresHandover }: { readonly measuresHandover: boolean }) {
    this.identity = identity;
    this.measuresHandover = measuresHandover;
  }

  take(record: AccessRecord): void {
    if (typeof record.time !== 'number') return;
    const grain = Math.floor(record.time / grainMs);
    const requests = record.weight ?? 1;
    const flags = record.flags ?? [];
    const { route, backend, status, statusClass, flag, side } = labelsOf(record);
    const way = { route, backend };
    this.add('requests', { ...way, status, flag, side }, grain, requests);
    for (const one of flags) {
      const flagName = (Object.hasOwn(responseFlags, one) ? responseFlags[one]?.long : undefined) ?? one;
      this.add('flags', { backend, flag: one, flagName, side }, grain, requests);
    }
    if (typeof record.duration === 'number')
      this.observe('duration', { ...way, statusClass }, grain, record.duration / 1000, requests);
    const handover = this.measuresHandover ? handoverOf(record) : undefined;
    if (handover !== undefined) this.observe('handover', { route }, grain, handover / 1000, requests);
    this.add('requestBytes', way, grain, (record.bytesReceived ?? 0) * requests);
    this.add('responseBytes', way, grain, (record.bytesSent ?? 0) * requests);
    if (typeof record.attempts === 'number') this.add('attempts', { backend }, grain, record.attempts * requests);
  }

  /** Cumulative points at the end of each step in which something came; from the step of the first on. */
  series(times: readonly number[], step: number): readonly MemorySeries[] {
    return [...this.made.values()].map(({ series, labels, grains }): MemorySeries => {
      const edges = edgesOf(series);
      const width = edges ? durationBuckets.length + 3 : 1;
      const steps = times.map(() => new Float64Array(width));
      const begin = (times[0] ?? 0) - step;
      for (const [grain, value] of grains) {
        const at = steps[Math.floor((grain * grainMs - begin) / step)];
        if (at === undefined) continue;
        if (typeof value === 'number') at[0] = (at[0] ?? 0) + value;
        else for (const [i, n] of value.entries()) at[i] = (at[i] ?? 0) + n;
      }
      const total = new Float64Array(width);
      const points = steps.flatMap((values, i) => {
        for (const [n, value] of values.entries()) total[n] = (total[n] ?? 0) + value;
        const seen = total.some((n) => n > 0);
        return seen ? [{ at: times[i] ?? 0, value: edges ? histogram(total) : (total[0] ?? 0) }] : [];
      });
      return { series, labels, points, ...(edges ? { edges } : {}) };
    });
  }

  private add(series: SignalId, labels: Partial<Record<BoardLabel, string>>, grain: number, value: number): void {
    const { grains } = this.of(series, labels);
    grains.set(grain, ((grains.get(grain) as number | undefined) ?? 0) + value);
  }

  private observe(
    series: 'duration' | 'handover',
    labels: Partial<Record<BoardLabel, string>>,
    grain: number,
    seconds: number,
    requests: number,
  ): void {
    const { grains } = this.of(series, labels);
    const slots = (grains.get(grain) as Float64Array | undefined) ?? new Float64Array(durationBuckets.length + 3);
    grains.set(grain, slots);
    const bucket = durationBuckets.findIndex((edge) => seconds <= edge);
    const at = 2 + (bucket < 0 ? durationBuckets.length : bucket);
    slots[0] = (slots[0] ?? 0) + requests;
    slots[1] = (slots[1] ?? 0) + seconds * requests;
    slots[at] = (slots[at] ?? 0) + requests;
  }

  private of(series: SignalId, labels: Partial<Record<BoardLabel, string>>): Made {
    const key = [series, ...Object.values(labels)].join('\u0000');
    const known = this.made.get(key) ?? { series, labels: { ...labels, ...this.identity }, grains: new Map() };
    this.made.set(key, known);
    return known;
  }
}

function histogram(slots: Float64Array): Histogram {
  let below = 0;
  const under = durationBuckets.map((_, i) => {
    below += slots[2 + i] ?? 0;
    return below;
  });
  return { count: slots[0] ?? 0, sum: slots[1] ?? 0, under };
}
