import type { Answer, StoreName } from '../answer.ts';
import type { Question } from '../question.ts';
import type { AccessRecord, Place } from '../record.ts';

/** Where access logs live. A source answers a question in counted signatures, doing the work where the data is. */
export interface Source {
  count(question: Question): Promise<Answer>;
}

/** One record of a source, and the line that it was read from. */
export interface Found {
  readonly place: Place;
  readonly record: AccessRecord;
  readonly raw: string;
}

export interface RecordsReport {
  /** Lines read, and how many of them were no access-log record; application log and blank lines are neither. */
  readonly lines: number;
  readonly rejects: number;
  readonly firstReject: string | undefined;
  /** What a store did and what it cost, in words; and what a window could not have, which a follower has waited for. */
  readonly notes?: readonly string[];
}

/** A query in the store's own language, ready to paste into its console. */
export interface NativeQuery {
  /** What it is for. */
  readonly title: string;
  /** What is chosen beside the query there: log groups, time range, region. */
  readonly beside: readonly string[];
  readonly text: string;
}

/**
 * A store that is asked over the network. It answers only questions with both ends of their window (remote/from-question.ts: windowOf), and
 * ends what it began there (queries that run on and bill) when its signal is aborted, before it throws.
 */
export interface RemoteSource extends Source {
  readonly name: StoreName;
  /** The queries that `count` would send, in their order; scans nothing. */
  queries(question: Question): Promise<readonly NativeQuery[]>;
  /** The records that the question asks about, oldest first, a page in memory at a time. */
  read(request: ReadRequest): Promise<RecordsReport>;
}

/** Which records of a remote store are handed on, and until when. */
export interface ReadRequest {
  readonly question: Question;
  /** Leaves out what is plainly healthy, where the store can tell. */
  readonly failing: boolean;
  /** Goes on with what arrives after the window's end until the promise resolves. */
  readonly follow: Promise<void> | undefined;
  /** Whether the store is to push what it gets while it is followed; undefined: where that costs nothing. */
  readonly live?: boolean | undefined;
  /** Returns false for enough. */
  take(found: Found): boolean;
  /** What was taken is not written yet, and no more should be read: until this resolves. Undefined: there is room. */
  readonly room?: (() => Promise<void> | undefined) | undefined;
}

/** A source could not do it: what and where, and what to do about it. */
export class SourceError extends Error {
  readonly hint: string | undefined;
  /** It may pass by itself: whoever can wait asks again. */
  readonly passing: boolean;

  constructor(message: string, hint?: string, options?: ErrorOptions & { readonly passing?: boolean }) {
    super(message, options);
    this.name = 'SourceError';
    this.hint = hint;
    this.passing = options?.passing ?? false;
  }
}

/** The store has no record at all where it was asked: a person asked the wrong place, or nothing happened then. */
export class NoRecords extends SourceError {}
