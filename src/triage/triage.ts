import type { FieldId } from '../envoy/fields.ts';
import type { Answer, Sample } from '../logs/answer.ts';
import type { Step } from './cause.ts';
import type { Named } from './group.ts';
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

export interface Verdict {
  readonly cause: string;
  readonly title: string;
  readonly side: Side;
  readonly kind: Kind;
  readonly confidence: Confidence;
  readonly count: number;
  /** Its share of all failures (of all masked or aside requests for those kinds), 0..1. */
  readonly share: number;
  readonly routes: readonly RouteShare[];
  readonly backends: readonly Named[];
  readonly hosts: readonly Named[];
  readonly statuses: readonly Named[];
  readonly flags: readonly Named[];
  readonly details: readonly Named[];
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
    readonly masked: number;
    readonly aside: number;
    readonly healthChecks: number;
    /** Adds up to `failures`. */
    readonly sides: Readonly<Record<Side, number>>;
  };
  /** Failures first (of these, background such as clients' mistakes, policies and unknown paths last), then what is masked or aside; most frequent first. */
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
}
