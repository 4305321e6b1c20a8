import { normaliseDetails } from '../envoy/details-text.ts';
import { grpcCode } from '../envoy/grpc-status.ts';
import { localReplySizes } from '../envoy/local-replies.ts';
import { primaryFlag } from '../envoy/response-flags.ts';
import { ageEdges, bucketIn, durationEdges } from './buckets.ts';
import { type AccessRecord, isHealthCheck } from './record.ts';

/**
 * How far a request got: `none` no cluster chosen; `cluster` a cluster but no host; `host` a host but no connection to it; `connection` a
 * connection carried it; `picked` a host, and the format does not say whether a connection carried it; `unknown` the format carries none of it.
 */
export type Hop = 'none' | 'cluster' | 'host' | 'connection' | 'picked' | 'unknown';

/**
 * What makes requests alike but for when and how long: the part of a Signature that the words of a line decide. `undefined`: the format lacks
 * the field; `null`: it was unset.
 */
export interface Traits {
  readonly route: string | null | undefined;
  readonly backend: string | null | undefined;
  /** Only where the format names neither route nor backend: the host asked for stands for both. */
  readonly authority: string | null | undefined;
  readonly status: number | null | undefined;
  /** In the order raised, comma-joined; `-` when none; undefined when the format lacks the field. */
  readonly flags: string | undefined;
  /** Normalised: one spelling for old and new Envoys, addresses and ids taken out. */
  readonly details: string | null | undefined;
  readonly transportFailure: string | null | undefined;
  /** A gRPC status code 0..16. */
  readonly grpc: number | null | undefined;
  readonly attempts: number | null | undefined;
  readonly hop: Hop;
  /** The backend's answer carried x-envoy-upstream-service-time: a hint, never a proof. */
  readonly serviceTime: boolean | undefined;
  /** False when not even a method or path was read: the request's headers were never complete. */
  readonly parsed: boolean | undefined;
  readonly healthCheck: boolean;
  /** Where the format has no details: body bytes sent if they are the size of one of Envoy's own replies (a hint), else null. */
  readonly replySize: number | null | undefined;
}

/**
 * What makes requests alike, with their count. Every source answers in these, so that all of triage is pure over them and a remote store
 * can group where the data is.
 */
export interface Signature extends Traits {
  /** Index into durationEdges, and into ageEdges; undefined as well where it splits nothing apart (splitsByDuration, splitsByAge). */
  readonly duration: number | null | undefined;
  readonly age: number | null | undefined;
  /** Start of the time bucket, epoch ms; null without a time. */
  time: number | null;
  count: number;
  /** How many of them each upstream host got; no part of the key, because one failure hits many hosts. At most 64 names, the rest as `(other)`. */
  hosts: Map<string, number>;
  /** Least and greatest duration and connection age of its requests, ms; NaN when none was known. */
  durationMin: number;
  durationMax: number;
  ageMin: number;
  ageMax: number;
}

/** Plainly healthy: nothing about the request needs a judgement. Every reader, however fast, must agree with this. */
export function isPlain(r: AccessRecord): boolean {
  const status = r.status;
  return (
    status !== null &&
    status !== undefined &&
    status >= 100 &&
    status < 400 &&
    (r.flags === undefined || r.flags.length === 0) &&
    (r.attempts ?? 0) <= 1 &&
    (r.grpcStatus === undefined || r.grpcStatus === null || grpcCode(r.grpcStatus) === 0) &&
    !isHealthCheck(r.userAgent)
  );
}

