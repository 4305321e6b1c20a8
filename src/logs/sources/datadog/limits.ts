/**
 * Datadog's own numbers, as of November 2026: @datadog/datadog-api-client 1.64.0's models and
 * https://docs.datadoghq.com/api/latest/logs/. Calls are rationed for each organisation, so a triage makes few.
 */
export const limits = {
  /** Groups of one answer: the product of all group-bys' limits. */
  groups: 10_000,
  /** Ours: upstream hosts told apart for each signature. */
  hosts: 10,
  /** Groups of one page; the cursor brings no more than these. */
  lines: 1_000,
  /** Ours: lines that are looked at to learn the fields. */
  learn: 50,
  /** Ours: lines that samples are picked from. */
  samples: 1_000,
  /** Ours: how often a call is tried while Datadog asks to wait. */
  attempts: 6,
} as const;
