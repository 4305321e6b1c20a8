import type { FieldId } from '../envoy/fields.ts';
import type { AccessRecord, Place } from './record.ts';
import type { Signature } from './signature.ts';

/** Requests of one route, failed or not. Sources group by route name; where a format has none by cluster, else by authority. */
export interface RouteTotal {
  readonly route: string;
  readonly requests: number;
  /** Medians and 99th percentiles of all its requests, ms; undefined where no duration is carried. */
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

/** A line kept as it was, so that a reader can see for themselves. `raw` is cut at 4 KiB. */
export interface Sample {
  readonly place: Place;
  readonly record: AccessRecord;
  readonly signature: Signature;
  readonly raw: string;
  /** Milliseconds since the same upstream connection was last used, where that could be looked up. */
  idleGap?: number;
}

export interface Reject extends Place {
  readonly reason: string;
  /** The first 200 characters of the line. */
  readonly text: string;
}

/** Stores that are asked over the network. */
export const storeNames = ['cloudwatch', 'loki', 'datadog'] as const;
export type StoreName = (typeof storeNames)[number];

/** What a remote store did for an answer. */
export interface StoreReading {
  readonly name: StoreName;
  /** What was asked: log groups, a tenant's selector, an index; as the user or the contract named it. */
  readonly from: readonly string[];
  /** The window asked about, half-open, epoch ms. */
  readonly window: { readonly from: number; readonly to: number };
  /** Calls that scanned something, samples included. */
  readonly queries: number;
  /** As the store reports them; undefined where it does not. */
  readonly bytesScanned: number | undefined;
  readonly recordsScanned: number | undefined;
  /** What that costs, US dollars, where the store bills by it. */
  readonly dollars: number | undefined;
  /** The newest record's time in the answer; its distance to the window's end tells how far behind the store is. */
  readonly newest: number | undefined;
  /** Durations of all requests were counted at edges: percentiles between two of them are interpolated. */
  readonly latencyInterpolated: boolean;
  /** What was asked for and could not be read; with any, counts are of the rest. */
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
  /** What this store can't tell, or was not asked for its cost, in words. */
  readonly notes: readonly string[];
}

/** What the reading cost and what it met. */
export interface Reading {
  /** Set when a store was asked over the network; then there are no files, and lines are the records it counted. */
  readonly store?: StoreReading;
  readonly files: readonly { readonly name: string; readonly format: string; readonly lines: number }[];
  readonly bytes: number;
  readonly lines: number;
  /** Lines that are Envoy's own application log, not access log. */
  readonly applicationLines: number;
  /** Access-log entries of requests still running. */
  readonly interim: number;
  /** Records that a sampler kept to stand for several requests: counted by their weight. */
  readonly weighted: number;
  /** Records outside the asked window, and records that other conditions left out. */
  readonly outsideWindow: number;
  readonly leftOut: number;
  readonly rejects: number;
  readonly firstRejects: readonly Reject[];
}

/** What a Source returns: everything that is not plainly healthy as Signatures, and totals over everything that was asked about. */
export interface Answer {
  /** `exact`: every request counted; `truncated`: names beyond a bound were folded into `(other)`. */
  readonly precision: 'exact' | 'truncated' | 'approximate';
  readonly requests: number;
  readonly signatures: readonly Signature[];
  readonly routes: readonly RouteTotal[];
  /** What a route is here. */
  readonly routeIs: 'route' | 'backend' | 'authority';
  /** Requests by time bucket, sorted; `bucketMs` is also the width of the signatures' buckets. */
  readonly timeline: readonly { readonly time: number; readonly requests: number }[];
  readonly bucketMs: number;
  /** Counts by latencyBucket over all requests. */
  readonly latency: readonly number[];
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly samples: readonly Sample[];
  /** Fields that at least one line carried, set or not. */
  readonly fields: readonly FieldId[];
  readonly reading: Reading;
}
