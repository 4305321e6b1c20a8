import { redactSecrets } from '../logs/redact.ts';
import type { Verdict } from '../triage/triage.ts';

/** A verdict for a shared report: details, evidence and names asked for are words that strangers may have written. */
export function redactVerdict(v: Verdict): Verdict {
  const names = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.map((n) => ({ ...n, name: redactSecrets(n.name) }));
  return { ...v, routes: names(v.routes), details: names(v.details), evidence: v.evidence.map(redactSecrets) };
}
