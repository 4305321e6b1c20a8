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

/** What the reading cost and what it met. */
export interface Reading {
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
