import { detailNames, detailOf, resetReasons } from '../envoy/details.ts';
import { normaliseDetails, parseDetails } from '../envoy/details-text.ts';
import type { FieldId } from '../envoy/fields.ts';
import { flagPage, parseFlags, type ResponseFlag, responseFlags } from '../envoy/response-flags.ts';
import type { AccessRecord } from '../logs/record.ts';
import { signatureOf } from '../logs/signature.ts';
import type { Step } from './cause.ts';
import { causeOf, causes, pageOf } from './causes/index.ts';
import { gapsOf } from './diagnose.ts';
import { groupOf } from './group.ts';
import { judge } from './judge.ts';
import { lonely } from './population.ts';
import type { Side } from './side.ts';
import type { Gap } from './triage.ts';

export interface ExplainedFlag {
  readonly flag: string;
  /** Undefined for a flag that is not Envoy's own: extensions register some. */
  readonly known: ResponseFlag | undefined;
  readonly page: string | undefined;
}

export interface ExplainedDetails {
  readonly text: string;
  readonly normalised: string;
  readonly meaning: string;
  readonly side: string;
  readonly reason: { readonly text: string; readonly meaning: string; readonly side: string } | undefined;
  readonly transport: string | undefined;
}

/** What a thing means, from the same tables and causes that triage reads. */
export type Explanation =
  | { readonly kind: 'flags'; readonly flags: readonly ExplainedFlag[] }
  | { readonly kind: 'details'; readonly details: ExplainedDetails }
  | {
      readonly kind: 'line';
      readonly record: AccessRecord;
      readonly flags: readonly ExplainedFlag[];
      readonly details: ExplainedDetails | undefined;
      readonly verdict:
        | {
            readonly cause: string;
            readonly title: string;
            readonly side: Side | 'none';
            readonly confidence: string;
            readonly because: string;
            readonly cannotTell: string | undefined;
            readonly next: readonly Step[];
            readonly page: string;
          }
        | undefined;
      /** What this line can't tell, for want of a field. */
      readonly gaps: readonly Gap[];
    }
  | {
      readonly kind: 'cause';
      readonly code: string;
      readonly title: string;
      readonly side: Side;
      readonly page: string;
    }
  | { readonly kind: 'nothing'; readonly text: string; readonly known: readonly string[] };

interface Parser {
  learn(lines: readonly string[]): void;
  parse(line: string): { readonly records: readonly AccessRecord[] } | object;
}

export function explain(text: string, parser: Parser): Explanation {
  if (/^[\s[{]/.test(text) || text.includes('{"') || text.split(' ').length > 8) {
    parser.learn([text]);
    const parsed = parser.parse(text);
    const record = 'records' in parsed ? parsed.records[0] : undefined;
    if (record) return explainLine(record);
  }
  const cause = causeOf(text);
  if (cause) return { kind: 'cause', code: cause.code, title: cause.title, side: cause.side, page: pageOf(cause.code) };
  const flags = parseFlags(text);
  const longNames = Object.values(responseFlags).map((f) => f.long);
  const upper = flags.map((f) => (Object.hasOwn(responseFlags, f.toUpperCase()) ? f.toUpperCase() : f));
  if (
    upper.length > 0 &&
    upper.some((f) => Object.hasOwn(responseFlags, f)) &&
    upper.every((f) => /^[A-Za-z]{2,}[A-Za-z0-9_]*$/.test(f))
  )
    return { kind: 'flags', flags: upper.map(explainFlag) };
  const details = explainDetails(text);
  if (details) return { kind: 'details', details };
  return {
    kind: 'nothing',
    text,
    known: [
      ...Object.keys(responseFlags),
      ...longNames,
      ...detailNames,
      ...Object.keys(resetReasons),
      ...causes.map((c) => c.code),
    ],
  };
}

function explainFlag(flag: string): ExplainedFlag {
  const known = Object.hasOwn(responseFlags, flag) ? responseFlags[flag] : undefined;
  return { flag, known, page: known && flagPage(flag) };
}

function explainDetails(text: string): ExplainedDetails | undefined {
  const normalised = normaliseDetails(text);
  const { name, reason, transport } = parseDetails(normalised);
  const known = detailOf(name) ?? (Object.hasOwn(resetReasons, name) ? resetReasons[name] : undefined);
  if (!known) return undefined;
  const inner = reason !== undefined && Object.hasOwn(resetReasons, reason) ? resetReasons[reason] : undefined;
  return {
    text,
    normalised,
    meaning: known.meaning,
    side: known.side,
    reason: inner && reason ? { text: reason, meaning: inner.meaning, side: inner.side } : undefined,
    transport,
  };
}

function explainLine(record: AccessRecord): Explanation {
  const signature = signatureOf(record);
  const carried = Object.keys(record) as FieldId[];
  const judgement = judge(signature, lonely(carried));
  return {
    kind: 'line',
    record,
    flags: (record.flags ?? []).map(explainFlag),
    details: record.details ? explainDetails(record.details) : undefined,
    verdict: judgement && {
      cause: judgement.cause.code,
      title: judgement.cause.title,
      side: judgement.kind === 'masked' ? 'none' : judgement.side,
      confidence: judgement.match.confidence,
      because: judgement.match.because,
      cannotTell: judgement.match.cannotTell,
      next: judgement.cause.next(groupOf([signature], [])),
      page: pageOf(judgement.cause.code),
    },
    gaps: gapsOf(carried),
  };
}
