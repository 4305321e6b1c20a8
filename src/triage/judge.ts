import type { Signature } from '../logs/signature.ts';
import type { Cause, Match } from './cause.ts';
import { causes } from './causes/index.ts';
import { factsOf } from './facts.ts';
import type { Population } from './population.ts';
import type { Kind, Side } from './side.ts';

/** What one signature is: nothing wrong (undefined), or a cause with everything it said. */
export interface Judgement {
  readonly cause: Cause;
  readonly match: Match;
  readonly side: Side;
  readonly kind: Kind;
}

/** A signature and what it is. */
export interface Judged extends Judgement {
  readonly s: Signature;
}

export function judge(s: Signature, population: Population): Judgement | undefined {
  const facts = factsOf(s, population.carries);
  // No iterator: thousands of signatures ask forty causes each, in code that V8 does not optimise (bin.ts).
  for (let i = 0; i < causes.length; i++) {
    const cause = causes[i] as Cause;
    const match = cause.match(facts, population);
    if (!match) continue;
    const kind = s.healthCheck ? 'health-check' : (match.kind ?? 'failure');
    return { cause, match, side: match.side ?? cause.side, kind };
  }
  return undefined;
}