/** What the words of one request's line say. */
export function traitsOf(r: AccessRecord): Traits {
  const details = r.details === undefined || r.details === null ? r.details : normaliseDetails(r.details);
  return {
    route: r.route,
    backend: r.cluster,
    authority: r.route === undefined && r.cluster === undefined ? r.authority : undefined,
    status: r.status,
    flags: r.flags === undefined ? undefined : r.flags.length === 0 ? '-' : r.flags.join(','),
    details,
    transportFailure:
      r.transportFailure === undefined || r.transportFailure === null
        ? r.transportFailure
        : normaliseDetails(r.transportFailure),
    grpc: r.grpcStatus === undefined || r.grpcStatus === null ? r.grpcStatus : grpcCode(r.grpcStatus),
    attempts: r.attempts,
    hop: hopOf(r),
    serviceTime: r.serviceTime === undefined ? undefined : r.serviceTime !== null,
    parsed: r.method === undefined && r.path === undefined ? undefined : r.method != null || r.path != null,
    healthCheck: isHealthCheck(r.userAgent),
    replySize: details === undefined ? replySizeOf(r) : undefined,
  };
}

/** A request that was answered well, if only by another try, was not ended by anybody's timeout. */
export const splitsByDuration = (s: Traits): boolean =>
  s.status === null || s.status === undefined || s.status >= 400 || s.flags !== '-' || (s.grpc ?? 0) !== 0;

/** The age of the connection matters where its end is what went wrong. */
export const splitsByAge = (s: Traits): boolean =>
  /\bUC\b/.test(s.flags ?? '') || (s.details ?? '').includes('connection_termination');

/** The signature of one request, its time not yet bucketed. */
export function signatureOf(r: AccessRecord): Signature {
  const duration = r.duration ?? Number.NaN;
  const age = r.connectionAge ?? Number.NaN;
  const traits = traitsOf(r);
  return {
    ...traits,
    duration: splitsByDuration(traits) ? bucketIn(durationEdges, r.duration) : undefined,
    age: splitsByAge(traits) ? bucketIn(ageEdges, r.connectionAge) : undefined,
    time: r.time ?? null,
    count: 1,
    hosts: new Map(r.upstreamHost === undefined || r.upstreamHost === null ? [] : [[r.upstreamHost, 1]]),
    durationMin: duration,
    durationMax: duration,
    ageMin: age,
    ageMax: age,
  };
}

/** Everything of a signature that is not counted or timed, as one string. */
export function signatureKey(s: Signature): string {
  return `${traitsKey(s)} ${s.duration} ${s.age}`;
}

/** All traits as one string. */
export function traitsKey(s: Traits): string {
  return JSON.stringify([
    s.route ?? tell(s.route),
    s.backend ?? tell(s.backend),
    s.authority ?? tell(s.authority),
    s.status ?? tell(s.status),
    s.flags ?? 0,
    s.details ?? tell(s.details),
    s.transportFailure ?? tell(s.transportFailure),
    s.grpc ?? tell(s.grpc),
    s.attempts ?? tell(s.attempts),
    s.hop,
    s.serviceTime ?? 0,
    s.parsed ?? 0,
    s.healthCheck,
    s.replySize ?? tell(s.replySize),
  ]);
}

/** JSON writes undefined as null; the two differ here. */
const tell = (value: null | undefined): null | false => (value === null ? null : false);

/** The flag that names a signature's cause (`-` when none). */
export function flagOf(s: Traits): string {
  return s.flags === undefined || s.flags === '-' ? '-' : primaryFlag(s.flags.split(','));
}

function hopOf(r: AccessRecord): Hop {
  if ((r.localAddress !== undefined && r.localAddress !== null) || (r.connectionId ?? 0) > 0) return 'connection';
  const says = r.localAddress !== undefined || r.connectionId !== undefined;
  if (r.upstreamHost !== undefined && r.upstreamHost !== null) return says ? 'host' : 'picked';
  if (r.upstreamHost === undefined && r.cluster === undefined) return 'unknown';
  return r.cluster === undefined || r.cluster === null ? 'none' : 'cluster';
}

function replySizeOf(r: AccessRecord): number | null | undefined {
  const size = r.bytesSent;
  return size === undefined || size === null ? size : localReplySizes[size] === undefined ? null : size;
}
