import type { Facts } from './facts.ts';
import type { Group } from './group.ts';
import type { Population } from './population.ts';
import type { Confidence, Kind, Side } from './side.ts';

/** What a cause says of one signature. */
export interface Match {
  readonly confidence: Confidence;
  /** What in the line says so, in a few words. */
  readonly because: string;
  /** When the cause's usual side does not hold. */
  readonly side?: Side;
  readonly kind?: Kind;
  /** What this format can't tell apart, and what to log to know. */
  readonly cannotTell?: string;
}

/** One thing to do: in words, and as a command or a piece of configuration to paste. */
export interface Step {
  readonly do: string;
  readonly run?: string;
  readonly yaml?: string;
}

/** A cause: a stable code with a page (`docs/causes/<code>.md`), its test over a signature, and what to do about it. */
export interface Cause {
  readonly code: string;
  /** What happened, as a short sentence without a period. */
  readonly title: string;
  readonly side: Side;
  match(f: Facts, p: Population): Match | undefined;
  /** Numbers beyond those every verdict gets. */
  evidence?(g: Group): readonly string[];
  next(g: Group): readonly Step[];
}

export const high = (because: string, more: Partial<Match> = {}): Match => ({ confidence: 'high', because, ...more });
export const medium = (because: string, more: Partial<Match> = {}): Match => ({
  confidence: 'medium',
  because,
  ...more,
});
export const low = (because: string, more: Partial<Match> = {}): Match => ({ confidence: 'low', because, ...more });

/** Next steps that do not depend on where it happened. */
export const steps =
  (...list: Step[]): (() => readonly Step[]) =>
  () =>
    list;
