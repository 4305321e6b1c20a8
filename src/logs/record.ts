import type { FieldId } from '../envoy/fields.ts';

/**
 * The normal form of one access-log line, whatever its format and field names. Times are epoch milliseconds (UTC), durations
 * milliseconds, sizes bytes. `undefined`: the line has no such field. `null`: the field is there and unset (`-`, JSON null).
 */
export interface AccessRecord
  extends Partial<Record<TextField, string | null>>,
    Partial<Record<NumberField, number | null>> {
  time?: number | null;
  /** In the order raised; empty when the field says `-`. */
  flags?: readonly string[];
}

export type NumberField =
  | 'status'
  | 'duration'
  | 'requestDuration'
  | 'requestTxDuration'
  | 'responseDuration'
  | 'responseTxDuration'
  | 'poolReadyDuration'
  | 'connectionAge'
  | 'serviceTime'
  | 'attempts'
  | 'connectionId'
  | 'bytesReceived'
  | 'bytesSent'
  | 'weight';

export type TextField = Exclude<FieldId, NumberField | 'time' | 'flags'>;

/**
 * Where a record was read: a file's name as the user gave it, and its line, counted from 1; of a remote store's record what the store calls
 * its place (log group and stream, labels), and line 0.
 */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * A probe of a load balancer, kubelet or mesh by its own user agent, not a user's request. Sources: AWS "Health checks for your target
 * groups" (ELB-HealthChecker/2.0), Kubernetes prober (kube-probe/VERSION), Google Cloud health checks (GoogleHC/1.0), Envoy's HTTP health
 * checker (Envoy/HC), Azure Application Gateway probes, Route 53 health checkers.
 */
export function isHealthCheck(userAgent: string | null | undefined): boolean {
  return !!userAgent && healthCheckers.some((prefix) => userAgent.startsWith(prefix));
}

export const healthCheckers = [
  'ELB-HealthChecker/',
  'kube-probe/',
  'GoogleHC/',
  'Envoy/HC',
  'Amazon-Route53-Health-Check-Service',
  'AzureAppGatewayProbe',
] as const;

/** Entries that Envoy writes while the request still runs (access_log_options); only the last one of a request counts. */
export function isInterim(logType: string | null | undefined): boolean {
  return !!logType && logType !== 'NotSet' && !logType.endsWith('End');
}
