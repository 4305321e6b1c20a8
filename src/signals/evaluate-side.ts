import { parseDetails } from '../envoy/details-text.ts';
import { benignFlags, primaryFlag } from '../envoy/response-flags.ts';
import { type Side, type SideRule, sideRules, sideTables, type Test } from './side.ts';

/** A record as the Collector sees it: strings, `-` for unset, undefined for a field that is not logged. */
export interface Sent {
  readonly status: number;
  readonly flags: readonly string[];
  readonly details: string | undefined;
  readonly transport?: string;
  readonly grpc?: string;
  readonly duration?: number;
  readonly age?: number;
}

/**
 * The side that the Collector would put on a record: the rules read the way it runs them. A test compares them with triage on thousands of records,
 * and with the metrics of a real Collector; and all rules with those that stand in the Collector's group for such details.
 */
export function evaluateSide(sent: Sent, rules: readonly SideRule[] = sideRules): Side {
  const facts = factsOf(sent);
  for (const rule of rules) {
    const side = decide(rule, facts);
    if (side !== undefined) return side;
  }
  return 'none';
}

type Facts = ReturnType<typeof factsOf>;

function factsOf(sent: Sent) {
  const failing = sent.flags.filter((f) => !benignFlags.has(f));
  const details = sent.details === undefined || sent.details === '-' ? '' : sent.details;
  const field = sent.transport ?? '-';
  const transport = field === '-' && /[|,]/.test(details) ? details.replace(/^[^|,]*[|,]/, '') : field;
  return { ...sent, raised: sent.flags, flag: primaryFlag(failing), key: keyOf(details), transport };
}

function keyOf(details: string): string {
  const reset = /^upstream_reset_(before|after)_response_started\{([^|,}]*)/.exec(details);
  if (reset) return `${reset[1] === 'before' ? 'reset' : 'after'}{${reset[2]}`;
  return parseDetails(details).name;
}

function decide(rule: SideRule, f: Facts): Side | undefined {
  if (!rule.all.every((test) => holds(test, f))) return undefined;
  return 'side' in rule ? rule.side : sideTables[rule.table][f.key];
}

function holds(test: Test, f: Facts): boolean {
  if ('key' in test) return test.key.includes(f.key);
  if ('keyMatches' in test) return new RegExp(test.keyMatches).test(f.key);
  if ('flag' in test) return test.flag.includes(f.flag);
  if ('raised' in test) return f.raised.includes(test.raised);
  if ('transport' in test) {
    const insensitive = test.transport.startsWith('(?i)');
    return new RegExp(insensitive ? test.transport.slice(4) : test.transport, insensitive ? 'i' : '').test(f.transport);
  }
  if ('transportKnown' in test) return (f.transport !== '-' && f.transport !== '') === test.transportKnown;
  if ('grpc' in test) return test.grpc.includes(f.grpc ?? '');
  const value = f[test.number];
  return value !== undefined && value >= test.from && value < test.to;
}
