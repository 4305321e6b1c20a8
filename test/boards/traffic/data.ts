import { readFileSync } from 'node:fs';
import type { BoardLabel } from '../../../src/boards/board.ts';
import { tagValue } from '../../../src/boards/query/datadog-text.ts';
import type { Histogram, MemorySeries, PointValue } from '../../../src/boards/query/evaluate.ts';
import { durationBuckets } from '../../../src/contract/duration-buckets.ts';
import { responseFlags } from '../../../src/envoy/response-flags.ts';
import { edgesOf } from '../../../src/signals/edges.ts';
import { type SeriesId, seriesIds, seriesOf } from '../../../src/signals/series.ts';
import type { Request } from '../../real/pipeline/truth.ts';

type Recorded = Request & { readonly ms: number; readonly scenario: string };
/** By what `/stats/prometheus` calls it: before the traffic, after two thirds of it, after all. */
interface Statistic {
  readonly statistic: string;
  readonly values: readonly [number, number, number];
}

const lines = readFileSync(new URL('traffic.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded | Statistic);
const requests = lines.filter((l) => 'scenario' in l);
const statistics = lines.filter((l) => 'statistic' in l);

/**
 * The clock of the fixture, ms. A scrape each `step`; the board's view and its interval end half a step after the last. Traffic of fifteen seconds is
 * spread over the view, none of it in the first step of either window: what `increase` does not see there, and what it makes up for it, is then
 * one known factor and no guess (stretch).
 */
export const step = 15_000;
export const end = 1_700_000_000_000;
export const moment = { at: end + step / 2, view: 600_000, interval: 120_000 } as const;

/** What extrapolation makes of a growth that all came after the window's first point. */
export const stretch = (windowMs: number): number => windowMs / (windowMs - step);

const times = Array.from({ length: 60 }, (_, i) => end - (59 - i) * step);

/** Two thirds of the requests long before, the others within the interval. */
function timeOf(index: number, of: number): number {
  const share = index / of;
  return share < 2 / 3 ? end - 570_000 + share * 1.5 * 430_000 : end - 98_000 + (share - 2 / 3) * 3 * 95_000;
}

/** Counters are old: each has counted before. A new series' first value is lost to `increase`, and known to be (docs/signals.md). */
const old = 100_000;

interface Event {
  readonly at: number;
  readonly value: number;
}

class Collected {
  readonly made = new Map<string, { series: SeriesId; labels: Partial<Record<BoardLabel, string>>; events: Event[] }>();

  add(series: SeriesId, labels: Partial<Record<BoardLabel, string>>, at: number, value: number): void {
    const key = JSON.stringify([series, labels]);
    const known = this.made.get(key) ?? { series, labels, events: [] };
    known.events.push({ at, value });
    this.made.set(key, known);
  }

  series(): readonly MemorySeries[] {
    return [...this.made.values()].map(({ series, labels, events }) => {
      const edges = series === 'duration' ? durationBuckets : undefined;
      const points = times.map((at) => {
        const until = events.filter((e) => e.at <= at).map((e) => e.value);
        return { at, value: edges ? histogram(edges, until) : old + until.reduce((a, b) => a + b, 0) };
      });
      return { series, labels, points, ...(edges ? { edges } : {}) };
    });
  }
}

const histogram = (edges: readonly number[], values: readonly number[]): Histogram => ({
  count: old * (edges.length + 1) + values.length,
  sum: old + values.reduce((a, b) => a + b, 0),
  under: edges.map((edge, i) => old * (i + 1) + values.filter((v) => v <= edge).length),
});

/** A custom label, which the lab does not send: every third request each. */
const teams = ['checkout', 'search', 'other'] as const;
const gateways = ['edge.lab', 'inner.lab', 'partners.lab'] as const;

/** A scenario of the lab stands behind one of three gateways. */
const gatewayOf = (scenario: string): string =>
  gateways[[...scenario].reduce((n, c) => n + c.charCodeAt(0), 0) % 3] ?? '';
const identity = { environment: 'lab', cluster: 'lab-1' } as const;

function ofRequests(): readonly MemorySeries[] {
  const c = new Collected();
  for (const [i, r] of requests.entries()) {
    const at = timeOf(i, requests.length);
    const id = { gateway: gatewayOf(r.scenario), ...identity, 'custom:team': teams[i % 3] ?? '' };
    const way = { route: r.route, backend: r.backend };
    const statusClass = r.status === '0' ? '0' : `${r.status[0]}xx`;
    c.add('requests', { ...id, ...way, status: r.status, flag: r.flag, side: r.side }, at, 1);
    if (!Number.isNaN(r.duration)) c.add('duration', { ...id, ...way, statusClass }, at, r.duration / 1000);
    for (const flag of r.flags)
      c.add(
        'flags',
        { ...id, backend: r.backend, flag, flagName: responseFlags[flag]?.long ?? flag, side: r.side },
        at,
        1,
      );
    c.add('requestBytes', { ...id, ...way }, at, r.received);
    c.add('responseBytes', { ...id, ...way }, at, r.sent);
    c.add('attempts', { ...id, backend: r.backend }, at, r.attempts);
  }
  return c.series();
}

/** A statistic of Envoy's at each scrape: it steps twice, in the middle of the view and of the interval. */
const stepped = <T>(before: T, between: T, after: T): readonly { at: number; value: T }[] =>
  times.map((at) => ({ at, value: at < end - 300_000 ? before : at < end - 50_000 ? between : after }));

function ofEnvoy(): readonly MemorySeries[] {
  const parsed = statistics.map(({ statistic, values }) => {
    const [, name = '', list = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(statistic) ?? [];
    const labels = Object.fromEntries([...list.matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
    return { name, labels, values };
  });
  return seriesIds.flatMap((id) => {
    const series = seriesOf(id);
    if (series.origin !== 'envoy') return [];
    const own = (l: Readonly<Record<string, string>>): MemorySeries['labels'] => {
      const backend = l['envoy_cluster_name'];
      const scenario = (backend ?? l['envoy_http_conn_manager_prefix'] ?? '').replace(/^cluster_/, '');
      return {
        ...identity,
        gateway: gatewayOf(scenario),
        instance: 'pod-1',
        ...(backend === undefined ? {} : { backend }),
      };
    };
    if (series.type !== 'histogram')
      return parsed
        .filter((p) => p.name === series.name && meant(series.not, p.labels))
        .map((p): MemorySeries => {
          const [a, b, c] = p.values.map((v) => v + (series.type === 'counter' ? old : 0)) as [number, number, number];
          return { series: id, labels: { ...own(p.labels), ...more(p.labels) }, points: stepped(a, b, c) };
        });
    const edges = edgesOf(id) ?? [];
    return parsed
      .filter((p) => p.name === `${series.name}_count` && meant(series.not, p.labels))
      .map((p): MemorySeries => {
        const same = parsed.filter((o) => o.labels['envoy_cluster_name'] === p.labels['envoy_cluster_name']);
        const value = (i: 0 | 1 | 2): PointValue => ({
          count: p.values[i] + old * (edges.length + 1),
          sum: (same.find((o) => o.name === `${series.name}_sum`)?.values[i] ?? 0) + old,
          under: edges.map(
            (e, n) =>
              old * (n + 1) +
              (same.find((o) => o.name === `${series.name}_bucket` && Number(o.labels['le']) === e)?.values[i] ?? 0),
          ),
        });
        return { series: id, labels: own(p.labels), edges, points: stepped(value(0), value(1), value(2)) };
      });
  });
}

/** Several connection managers are one series of a label set without their prefix; memory can't hold it, so it is kept apart. */
const more = (labels: Readonly<Record<string, string>>): MemorySeries['labels'] => {
  const apart = labels['envoy_http_conn_manager_prefix'] ?? labels['envoy_local_http_ratelimit_prefix'];
  return apart === undefined ? {} : { 'custom:apart': apart };
};

const meant = (not: Readonly<Record<string, readonly string[]>>, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(not).every(([name, values]) =>
    values.includes('*') ? labels[name] === undefined : !values.includes(labels[name] ?? ''),
  );

/**
 * What no lab provokes or no kgateway runs for: made up, two series each, so that every query has something to answer.
 */
function madeUp(there: ReadonlySet<SeriesId>): readonly MemorySeries[] {
  return seriesIds
    .filter((id) => !there.has(id))
    .flatMap((id, n) =>
      [1, 2].map((k): MemorySeries => {
        const { labels: own, type } = seriesOf(id);
        const labels = Object.fromEntries(Object.keys(own).map((l) => [l, made(l, n + k, k)]));
        const edges = type === 'histogram' ? (edgesOf(id) ?? [0.01, 0.1, 1, 10]) : undefined;
        const value = (i: number): PointValue => {
          if (edges)
            return {
              count: old * (edges.length + 1) + i * k * (edges.length + 2),
              sum: old + i * k,
              under: edges.map((_, e) => old * (e + 1) + i * k * (e + 1)),
            };
          return type === 'counter' ? old + i * k * (n + 1) : k * (n + 1) + i;
        };
        return { series: id, labels, points: stepped(value(0), value(2), value(3)), ...(edges ? { edges } : {}) };
      }),
    );
}

function made(label: string, n: number, k: number): string {
  if (label === 'environment') return identity.environment;
  if (label === 'cluster') return identity.cluster;
  if (label === 'gateway') return gateways[n % 3] ?? '';
  if (label === 'error') return k === 1 ? 'limit' : 'none';
  if (label === 'result') return k === 1 ? 'success' : 'error';
  return `${label.toLowerCase()}-${k}`;
}

/** Real requests and statistics, and what is made up beside them. */
export function traffic(): {
  readonly data: readonly MemorySeries[];
  readonly requests: number;
  readonly madeUp: readonly SeriesId[];
} {
  const real = [...ofRequests(), ...ofEnvoy()];
  const there = new Set(real.map((s) => s.series));
  const rest = madeUp(there);
  return {
    data: [...real, ...rest],
    requests: requests.length,
    madeUp: [...new Set(rest.map((s) => s.series))],
  };
}

/** A value as Datadog stores it, so that answers compare. */
export const folded = (value: string): string => (value === '' ? value : tagValue(value));
