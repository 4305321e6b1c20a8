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
  | { readonly kind: 'distribution'; readonly field: FieldId; readonly divideBy: number };

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
