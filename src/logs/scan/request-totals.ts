import type { Answer, RouteTotal } from '../answer.ts';
import { latencyBucket, latencyBuckets, quantiles } from '../buckets.ts';
import { limits, other } from './limits.ts';

const minute = 60_000;

interface RouteCount {
  requests: number;
  latency: Uint32Array;
}

/** What is counted of all requests, healthy and failed: by the name they are grouped by, by minute and by latency. */
export class RequestTotals {
  requests = 0;
  /** Names or minutes were past their bound. */
  truncated = false;
  readonly #routes = new Map<string, RouteCount>();
  readonly #latency = new Float64Array(latencyBuckets);
  readonly #timeline = new Map<number, { requests: number }>();
  /** The minute met last: requests come in the order of their time, nearly. */
  #recent: { readonly start: number; readonly count: { requests: number } } | undefined;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /** Counts `count` requests of one time (epoch ms) and duration (ms). */
  add(route: string, one: { [K in 'time' | 'duration']?: number | null | undefined }, count: number): void {
    this.requests += count;
    const group = this.#route(route);
    group.requests += count;
    const { time, duration } = one;
    if (duration !== undefined && duration !== null) {
      const bucket = latencyBucket(duration);
      group.latency[bucket] = (group.latency[bucket] ?? 0) + count;
      this.#latency[bucket] = (this.#latency[bucket] ?? 0) + count;
    }
    if (time !== undefined && time !== null) this.addMinute(Math.floor(time / minute) * minute, count, time, time);
  }

  /** Counts many requests of one route at once, as a scanner's own table holds them; `latency` are counts by latencyBucket. */
  addRoute(route: string, requests: number, latency: Uint32Array): void {
    this.requests += requests;
    const group = this.#route(route);
    group.requests += requests;
    for (let bucket = 0; bucket < latencyBuckets; bucket++) {
      const count = latency[bucket] as number;
      if (count === 0) continue;
      group.latency[bucket] = (group.latency[bucket] as number) + count;
      this.#latency[bucket] = (this.#latency[bucket] as number) + count;
    }
  }

  /** Counts requests of one minute on the timeline, and the first and last of them. */
  addMinute(start: number, requests: number, first: number, last: number): void {
    if (first < this.#first) this.#first = first;
    if (last > this.#last) this.#last = last;
    const count = this.#recent?.start === start ? this.#recent.count : this.#minute(start);
    if (count) count.requests += requests;
    else this.truncated = true;
  }

  /** What an Answer says of them, its timeline in buckets of that width. */
  answer(bucketMs: number): Pick<Answer, 'requests' | 'routes' | 'timeline' | 'latency' | 'first' | 'last'> {
    return {
      requests: this.requests,
      routes: [...this.#routes]
        .map(([route, { requests, latency }]): RouteTotal => {
          const [p50, p99] = quantiles(latency, [0.5, 0.99]);
          return { route, requests, p50, p99 };
        })
        .sort((a, b) => b.requests - a.requests || order(a.route, b.route)),
      timeline: this.#rebucketed(bucketMs),
      latency: [...this.#latency],
      first: this.#first === Number.POSITIVE_INFINITY ? undefined : this.#first,
      last: this.#last === Number.NEGATIVE_INFINITY ? undefined : this.#last,
    };
  }

  #minute(start: number): { requests: number } | undefined {
    let count = this.#timeline.get(start);
    if (!count) {
      if (this.#timeline.size >= limits.minutes) return undefined;
      count = { requests: 0 };
      this.#timeline.set(start, count);
    }
    this.#recent = { start, count };
    return count;
  }

  #route(name: string): RouteCount {
    const known = this.#routes.get(name);
    if (known) return known;
    if (this.#routes.size >= limits.routes && name !== other) {
      this.truncated = true;
      return this.#route(other);
    }
    const fresh = { requests: 0, latency: new Uint32Array(latencyBuckets) };
    this.#routes.set(name, fresh);
    return fresh;
  }

  #rebucketed(bucketMs: number): Answer['timeline'] {
    const buckets = new Map<number, number>();
    for (const [start, { requests }] of this.#timeline) {
      const time = Math.floor(start / bucketMs) * bucketMs;
      buckets.set(time, (buckets.get(time) ?? 0) + requests);
    }
    return [...buckets].sort((a, b) => a[0] - b[0]).map(([time, requests]) => ({ time, requests }));
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
