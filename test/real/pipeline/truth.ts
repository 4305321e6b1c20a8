import { fileKey } from '../../../src/envoy/fields.ts';
import { parseFlags, primaryFlag } from '../../../src/envoy/response-flags.ts';
import { evaluateSide } from '../../pipeline/evaluate-side.ts';

/** What Envoy's own file says of one request, in the words of the metrics' labels. */
export interface Request {
  readonly route: string;
  readonly backend: string;
  readonly status: string;
  readonly flag: string;
  readonly flags: readonly string[];
  readonly side: string;
  readonly duration: number;
  readonly received: number;
  readonly sent: number;
  readonly attempts: number;
}

/** A line of the lab's `vigia` format; read here with JSON alone, because the product is what is tested. */
export function requestOf(line: string): Request {
  const fields = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const text = (key: string): string => (fields[key] === null || fields[key] === undefined ? '-' : String(fields[key]));
  const number = (key: string): number | undefined => (typeof fields[key] === 'number' ? fields[key] : undefined);
  const flags = parseFlags(text(fileKey('flags')));
  const [duration, age] = [number(fileKey('duration')), number(fileKey('connectionAge'))];
  const side = evaluateSide({
    status: Number(fields[fileKey('status')]),
    flags,
    details: text(fileKey('details')),
    transport: text(fileKey('transportFailure')),
    grpc: text(fileKey('grpcStatus')),
    ...(duration === undefined ? {} : { duration }),
    ...(age === undefined ? {} : { age }),
  });
  return {
    route: text(fileKey('route')),
    backend: text(fileKey('cluster')),
    status: text(fileKey('status')),
    flag: primaryFlag(flags),
    flags,
    side,
    duration: duration ?? Number.NaN,
    received: number(fileKey('bytesReceived')) ?? 0,
    sent: number(fileKey('bytesSent')) ?? 0,
    attempts: number(fileKey('attempts')) ?? 0,
  };
}

/** By the same file, for how long (ms) the gateway had the whole request and had not passed it on whole; undefined where that can't be told. */
export function handoverOf(line: string): number | undefined {
  const fields = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const [status, attempts] = [Number(fields[fileKey('status')]), fields[fileKey('attempts')]];
  const [sent, received] = [fields[fileKey('requestTxDuration')], fields[fileKey('requestDuration')]];
  if (attempts !== 1 || !(status >= 200 && status < 500)) return undefined;
  if (typeof sent !== 'number' || typeof received !== 'number' || sent < received) return undefined;
  return sent - received;
}

/** Adds up by a key; sorted, so that two of them compare. */
export function total<T>(
  list: readonly T[],
  key: (item: T) => string,
  value: (item: T) => number,
): Record<string, number> {
  const sums = new Map<string, number>();
  for (const item of list) sums.set(key(item), (sums.get(key(item)) ?? 0) + value(item));
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
