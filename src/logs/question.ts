import type { FieldId } from '../envoy/fields.ts';
import type { AccessRecord } from './record.ts';

/** One test of a record's field; all of a question's conditions must hold. */
export interface Condition {
  readonly field: FieldId;
  readonly negated: boolean;
  /** Any of these, compared as text with what the line says; `*` matches any run of characters. A flag matches when it is one of the set. */
  readonly values: readonly string[];
}

/** Which requests are asked about. Time is the half-open interval [from, to) in epoch ms; a record without a time is in no bounded window. */
export interface Question {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly where: readonly Condition[];
}

export const everything: Question = { from: undefined, to: undefined, where: [] };

/** Whether the record is asked about, and if not, why: outside the window or another request. */
export function asks(question: Question, record: AccessRecord): 'yes' | 'outside' | 'other' {
  if (!within(question, record.time)) return 'outside';
  return meets(question, record) ? 'yes' : 'other';
}

/** Whether the time lies in the question's window; no time is in no bounded one. */
export function within({ from, to }: Question, time: number | null | undefined): boolean {
  if (from === undefined && to === undefined) return true;
  if (time === undefined || time === null) return false;
  return (from === undefined || time >= from) && (to === undefined || time < to);
}

/** Whether the record meets the question's conditions, whatever its time. */
export function meets(question: Question, record: AccessRecord): boolean {
  return question.where.every((c) => holds(c, record));
}

function holds(condition: Condition, record: AccessRecord): boolean {
  const value = condition.field === 'flags' ? record.flags : record[condition.field];
  const tests = condition.values.map(pattern);
  const said = Array.isArray(value)
    ? value.length === 0
      ? ['-']
      : value
    : [value === null || value === undefined ? '-' : String(value)];
  return said.some((s) => tests.some((matches) => matches(s))) !== condition.negated;
}

const patterns = new Map<string, (text: string) => boolean>();

/** `*` is the only special character, so that a hostile value can't become an expression. */
export function pattern(glob: string): (text: string) => boolean {
  let test = patterns.get(glob);
  if (!test) {
    const parts = glob.split('*');
    if (parts.length === 1) test = (text) => text === glob;
    else {
      const expression = new RegExp(
        `^${parts.map((p) => p.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('[\\s\\S]*?')}$`,
      );
      test = (text) => expression.test(text);
    }
    patterns.set(glob, test);
  }
  return test;
}
