import type { FieldId } from '../envoy/fields.ts';
import type { Answer, Sample } from '../logs/answer.ts';
import type { Step } from './cause.ts';
import type { Named } from './group.ts';
import type { LoadBalancerReport } from './load-balancer.ts';
import type { Confidence, Kind, Side } from './side.ts';

/** The version of the result's shape: raised when a reader of the JSON report would have to change. Documented in docs/report.md. */
export const triageVersion = 'vigia.triage/v1';

/** A stretch of time in which a cause was active, [from, to) in epoch ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** One route as a verdict saw it. */
export interface RouteShare extends Named {
  /** All requests of the route in the window asked about, failed or not. */
  readonly requests: number | undefined;
}

/** The lists of names in a verdict. */
export const nameLists = ['routes', 'backends', 'hosts', 'statuses', 'flags', 'details'] as const;
export type NameList = (typeof nameLists)[number];

export interface Verdict {
  readonly cause: string;
  readonly title: string;
  readonly side: Side;
  readonly kind: Kind;
  /** Goes on at a low, even rate and is nobody's to mend now (`background.ts` has the rule): reports name it after the incidents. */
  readonly background: boolean;
  readonly confidence: Confidence;
  readonly count: number;
  /** Its share of all failures (of all masked or aside requests for those kinds), 0..1. */
  readonly share: number;
  /** The lists hold the twenty most frequent names; `names` says how many there are. */
  readonly routes: readonly RouteShare[];
  readonly backends: readonly Named[];
  readonly hosts: readonly Named[];
  readonly statuses: readonly Named[];
  readonly flags: readonly Named[];
  readonly details: readonly Named[];
  readonly names: Readonly<Record<NameList, number>>;
  /** How many of its requests had no route (no backend, no host asked for, where that is what requests are grouped by). */
  readonly withoutRoute: number;
  /** When it was active; empty without times. */
  readonly windows: readonly Window[];
  /** Numbers and words that speak for it, the strongest first. */
  readonly evidence: readonly string[];
  /** What this log can't tell apart, and which field would. */
  readonly cannotTell: readonly string[];
  readonly next: readonly Step[];
  /** The cause's page. */
  readonly page: string;
  /** Indices into the Triage's samples. */
  readonly samples: readonly number[];
}

/** Requests, failures and their sides in one stretch of time. */
export interface Point {
  readonly time: number;
  readonly requests: number;
  readonly sides: Readonly<Partial<Record<Side, number>>>;
}

export interface AffectedRoute {
  readonly route: string;
  readonly requests: number;
  readonly failures: number;
  readonly sides: Readonly<Partial<Record<Side, number>>>;
  readonly topCause: string;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

/** A field that no line carries, and the question that is lost with it. */
export interface Gap {
  readonly field: FieldId;
  readonly operator: string;
  readonly question: string;
}

export interface Triage {
  readonly version: typeof triageVersion;
  /** The first and last request's start, epoch ms; undefined when no line has a time. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly totals: {
    readonly requests: number;
    readonly failures: number;
    /** Of the failures, those that are background noise. */
    readonly background: number;
    /** Of the failures, those that had no route: the gateway answered before one was chosen. */
    readonly withoutRoute: number;
    readonly masked: number;
    readonly aside: number;
    readonly healthChecks: number;
    /** Adds up to `failures`. */
    readonly sides: Readonly<Record<Side, number>>;
  };
  /**
   * Failures first: of these background last, and before it what clients and policies caused; then what is masked or aside. Within each the
   * most frequent first.
   */
  readonly verdicts: readonly Verdict[];
  readonly routes: readonly AffectedRoute[];
  readonly routeIs: Answer['routeIs'];
  readonly timeline: { readonly bucketMs: number; readonly points: readonly Point[] };
  readonly latency: {
    readonly p50: number | undefined;
    readonly p90: number | undefined;
    readonly p99: number | undefined;
    readonly counts: readonly number[];
  };
  readonly samples: readonly Sample[];
  readonly coverage: readonly Gap[];
  readonly precision: Answer['precision'];
  readonly reading: Answer['reading'];
  /** The words of the filters that were applied, for the reader of a shared report. */
  readonly filters: readonly string[];
  /**
   * What `totals.requests` and every rate are of, in words, where only some failures were asked for (by status or side); else undefined: then
   * they are of all requests that were asked about.
   */
  readonly ratesAreOf: string | undefined;
  /** What the load balancer's own log says, where it was given. */
  readonly loadBalancer?: LoadBalancerReport;
}
