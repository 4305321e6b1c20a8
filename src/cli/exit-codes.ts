/** What a command's exit code means; `vigia --help` prints this list. */
export const exitCodes = {
  /** Fine. */
  ok: 0,
  /** Findings: drift, misalignment, or failures when --fail-on asks for them. */
  findings: 1,
  /** Wrong use or an invalid contract. */
  misuse: 2,
  /** It could not be done: a missing file, an unreadable log, no access. */
  failed: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
