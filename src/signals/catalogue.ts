import type { FieldId } from '../envoy/fields.ts';
import type { LabelId } from './labels.ts';

/** What a signal adds up over the access log's records. */
export type SignalValue =
  | { readonly kind: 'requests' }
  /** One for each flag of the request. */
  | { readonly kind: 'flags' }
  /** The field's sum. */
  | { readonly kind: 'sum'; readonly field: FieldId }
  /** The field's distribution, divided to reach the signal's unit. */
  | { readonly kind: 'distribution'; readonly field: FieldId; readonly divideBy: number }
  /** The distribution of the time from the request being there whole to its being passed on whole, divided to reach the signal's unit. */
  | { readonly kind: 'handover'; readonly divideBy: number };

/**
 * A metric of ours, by its OpenTelemetry name. Identity labels and the contract's own are on all of them; `labels` come on top. Every label
 * is listed here or in the contract, so nothing that a client sends can become one.
 */
export interface Signal<L extends LabelId = LabelId> {
  readonly name: string;
  readonly unit: string;
  readonly type: 'counter' | 'histogram';
  readonly labels: readonly L[];
  readonly value: SignalValue;
  readonly description: string;
  /**
   * Made only where the contract promises something of it, and by the gateway, the listed labels and those of the contract that are fixed for a
   * gateway: nobody pays for it unasked.
   */
  readonly onDemand?: true;
}

/** Keeps the labels' names in the type, so that a query for one that the signal lacks does not compile. */
const signal = <const L extends LabelId>(s: Signal<L>): Signal<L> => s;

/**
 * Made from access logs in the Collector, before anything is sampled, because Envoy has no metric of response flags. Duration follows the
 * semantic conventions (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/); bodies are counters, so not their `...body.size`.
 */
export const signals = {
  requests: signal({
    name: 'gateway.requests',
    unit: '{request}',
    type: 'counter',
    labels: ['route', 'backend', 'status', 'flag', 'side'],
    value: { kind: 'requests' },
    description: 'Requests that ended at the gateway, from its access log',
  }),
  duration: signal({
    name: 'http.server.request.duration',
    unit: 's',
    type: 'histogram',
    labels: ['route', 'backend', 'statusClass'],
    value: { kind: 'distribution', field: 'duration', divideBy: 1000 },
    description: 'Duration of requests at the gateway, from their first byte to the last byte of the answer',
  }),
  /**
   * `REQUEST_TX_DURATION - REQUEST_DURATION`: until the last byte was sent to the backend, less until the last one had come from the client
   * (https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators). So it holds authorizers, limits, the
   * wait for a connection, connecting and TLS, and neither the backend's time nor the answer's way back. A streamed body is passed on as it
   * comes: nearly 0. Taken of answers below 500 alone, of one try: of several the first one's time is the backend's. A request that was never
   * passed on whole (denied, redirected, answered early) has no such time, and takes no part; nor has one whose two times are out of order.
   */
  handover: signal({
    name: 'gateway.request.handover.duration',
    unit: 's',
    type: 'histogram',
    labels: ['route'],
    value: { kind: 'handover', divideBy: 1000 },
    description: 'Time that a whole request waited at the gateway until it was passed on whole',
    onDemand: true,
  }),
  flags: signal({
    name: 'gateway.response_flags',
    unit: '{flag}',
    type: 'counter',
    labels: ['backend', 'nthFlag', 'flagName', 'side'],
    value: { kind: 'flags' },
    description: 'Response flags that Envoy raised, each flag of a request counted',
  }),
  requestBytes: signal({
    name: 'http.server.request.body.io',
    unit: 'By',
    type: 'counter',
    labels: ['route', 'backend'],
    value: { kind: 'sum', field: 'bytesReceived' },
    description: 'Bytes of request bodies received',
  }),
  responseBytes: signal({
    name: 'http.server.response.body.io',
    unit: 'By',
    type: 'counter',
    labels: ['route', 'backend'],
    value: { kind: 'sum', field: 'bytesSent' },
    description: 'Bytes of response bodies sent',
  }),
  attempts: signal({
    name: 'gateway.upstream.attempts',
    unit: '{attempt}',
    type: 'counter',
    labels: ['backend'],
    value: { kind: 'sum', field: 'attempts' },
    description: 'Tries at the backend; those above the number of requests are retries',
  }),
} as const;

export type SignalId = keyof typeof signals;
export const signalIds = Object.keys(signals) as readonly SignalId[];

const onDemand = (id: SignalId): boolean => 'onDemand' in signals[id];

/** Those that a Collector makes of access logs: the ones of demand only where they are asked for. */
export const signalsMade = (c: { readonly handoverGateways: readonly string[] }): readonly SignalId[] =>
  signalIds.filter((id) => c.handoverGateways.length > 0 || !onDemand(id));
