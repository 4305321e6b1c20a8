import { parseDetails } from '../envoy/details-text.ts';
import type { FieldId } from '../envoy/fields.ts';
import { benignFlags, primaryFlag } from '../envoy/response-flags.ts';
import type { Hop, Signature } from '../logs/signature.ts';

/** A signature as the causes read it: flags and details taken apart, and "unset" told from "this format never has it". */
export interface Facts {
  readonly s: Signature;
  readonly status: number;
  /** Without the benign ones; empty when none. */
  readonly flags: readonly string[];
  /** The flag that names the cause, `-` when none; undefined when the format has no flags. */
  readonly flag: string | undefined;
  /** The details' name; '' when unset; undefined when the format has no details. */
  readonly name: string | undefined;
  /** What is in the details' braces. */
  readonly reason: string | undefined;
  /** What the transport said, from the details or the field of its own; undefined when neither did. */
  readonly transport: string | undefined;
  readonly grpc: number | undefined;
  readonly attempts: number;
  readonly hop: Hop;
  carries(field: FieldId): boolean;
  /** Whether the least and the greatest duration lie within [from, to) ms. */
  within(from: number, to: number): boolean;
  /** Least age of the upstream connection in ms; undefined when unset or not carried. */
  readonly age: number | undefined;
}

export function factsOf(s: Signature, carries: (field: FieldId) => boolean): Facts {
  const raw = s.flags === undefined ? undefined : s.flags === '-' ? [] : s.flags.split(',');
  const flags = raw?.filter((f) => !benignFlags.has(f)) ?? [];
  const details = s.details ?? (carries('details') ? '' : undefined);
  const parsed = details === undefined ? undefined : parseDetails(details);
  return {
    s,
    status: s.status ?? Number.NaN,
    flags,
    flag: raw === undefined && !carries('flags') ? undefined : primaryFlag(flags),
    name: parsed?.name,
    reason: parsed?.reason,
    transport: parsed?.transport ?? s.transportFailure ?? undefined,
    grpc: s.grpc ?? undefined,
    attempts: s.attempts ?? 0,
    hop: s.hop,
    carries,
    within: (from, to) => s.durationMin >= from && s.durationMax < to,
    age: Number.isNaN(s.ageMin) ? undefined : s.ageMin,
  };
}

/** The stream ended with `upstream_reset_before_response_started` (or a format without details says only the flag). */
export const resetBefore = (f: Facts, reason: string): boolean =>
  f.name === 'upstream_reset_before_response_started' && f.reason === reason;

export const resetAfter = (f: Facts): boolean => f.name === 'upstream_reset_after_response_started';

/** The details have one of these names. No list of them: forty causes ask this of each of thousands of signatures. */
export function named(f: Facts, one: string, other?: string, third?: string): boolean {
  return f.name !== undefined && (f.name === one || f.name === other || f.name === third);
}

/** Only the flag is there to go by. */
export const flagOnly = (f: Facts, flag: string): boolean => f.name === undefined && f.flag === flag;

/** Details were written and say nothing of it, yet the flag does: an unusual pair, or an Envoy that words it differently. */
export const flagSays = (f: Facts, flag: string): boolean => f.flag === flag;

/** No details to go by, or details that say nothing, and the flag says it. */
export const bare = (f: Facts, flag: string): boolean => flagOnly(f, flag) || (f.name === '' && flagSays(f, flag));
