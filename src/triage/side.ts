/**
 * Whose fault: `between` is network, load balancer, DNS, TLS and keep-alive mismatch; `policy` is a rate limit, an authorization decision
 * or fault injection doing its job; `unknown` is said aloud, never guessed.
 */
export const sides = ['backend', 'gateway', 'between', 'client', 'policy', 'unknown'] as const;
export type Side = (typeof sides)[number];

/** `high` only where the line itself proves it; `medium` where other readings are possible but unlikely; `low` a hint. */
export const confidences = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof confidences)[number];

/**
 * `failure` counts; `aside` is an answer to a client's own mistake (a backend's 404) or a client that left with its answer; `masked` failed
 * inside and was saved by a retry; `health-check` is a probe, not a user.
 */
export type Kind = 'failure' | 'aside' | 'masked' | 'health-check';
