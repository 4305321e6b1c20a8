import { primaryFlag } from '../envoy/response-flags.ts';
import { evaluateSide } from './evaluate-side.ts';
import { type LabelId, labels } from './labels.ts';
import type { Side } from './side.ts';

type Maybe<T> = T | null | undefined;

/** As much of a request as its access record says and signals are made of. Durations are milliseconds. */
export interface Requested {
  readonly route?: Maybe<string>;
  readonly cluster?: Maybe<string>;
  readonly status?: Maybe<number>;
  readonly flags?: readonly string[];
  readonly details?: Maybe<string>;
  readonly transportFailure?: Maybe<string>;
  readonly grpcStatus?: Maybe<string>;
  readonly duration?: Maybe<number>;
  readonly connectionAge?: Maybe<number>;
  readonly attempts?: Maybe<number>;
  readonly requestDuration?: Maybe<number>;
  readonly requestTxDuration?: Maybe<number>;
}

/** The side that the Collector puts on it; `none` where nothing failed. */
export function sideOf(r: Requested): Side {
  const { duration, connectionAge: age } = r;
  return evaluateSide({
    status: r.status ?? 0,
    flags: r.flags ?? [],
    details: r.details ?? '-',
    transport: r.transportFailure ?? '-',
    grpc: r.grpcStatus ?? '-',
    ...(typeof duration === 'number' ? { duration } : {}),
    ...(typeof age === 'number' ? { age } : {}),
  });
}

/** Its labels as the Collector makes them, those of identity and of each single flag aside. */
export function labelsOf(
  r: Requested,
): Readonly<Record<Exclude<LabelId, 'gateway' | 'environment' | 'cluster' | 'nthFlag' | 'flagName'>, string>> {
  const status = r.status ?? 0;
  return {
    route: r.route ?? labels.route.absent,
    backend: r.cluster ?? labels.backend.absent,
    status: String(status),
    statusClass: status < 100 ? '0' : `${String(status)[0]}xx`,
    flag: primaryFlag(r.flags ?? []),
    side: sideOf(r),
  };
}

/** The gateway's own time (signals.handover), as the Collector takes it (src/generate/collector/handover.ts), ms; undefined where it can't be told. */
export function handoverOf({
  status,
  attempts,
  requestDuration: received,
  requestTxDuration: sent,
}: Requested): number | undefined {
  if (attempts !== 1 || typeof status !== 'number' || status < 200 || status >= 500) return undefined;
  if (typeof received !== 'number' || typeof sent !== 'number' || sent < received) return undefined;
  return sent - received;
}
