/** Bounds that keep memory flat whatever the input. Names past a bound are counted under `(other)`, and the Answer says `truncated`. */
export const limits = {
  routes: 4096,
  signatures: 8_000,
  /** Upstream hosts that are told apart at all; of each signature the first 64 are. */
  hosts: 16_384,
  samples: 240,
  rejects: 5,
  raw: 4096,
  minutes: 100_000,
  /** A sampler that keeps one of a million; a record that claims more is one request. */
  weight: 1_000_000,
} as const;

/** The name that is past a bound. */
export const other = '(other)';
