import type { Confidence, Side } from '../../triage/side.ts';

/** What a side covers, for a reader who sees the word for the first time. */
export const sideWords: Readonly<Record<Side, string>> = {
  backend: 'the service behind the gateway',
  gateway: 'Envoy, its configuration or a service it depends on',
  between: 'network, load balancer, DNS, TLS, keep-alive mismatch',
  client: 'the caller, or the hop before the gateway',
  policy: 'a limit or an authorization decision doing its job',
  unknown: 'this log cannot tell',
};

/** The side in a sentence: "mostly …". */
export const sideInSentence: Readonly<Record<Side, string>> = {
  backend: 'the backend',
  gateway: 'the gateway',
  between: 'between gateway and backend or client',
  client: 'the client',
  policy: 'policy',
  unknown: 'of unknown side',
};

/** What a confidence stands for. */
export const confidenceWords: Readonly<Record<Confidence, string>> = {
  high: 'the log line itself proves it',
  medium: 'other readings are possible but unlikely',
  low: 'a hint, not a finding',
};
