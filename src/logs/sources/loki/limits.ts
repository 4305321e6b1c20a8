/**
 * Loki's own numbers, as a 3.7.8 has them by default; its operator may have changed them. Source: `/config` of the running binary and
 * https://grafana.com/docs/loki/latest/configure/#limits_config.
 */
export const limits = {
  /** Series that a query may give; more are refused (`max_query_series`). What this many do not hold is asked in parts. */
  series: 500,
  /** Lines of one answer (`max_entries_limit_per_query`). */
  lines: 5_000,
  /** Characters of a query. */
  query: 131_072,
  /** Ours: how often a call is tried while Loki is too busy. */
  attempts: 6,
  /** Ours: queries that run at once. */
  concurrent: 4,
  /** Ours: lines that are looked at to learn the fields. */
  learn: 100,
  /** Ours: how long the tail's handshake may take, and how long it may be silent, ms; Loki pings each second. */
  handshakeMs: 10_000,
  silentMs: 30_000,
  /** Ours: bytes of one message of the tail; Loki puts a hundred lines into one. */
  message: 64e6,
  /** Ours: lines that samples are picked from. */
  samples: 2_000,
  /** Ours: bytes that a triage may have Loki read unless told otherwise. */
  maxScan: 500e9,
} as const;
