import type { AlbRecord } from '../logs/alb/line.ts';

/** What the gateway's own log has of a request that the load balancer logged. */
export type GatewayLine =
  /** It never came to Envoy, or Envoy lost it before it could log it. */
  | 'none'
  /** Nothing to join by. */
  | 'unknown'
  | {
      readonly status: number | null | undefined;
      readonly flags: readonly string[];
      readonly duration: number | null | undefined;
    };

export interface AlbFailure {
  readonly record: AlbRecord;
  readonly line: GatewayLine;
}
